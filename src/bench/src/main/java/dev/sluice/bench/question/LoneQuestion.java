package dev.sluice.bench.question;

import dev.sluice.bench.postgres.PgBench;
import dev.sluice.bench.postgres.PgBenchScript;
import dev.sluice.bench.result.Answer;
import dev.sluice.bench.result.Goal;
import dev.sluice.bench.result.Series;
import dev.sluice.bench.result.Verdict;
import java.util.ArrayList;
import java.util.List;

/** How long the first user waits, who sends one record after the other. */
final class LoneQuestion implements Question {

    @Override
    public String name() {
        return "lone";
    }

    @Override
    public String title() {
        return "One connection, one partition, one record at a time, against the same transaction by pgbench -c 1";
    }

    @Override
    public String goal() {
        return "p50 ≤ 1.3 × pgbench's, p99 ≤ 2 ×";
    }

    @Override
    public Answer ask(Lab lab) throws Exception {
        int seconds = lab.size(15, 2);
        PgBenchScript script = PgBenchScript.of(1, 1);
        try (Site site = Site.open(lab, name(), 1)) {
            PgBench pgbench = site.pgbench();
            String[] load = Loads.of(1, 1, seconds);
            site.warmUp(Loads.of(1, 1, lab.size(30, 2)));
            List<Double> ourP99 = new ArrayList<>();
            List<Double> theirP99 = new ArrayList<>();
            List<Series> medians = Rounds.run(
                    lab,
                    List.of(
                            new Rounds.Side("Sluice, p50", "ms", () -> {
                                site.resetSluice();
                                LoadResult result = site.load(load);
                                ourP99.add(result.p99() / 1e3);
                                return result.p50() / 1e3;
                            }),
                            new Rounds.Side("pgbench, p50", "ms", () -> {
                                site.resetPeer();
                                PgBench.Result result = pgbench.timed(script, 1, seconds);
                                theirP99.add(result.p99() / 1e3);
                                return result.p50() / 1e3;
                            })));
            Series ours = new Series("Sluice, p99", "ms", ourP99);
            Series theirs = new Series("pgbench, p99", "ms", theirP99);
            return new Answer(
                    List.of(medians.get(0), medians.get(1), ours, theirs),
                    List.of(
                            Verdict.ratio(medians.get(0), medians.get(1), Goal.atMost(1.3)),
                            Verdict.ratio(ours, theirs, Goal.atMost(2))),
                    List.of(
                            "Nobody else uses the service or the database meanwhile; the next record is sent when the last one is answered."));
        }
    }
}
