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
import java.nio.file.Path;
import java.time.Duration;
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
            List<Series> series = Rounds.run(
                    lab,
                    List.of(
                            new Rounds.Side("file", "records/s", () -> {
                                site.resetSluice();
                                return site.load(lines, load).rowsPerSecond();
                            }),
                            new Rounds.Side("table", "records/s", () -> {
                                site.resetSluice();
                                return site.load(load).rowsPerSecond();
                            }),
                            new Rounds.Side("write + fsync", "records/s", () -> written(site, seconds))));
            return new Answer(
                    series,
                    List.of(
                            Verdict.ratio(series.get(0), series.get(1), besideTable),
                            Verdict.ratio(series.get(0), series.get(2), Goal.none())),
                    List.of(
                            "%d connections to %d partitions; layout single: a file for each partition."
                                    .formatted(PARTITIONS, PARTITIONS),
                            "write + fsync: %d threads append the same lines to %d files, and flush after each batch; nobody numbers or compares them."
                                    .formatted(THREADS, PARTITIONS)));
        } finally {
            Directories.delete(directory);
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
