package dev.sluice.bench.question;

import dev.sluice.bench.result.Answer;
import dev.sluice.bench.result.Goal;
import dev.sluice.bench.result.Series;
import dev.sluice.bench.result.Verdict;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** What else one would build: a broker, a Connect worker and its JDBC sink. */
final class KafkaConnectQuestion implements Question {

    private static final int BATCH = 1_000;

    @Override
    public String name() {
        return "kafka-connect";
    }

    @Override
    public String title() {
        return "The same rows end to end, against Kafka and Kafka Connect with a JDBC sink";
    }

    @Override
    public String goal() {
        return "≥ 2 × Kafka Connect";
    }

    @Override
    public Answer ask(Lab lab) throws Exception {
        int rows = lab.size(1_000_000, 40_000);
        try (Site site = Site.open(lab, name(), 4)) {
            Path file = RowFiles.ndjson(site.directory(), BATCH, rows);
            site.warmUp("--batch", "" + BATCH, "--requests", "" + lab.size(1_000, 40));
            String warmUp = "" + Math.min(rows, 500_000);
            try (KafkaPeer peer = KafkaPeer.start(lab, site, "peer.events", file, rows, "--warm-up", warmUp)) {
                List<Series> series = Rounds.run(
                        lab,
                        List.of(
                                new Rounds.Side("Sluice", "rows/s", () -> {
                                    site.resetSluice();
                                    return site.load(
                                                    "--file",
                                                    file.toString(),
                                                    "--batch",
                                                    "" + BATCH,
                                                    "--requests",
                                                    "" + rows / BATCH,
                                                    "--first-offset",
                                                    "-1")
                                            .rowsPerSecond();
                                }),
                                new Rounds.Side("Kafka Connect", "rows/s", () -> {
                                    site.database().execute("checkpoint");
                                    return rated(site, peer.measure(), rows);
                                })));
                return new Answer(
                        series,
                        List.of(Verdict.ratio(series.get(0), series.get(1), Goal.atLeast(2))),
                        List.of("%,d rows a side and round; its settings are told in its own documentation."
                                .formatted(rows)));
            }
        }
    }

    private static double rated(Site site, double rowsPerSecond, int rows) throws Exception {
        if (site.database().number("select count(*) from peer.events") != rows) {
            throw new IOException("Kafka Connect did not bring " + rows + " rows to the table");
        }
        return rowsPerSecond;
    }
}
