package dev.sluice.bench.question;

import dev.sluice.bench.postgres.PgBench;
import dev.sluice.bench.postgres.PgBenchScript;
import dev.sluice.bench.result.Answer;
import dev.sluice.bench.result.Goal;
import dev.sluice.bench.result.Series;
import dev.sluice.bench.result.Verdict;
import java.util.List;

/** What many writers of one partition come to: they all want the same row's lock. */
final class HotPartitionQuestion implements Question {

    @Override
    public String name() {
        return "hot-partition";
    }

    @Override
    public String title() {
        return "Single-record requests to one partition, 64 under way, against pgbench -c 64 on one snapshot row";
    }

    @Override
    public String goal() {
        return "≥ 10 × pgbench -c 64";
    }

    @Override
    public Answer ask(Lab lab) throws Exception {
        int seconds = lab.size(15, 1);
        PgBenchScript script = PgBenchScript.of(1, 1);
        try (Site site = Site.open(lab, name(), 1)) {
            PgBench pgbench = site.pgbench();
            String[] load = {
                "--partitions",
                "1",
                "--connections",
                "64",
                "--prefer-wait",
                "10",
                "--batch",
                "1",
                "--warmup",
                "2",
                "--seconds",
                "" + seconds
            };
            site.warmUp(load);
            List<Series> series = Rounds.run(
                    lab,
                    List.of(
                            new Rounds.Side("Sluice, 64 under way", "records/s", () -> {
                                site.resetSluice();
                                return site.load(load).requestsPerSecond();
                            }),
                            new Rounds.Side("pgbench -c 64", "records/s", () -> {
                                site.resetPeer();
                                return pgbench.run(script, 64, seconds, 0).tps();
                            })));
            return new Answer(
                    series,
                    List.of(Verdict.ratio(series.get(0), series.get(1), Goal.atLeast(10))),
                    List.of("Writers number their records ahead and send Prefer: wait=10."));
        }
    }
}
