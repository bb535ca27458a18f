package dev.sluice.bench.question;

import dev.sluice.bench.process.Directories;
import dev.sluice.bench.result.Answer;
import dev.sluice.bench.result.Goal;
import dev.sluice.bench.result.Series;
import dev.sluice.bench.result.Verdict;
import java.nio.file.Path;
import java.util.List;

/** What it costs to write to two targets at once. */
final class FanoutQuestion implements Question {

    private static final int PARTITIONS = 64;
    private static final int RECORDS = 100;

    @Override
    public String name() {
        return "fanout";
    }

    @Override
    public String title() {
        return "%d-record batches into a fan-out of a table and a file, %d partitions, against the slower of both alone"
                .formatted(RECORDS, PARTITIONS);
    }

    @Override
    public String goal() {
        return "≥ 0.7 × the slower of both alone";
    }

    @Override
    public Answer ask(Lab lab) throws Exception {
        Path directory = lab.directory(name()).resolve("files");
        SinkSettings settings = new SinkSettings()
                .with("both_rows", "table", PARTITIONS)
                .with("both_lines", "file", PARTITIONS, "directory=" + directory.resolve("both"))
                .over("both", "fanout", "targets=both_rows,both_lines")
                .with("lines", "file", PARTITIONS, "directory=" + directory.resolve("alone"))
                .with("first_rows", "table", PARTITIONS)
                .with("second_rows", "table", PARTITIONS)
                .over("tables", "fanout", "targets=first_rows,second_rows");
        try (Site site = Site.open(lab, name(), PARTITIONS, settings.list())) {
            Place both = new Place(
                    "both", Place.rows(site.database(), "both_rows"), new FileLines(directory.resolve("both")));
            Place tables = new Place(
                    "tables", Place.rows(site.database(), "first_rows"), Place.rows(site.database(), "second_rows"));
            Place lines = new Place("lines", new FileLines(directory.resolve("alone")));
            String[] load = Loads.of(PARTITIONS, RECORDS, lab.size(15, 1));
            site.warmUp(load);
            site.load(lines, load);
            site.load(both, Loads.of(PARTITIONS, RECORDS, lab.size(20, 1)));
            site.load(tables, Loads.of(PARTITIONS, RECORDS, lab.size(20, 1)));
            List<Series> series = Rounds.run(
                    lab,
                    List.of(
                            new Rounds.Side("fan-out", "batches/s", () -> {
                                site.reset("both_rows");
                                return site.load(both, load).requestsPerSecond();
                            }),
                            new Rounds.Side("table", "batches/s", () -> {
                                site.resetSluice();
                                return site.load(load).requestsPerSecond();
                            }),
                            new Rounds.Side("file", "batches/s", () -> {
                                site.resetSluice();
                                return site.load(lines, load).requestsPerSecond();
                            }),
                            new Rounds.Side("fan-out of two tables", "batches/s", () -> {
                                site.reset("first_rows", "second_rows");
                                return site.load(tables, load).requestsPerSecond();
                            })));
            boolean tableIsSlower = series.get(1).median() < series.get(2).median();
            Series slower = series.get(tableIsSlower ? 1 : 2);
            Series faster = series.get(tableIsSlower ? 2 : 1);
            return new Answer(
                    series,
                    List.of(
                            Verdict.ratio(series.get(0), slower, Goal.atLeast(0.7)),
                            Verdict.ratio(series.get(0), faster, Goal.none()),
                            Verdict.ratio(series.get(3), series.get(1), Goal.none())),
                    List.of(
                            "%d connections to %d partitions; each batch is in the table and flushed in its file before it is acknowledged."
                                    .formatted(PARTITIONS, PARTITIONS)));
        } finally {
            Directories.delete(directory);
        }
    }
}
