package dev.sluice.bench.question;

import dev.sluice.bench.postgres.PgBench;
import dev.sluice.bench.postgres.PgBenchScript;
import dev.sluice.bench.result.Answer;
import dev.sluice.bench.result.Goal;
import dev.sluice.bench.result.Numbers;
import dev.sluice.bench.result.Series;
import dev.sluice.bench.result.Verdict;
import java.util.ArrayList;
import java.util.List;

/** How long a writer waits when the machine is half busy. */
final class LatencyQuestion implements Question {

    private static final int RECORDS = 100;

    @Override
    public String name() {
        return "latency";
    }

    @Override
    public String title() {
        return "p99 of 100-record batches by 4 writers at half load, against the same transaction by pgbench at half load";
    }

    @Override
    public String goal() {
        return "p99 ≤ 2 × pgbench's";
    }

    @Override
    public Answer ask(Lab lab) throws Exception {
        // So short that the disk's own stalls, one or two a minute on shared machines, miss most rounds of both sides.
        int seconds = lab.size(15, 1);
        PgBenchScript script = PgBenchScript.of(RECORDS, 4);
        try (Site site = Site.open(lab, name(), 4)) {
            PgBench pgbench = site.pgbench();
            site.warmUp("--batch", "" + RECORDS, "--seconds", "" + lab.size(15, 1), "--warmup", "0");
            site.resetSluice();
            double ours = site.load("--batch", "" + RECORDS, "--seconds", "" + seconds, "--warmup", "1")
                    .requestsPerSecond();
            site.resetPeer();
            double theirs = pgbench.run(script, 4, seconds, 0).tps();
            List<Double> ourMedians = new ArrayList<>();
            List<Double> theirMedians = new ArrayList<>();
            List<Series> series = Rounds.run(
                    lab,
                    List.of(
                            new Rounds.Side("Sluice, p99", "ms", () -> {
                                site.resetSluice();
                                LoadResult result = site.load(
                                        "--batch",
                                        "" + RECORDS,
                                        "--seconds",
                                        "" + seconds,
                                        "--warmup",
                                        "2",
                                        "--rate",
                                        "" + Math.round(ours / 2));
                                ourMedians.add(result.p50() / 1e3);
                                return result.p99() / 1e3;
                            }),
                            new Rounds.Side("pgbench, p99", "ms", () -> {
                                site.resetPeer();
                                PgBench.Result result = pgbench.run(script, 4, seconds, theirs / 2);
                                theirMedians.add(result.p50() / 1e3);
                                return result.p99() / 1e3;
                            })));
            return new Answer(
                    List.of(
                            series.get(0),
                            series.get(1),
                            new Series("Sluice, p50", "ms", ourMedians),
                            new Series("pgbench, p50", "ms", theirMedians)),
                    List.of(Verdict.ratio(series.get(0), series.get(1), Goal.atMost(2))),
                    List.of(
                            "Each at half of its own maximum, measured before: Sluice %s, pgbench %s batches/s."
                                    .formatted(Numbers.text(ours), Numbers.text(theirs)),
                            "Both count from when a batch was due, not from when it could be sent.",
                            "Sluice's requests are due at even intervals, pgbench's at random ones (as -R makes them)."));
        }
    }
}
