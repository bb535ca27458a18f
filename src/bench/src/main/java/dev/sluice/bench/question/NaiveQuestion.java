package dev.sluice.bench.question;

import dev.sluice.bench.load.JdbcLoad;
import dev.sluice.bench.process.Child;
import dev.sluice.bench.process.Jvm;
import dev.sluice.bench.report.Json;
import dev.sluice.bench.result.Answer;
import dev.sluice.bench.result.Goal;
import dev.sluice.bench.result.Series;
import dev.sluice.bench.result.Verdict;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** What a program gains that inserts its rows one by one today. */
final class NaiveQuestion implements Question {

    @Override
    public String name() {
        return "naive";
    }

    @Override
    public String title() {
        return "1,000-record batches by 4 writers, against 4 JDBC connections that insert row by row";
    }

    @Override
    public String goal() {
        return "≥ 5 × row by row";
    }

    @Override
    public Answer ask(Lab lab) throws Exception {
        int rows = lab.size(1_000_000, 40_000);
        int theirRows = lab.size(200_000, 8_000);
        try (Site site = Site.open(lab, name(), 4)) {
            site.warmUp("--batch", "1000", "--seconds", "" + lab.size(15, 1), "--warmup", "0");
            List<Series> series = Rounds.run(
                    lab,
                    List.of(
                            new Rounds.Side("Sluice", "rows/s", () -> {
                                site.resetSluice();
                                return site.load("--batch", "1000", "--requests", "" + rows / 1_000)
                                        .rowsPerSecond();
                            }),
                            new Rounds.Side("JDBC, row by row", "rows/s", () -> jdbc(site, theirRows, false)),
                            new Rounds.Side("JDBC, batched", "rows/s", () -> jdbc(site, rows, true))));
            return new Answer(
                    series,
                    List.of(
                            Verdict.ratio(series.get(0), series.get(1), Goal.atLeast(5)),
                            Verdict.ratio(series.get(0), series.get(2), Goal.none())),
                    List.of(
                            "insert … on conflict do nothing, prepared; 1,000 rows a transaction; no receipts, no snapshot.",
                            "Row by row: %,d rows a round; the others %,d.".formatted(theirRows, rows)));
        }
    }

    private static double jdbc(Site site, int rows, boolean batched) throws Exception {
        site.resetPeer();
        String said = Child.run(
                site.directory(),
                "jdbc",
                Duration.ofMinutes(20),
                Map.of(),
                Jvm.command(
                        JdbcLoad.class.getName(),
                        List.of(
                                site.database().url(),
                                site.database().username(),
                                site.database().password(),
                                "" + rows,
                                "" + batched)));
        return Json.number(said, "rowsPerSecond");
    }
}
