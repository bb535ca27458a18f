package dev.sluice.bench.question;

import dev.sluice.bench.postgres.PgBench;
import dev.sluice.bench.postgres.PgBenchScript;
import dev.sluice.bench.result.Answer;
import dev.sluice.bench.result.Goal;
import dev.sluice.bench.result.Series;
import dev.sluice.bench.result.Verdict;
import java.util.List;
import java.util.stream.Stream;

/** What is left of group commit when each request has one record. */
final class SingleRecordsQuestion implements Question {

    private static final int PARTITIONS = 64;

    @Override
    public String name() {
        return "single-records";
    }

    @Override
    public String title() {
        return "Single-record requests, 256 connections, 64 partitions, against the same transaction by pgbench";
    }

    @Override
    public String goal() {
        return "≥ 3 × pgbench -c 16";
    }

    @Override
    public Answer ask(Lab lab) throws Exception {
        int seconds = lab.size(15, 1);
        PgBenchScript script = PgBenchScript.of(1, PARTITIONS);
        try (Site site = Site.open(lab, name(), PARTITIONS)) {
            PgBench pgbench = site.pgbench();
            String[] load = {
                "--partitions",
                "" + PARTITIONS,
                "--connections",
                "256",
                "--batch",
                "1",
                "--warmup",
                "2",
                "--seconds",
                "" + seconds
            };
            site.warmUp(load);
            Stream<Rounds.Side> ours = Stream.of(new Rounds.Side("Sluice, 256 connections", "records/s", () -> {
                site.resetSluice();
                return site.load(load).requestsPerSecond();
            }));
            Stream<Rounds.Side> theirs = Stream.of(16, 1, 64)
                    .map(clients -> new Rounds.Side("pgbench -c " + clients, "records/s", () -> {
                        site.resetPeer();
                        return pgbench.run(script, clients, seconds, 0).tps();
                    }));
            List<Series> series = Rounds.run(lab, Stream.concat(ours, theirs).toList());
            return new Answer(
                    series,
                    List.of(
                            Verdict.ratio(series.get(0), series.get(1), Goal.atLeast(3)),
                            Verdict.ratio(series.get(0), series.get(2), Goal.none()),
                            Verdict.ratio(series.get(0), series.get(3), Goal.none())),
                    List.of("pgbench -M prepared: begin; lock the snapshot; insert row and receipt; advance; commit."));
        }
    }
}
