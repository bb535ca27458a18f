package dev.sluice.bench.question;

import dev.sluice.bench.result.Answer;
import dev.sluice.bench.result.Series;
import dev.sluice.bench.result.Verdict;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Whether partitions are cheap. */
final class ManyPartitionsQuestion implements Question {

    private static final int BATCH = 200;

    @Override
    public String name() {
        return "many-partitions";
    }

    @Override
    public String title() {
        return "200-record batches by 4 connections that go round 1, 100 and 10,000 partitions, against COPY of the same";
    }

    @Override
    public String goal() {
        return "falls at most 10 % more than COPY does (≥ 0.9 ×)";
    }

    @Override
    public Answer ask(Lab lab) throws Exception {
        List<Site> sites = new ArrayList<>();
        List<Rounds.Side> sides = new ArrayList<>();
        List<Integer> counts = List.of(1, lab.size(100, 8), lab.size(10_000, 40));
        try {
            for (int partitions : counts) {
                Site site = Site.open(lab, "partitions-" + partitions, partitions);
                sites.add(site);
                addSides(lab, site, partitions, sides);
            }
            List<Series> series = Rounds.run(lab, sides);
            List<Verdict> verdicts = new ArrayList<>();
            for (int i = 2; i < series.size(); i += 2) {
                verdicts.add(Loss.beyond(
                        "1 → %,d partitions".formatted(counts.get(i / 2)),
                        series.get(0),
                        series.get(i),
                        series.get(1),
                        series.get(i + 1)));
            }
            return new Answer(
                    series,
                    verdicts,
                    List.of(
                            "Every partition is written to in every round, at least once.",
                            "With one partition its 4 connections send Prefer: wait=10."));
        } finally {
            for (Site site : sites) {
                site.close();
            }
        }
    }

    private static void addSides(Lab lab, Site site, int partitions, List<Rounds.Side> sides) throws Exception {
        long rows = Math.max(lab.size(2_000_000, 40_000), (long) partitions * BATCH);
        List<Path> files = RowFiles.copy(site.directory(), partitions, BATCH, rows, 0);
        String[] load = {
            "--partitions",
            "" + partitions,
            "--connections",
            "4",
            "--batch",
            "" + BATCH,
            "--requests",
            "" + rows / BATCH
        };
        site.warmUp(
                "--partitions",
                "" + partitions,
                "--connections",
                "4",
                "--batch",
                "" + BATCH,
                "--warmup",
                "0",
                "--seconds",
                "" + lab.size(15, 1));
        sides.add(new Rounds.Side("Sluice, %,d".formatted(partitions), "rows/s", () -> {
            site.resetSluice();
            return site.load(load).rowsPerSecond();
        }));
        sides.add(new Rounds.Side("COPY, %,d".formatted(partitions), "rows/s", () -> {
            site.resetPeer();
            return site.copied(files, rows);
        }));
    }
}
