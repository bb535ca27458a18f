package dev.sluice.bench.question;

import dev.sluice.bench.postgres.Copy;
import dev.sluice.bench.result.Answer;
import dev.sluice.bench.result.Series;
import java.nio.file.Path;
import java.util.List;

/** Whether the rate holds when the table is full. */
final class LargeTableQuestion implements Question {

    private static final int BATCH = 10_000;

    @Override
    public String name() {
        return "large-table";
    }

    @Override
    public String title() {
        return "10,000-record batches into an empty table and into a full one, against COPY into the same";
    }

    @Override
    public String goal() {
        return "falls at most 10 % more than COPY does (≥ 0.9 ×)";
    }

    @Override
    public Answer ask(Lab lab) throws Exception {
        int rows = lab.size(1_000_000, 80_000);
        long full = lab.sizes().quick() ? 200_000 : lab.sizes().largeRows();
        try (Site small = Site.open(lab, "table-empty", 4);
                Site large = Site.open(lab, "table-full", 4)) {
            lab.say("  filling two tables with %,d rows each".formatted(full));
            long start = LargeTable.fill(large, full);
            Copy copy = small.copy();
            List<Path> files = RowFiles.copy(small.directory(), 4, BATCH, rows, 0);
            String[] load = {"--batch", "" + BATCH, "--requests", "" + rows / BATCH};
            small.warmUp(load);
            large.warmUp(load);
            long[] next = {start};
            List<Series> series = Rounds.run(
                    lab,
                    List.of(
                            new Rounds.Side("Sluice, empty", "rows/s", () -> {
                                small.resetSluice();
                                return small.load(load).rowsPerSecond();
                            }),
                            new Rounds.Side(copy.name() + ", empty", "rows/s", () -> {
                                small.resetPeer();
                                return small.copied(files, rows);
                            }),
                            new Rounds.Side("Sluice, full", "rows/s", () -> {
                                large.database().execute("checkpoint");
                                return large.load(load).rowsPerSecond();
                            }),
                            new Rounds.Side(copy.name() + ", full", "rows/s", () -> {
                                List<Path> more = RowFiles.copy(large.directory(), 4, BATCH, rows, next[0]);
                                next[0] += rows / 4;
                                large.database().execute("checkpoint");
                                return large.copied(more, rows);
                            })));
            return new Answer(
                    series,
                    List.of(Loss.beyond(
                            "empty → %,d rows".formatted(full),
                            series.get(0),
                            series.get(2),
                            series.get(1),
                            series.get(3))),
                    List.of("%,d rows a side and round; the full tables grow by them.".formatted(rows)));
        }
    }
}
