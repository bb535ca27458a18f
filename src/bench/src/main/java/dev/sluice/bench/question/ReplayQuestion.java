package dev.sluice.bench.question;

import dev.sluice.bench.result.Answer;
import dev.sluice.bench.result.Goal;
import dev.sluice.bench.result.Series;
import dev.sluice.bench.result.Verdict;
import java.io.IOException;
import java.sql.SQLException;
import java.util.List;

/** How fast a writer is through that has lost its position and sends all again. */
final class ReplayQuestion implements Question {

    private static final int BATCH = 10_000;

    @Override
    public String name() {
        return "replay";
    }

    @Override
    public String title() {
        return "All that was inserted once more: duplicates, compared record by record";
    }

    @Override
    public String goal() {
        return "≥ 3 × the rate of inserting";
    }

    @Override
    public Answer ask(Lab lab) throws Exception {
        int rows = lab.size(1_000_000, 80_000);
        String[] insert = {"--batch", "" + BATCH, "--requests", "" + rows / BATCH};
        try (Site site = Site.open(lab, name(), 4)) {
            // Warm-up by number, not by time: all partitions have to stand at the same offset.
            site.warmUpOnlyWith(insert);
            replay(site, 0);
            long[] from = new long[1];
            List<Series> series = Rounds.run(
                    lab,
                    List.of(
                            new Rounds.Side("Replay", "rows/s", () -> {
                                site.resetSluice();
                                from[0] = position(site);
                                double inserted = site.load(insert).rowsPerSecond();
                                lastInserted = inserted;
                                return replay(site, from[0]);
                            }),
                            new Rounds.Side("Insert", "rows/s", () -> lastInserted)));
            return new Answer(
                    series,
                    List.of(Verdict.ratio(series.get(0), series.get(1), Goal.atLeast(3))),
                    List.of(
                            "%,d rows, %,d a batch, 4 connections; in each round the insert runs first."
                                    .formatted(rows, BATCH),
                            "Each answer was checked: status duplicate, verified true; and no row was added."));
        }
    }

    private double lastInserted;

    private static double replay(Site site, long from) throws Exception {
        return site.replay("--mode", "replay", "--batch", "" + BATCH, "--first-offset", "" + from)
                .rowsPerSecond();
    }

    private static long position(Site site) throws SQLException, IOException {
        String query = " from sluice.snapshot where sink = 'events'";
        long position = site.database().number("select min(next_offset)" + query);
        if (position != site.database().number("select max(next_offset)" + query)) {
            throw new IOException("the partitions do not stand at the same offset");
        }
        return position;
    }
}
