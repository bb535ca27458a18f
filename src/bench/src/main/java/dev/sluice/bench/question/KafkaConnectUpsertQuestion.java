package dev.sluice.bench.question;

import dev.sluice.bench.load.KeyedFile;
import dev.sluice.bench.result.Answer;
import dev.sluice.bench.result.Goal;
import dev.sluice.bench.result.Series;
import dev.sluice.bench.result.Verdict;
import java.nio.file.Path;
import java.util.List;

/** The same way for records that replace each other in a table with columns: {@code insert.mode=upsert}. */
final class KafkaConnectUpsertQuestion implements Question {

    private static final int PARTITIONS = 4;
    private static final int BATCH = 10_000;
    private static final int SMALL_BATCH = 1_000;

    /** How many records have the same key, on average. */
    private static final int REPEATS = 5;

    private static final String OURS = "flights";
    private static final String THEIRS = "peer.flights";

    @Override
    public String name() {
        return "kafka-connect-upsert";
    }

    @Override
    public String title() {
        return "The same upserts end to end into eight columns, against Kafka and Kafka Connect with a JDBC sink and"
                + " insert.mode=upsert";
    }

    @Override
    public String goal() {
        return "≥ 2 × Kafka Connect";
    }

    @Override
    public Answer ask(Lab lab) throws Exception {
        int rows = lab.size(1_000_000, 40_000);
        SinkSettings settings = new SinkSettings()
                .with(OURS, "table", PARTITIONS, FlightColumns.settings("mode=upsert", "key=id", "position=none"));
        try (Site site = Site.open(lab, name(), PARTITIONS, settings.list())) {
            Path file = site.directory().resolve("flights.ndjson");
            KeyedFile.write(file, PARTITIONS, rows, rows / REPEATS);
            ExpectedRows expected = ExpectedRows.of(site.database(), OURS, file);
            site.database().execute("create table " + THEIRS + " (like " + OURS + " including all)");
            site.warmUp("--batch", "" + BATCH, "--requests", "" + lab.size(100, 4));
            measure(site, file, rows, BATCH, expected);
            measure(site, file, rows, SMALL_BATCH, expected);
            try (KafkaPeer peer =
                    KafkaPeer.start(lab, site, THEIRS, file, rows, "--warm-up", "" + rows, "--encoding", "flights")) {
                List<Series> series = Rounds.run(
                        lab,
                        List.of(
                                new Rounds.Side(
                                        "Sluice, 10,000-record",
                                        "rows/s",
                                        () -> measure(site, file, rows, BATCH, expected)),
                                new Rounds.Side("Kafka Connect", "rows/s", () -> {
                                    site.database().execute("checkpoint");
                                    double rowsPerSecond = peer.measure();
                                    expected.require(THEIRS);
                                    return rowsPerSecond;
                                }),
                                new Rounds.Side(
                                        "Sluice, 1,000-record",
                                        "rows/s",
                                        () -> measure(site, file, rows, SMALL_BATCH, expected))));
                return new Answer(
                        series,
                        List.of(
                                Verdict.ratio(series.get(0), series.get(1), Goal.atLeast(2)),
                                Verdict.ratio(series.get(2), series.get(1), Goal.none())),
                        List.of(
                                "%,d records a side and round, of %,d keys; the tables are empty when a round begins."
                                        .formatted(rows, expected.count()),
                                "After each round all rows of the table were compared with the last record of their key."));
            }
        }
    }

    /** Sends all of the file, from its beginning: where the partitions stand is a multiple of their shares. */
    private static double measure(Site site, Path file, int rows, int batch, ExpectedRows expected) throws Exception {
        site.reset(OURS);
        String[] load = {"--file", file.toString(), "--batch", "" + batch, "--requests", "" + rows / batch};
        double rowsPerSecond = site.load(new Place(OURS, List.of()), load).rowsPerSecond();
        expected.require(OURS);
        return rowsPerSecond;
    }
}
