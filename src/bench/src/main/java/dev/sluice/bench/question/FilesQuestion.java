package dev.sluice.bench.question;

import dev.sluice.bench.load.FileLoad;
import dev.sluice.bench.process.Child;
import dev.sluice.bench.process.Directories;
import dev.sluice.bench.process.Jvm;
import dev.sluice.bench.report.Json;
import dev.sluice.bench.result.Answer;
import dev.sluice.bench.result.Goal;
import dev.sluice.bench.result.Series;
import dev.sluice.bench.result.Verdict;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** How fast batches get into files, beside a table and beside what the files take. */
record FilesQuestion(String name, int batch, Goal besideTable) implements Question {

    private static final int PARTITIONS = 64;
    private static final int THREADS = 16;

    @Override
    public String title() {
        return "%,d-record batches into %d files, against the same into a table, and against write + fsync"
                .formatted(batch, PARTITIONS);
    }

    @Override
    public String goal() {
        return besideTable.kind() == Goal.Kind.NONE ? "none" : besideTable + " × table";
    }

    @Override
    public Answer ask(Lab lab) throws Exception {
        int seconds = lab.size(15, 1);
        Path directory = lab.directory(name).resolve("lines");
        SinkSettings settings = new SinkSettings().with("lines", "file", PARTITIONS, "directory=" + directory);
        try (Site site = Site.open(lab, name, PARTITIONS, settings.list())) {
            Place lines = new Place("lines", new FileLines(directory));
            String[] load = Loads.of(PARTITIONS, batch, seconds);
            site.warmUp(load);
            site.load(lines, Loads.of(PARTITIONS, batch, lab.size(20, 1)));
            List<Rounds.Side> sides = List.of(
                    new Rounds.Side("file", "records/s", () -> {
                        site.resetSluice();
                        return site.load(lines, load).rowsPerSecond();
                    }),
                    new Rounds.Side("table", "records/s", () -> {
                        site.resetSluice();
                        return site.load(load).rowsPerSecond();
                    }),
                    new Rounds.Side("write + fsync", "records/s", () -> written(site, shorter(seconds))));
            return Benthos.present(lab)
                    ? besideBenthos(lab, site, sides, Loads.of(PARTITIONS, batch, shorter(seconds)))
                    : answer(lab, sides);
        } finally {
            Directories.delete(directory);
        }
    }

    private Answer besideBenthos(Lab lab, Site site, List<Rounds.Side> sides, String... load) throws Exception {
        Path directory = Files.createDirectories(site.directory().resolve("benthos"));
        String output = "file: {path: \"%s/lines.ndjson\", codec: lines}".formatted(directory);
        try (Benthos benthos = Benthos.start(lab, site.directory(), output)) {
            Place place = new Place("benthos", new FileLines(directory));
            benthos.load(place, Loads.of(PARTITIONS, batch, lab.size(5, 1)));
            empty(directory.resolve("lines.ndjson"));
            List<Rounds.Side> all = new ArrayList<>(sides);
            all.add(new Rounds.Side("Benthos, http_server to file", "records/s", () -> {
                site.database().execute("checkpoint");
                double rate = benthos.load(place, load).rowsPerSecond();
                empty(directory.resolve("lines.ndjson"));
                return rate;
            }));
            return answer(lab, all);
        } finally {
            Directories.delete(directory);
        }
    }

    private Answer answer(Lab lab, List<Rounds.Side> sides) throws Exception {
        List<Series> series = Rounds.run(lab, sides);
        List<Verdict> verdicts = new ArrayList<>(List.of(
                Verdict.ratio(series.get(0), series.get(1), besideTable),
                Verdict.ratio(series.get(0), series.get(2), Goal.none())));
        series.stream().skip(3).forEach(s -> verdicts.add(Verdict.ratio(series.get(0), s, Goal.none())));
        return new Answer(
                series,
                verdicts,
                List.of(
                        "%d connections to %d partitions; layout single: a file for each partition."
                                .formatted(PARTITIONS, PARTITIONS),
                        "write + fsync: %d threads append the same lines to %d files, and flush after each batch; nobody numbers or compares them."
                                .formatted(THREADS, PARTITIONS),
                        series.size() > 3
                                ? "Benthos appends each body as it is to one file (it keeps one open at a time) and flushes nothing: what it has acknowledged does not survive a power failure."
                                : Benthos.MISSING));
    }

    /** Large batches would fill the disk in the time that small ones need. */
    private int shorter(int seconds) {
        return batch == 1 ? seconds : Math.min(seconds, 5);
    }

    private static void empty(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(0);
        }
    }

    private double written(Site site, int seconds) throws Exception {
        site.database().execute("checkpoint");
        Path directory = site.directory().resolve("written");
        try {
            String said = Child.run(
                    site.directory(),
                    "written",
                    Duration.ofSeconds(seconds + 120L),
                    Map.of(),
                    Jvm.command(
                            FileLoad.class.getName(),
                            List.of(
                                    "--directory",
                                    directory.toString(),
                                    "--files",
                                    "" + PARTITIONS,
                                    "--threads",
                                    "" + THREADS,
                                    "--batch",
                                    "" + batch,
                                    "--seconds",
                                    "" + seconds)));
            return Json.number(said, "rowsPerSecond");
        } finally {
            Directories.delete(directory);
        }
    }
}
