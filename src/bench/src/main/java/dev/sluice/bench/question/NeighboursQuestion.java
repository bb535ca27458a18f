package dev.sluice.bench.question;

import dev.sluice.bench.load.Nuisance;
import dev.sluice.bench.result.Answer;
import dev.sluice.bench.result.Goal;
import dev.sluice.bench.result.Numbers;
import dev.sluice.bench.result.Series;
import dev.sluice.bench.result.Verdict;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Whether a sink notices that others are in trouble. */
final class NeighboursQuestion implements Question {

    private static final int RECORDS = 100;
    private static final int PEERS = 120;
    /* So many that the list of them does not fit into the buffers of a connection. */
    private static final int SLOW_PARTITIONS = 500;

    @Override
    public String name() {
        return "neighbours";
    }

    @Override
    public String title() {
        return "p99 of 100-record batches by 4 writers at half load, beside dead targets, slow senders and slow readers, against alone";
    }

    @Override
    public String goal() {
        return "p99 ≤ 1.2 × that alone";
    }

    private static String names(int count) {
        return IntStream.range(0, count).mapToObj(Integer::toString).collect(Collectors.joining(","));
    }

    @Override
    public Answer ask(Lab lab) throws Exception {
        int seconds = lab.size(30, 3);
        // Nobody takes its connections: they are made, and then nothing ever comes.
        try (ServerSocket hole = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
                Site site = Site.open(
                        lab,
                        name(),
                        4,
                        "--sluice.sinks.refusing.type=http",
                        "--sluice.sinks.refusing.url=http://127.0.0.1:1/in",
                        "--sluice.sinks.refusing.partitions=0,1,2,3,4,5,6,7",
                        "--sluice.sinks.silent.type=http",
                        "--sluice.sinks.silent.url=http://127.0.0.1:" + hole.getLocalPort() + "/in",
                        "--sluice.sinks.silent.partitions=0,1,2,3,4,5,6,7",
                        "--sluice.sinks.slow.type=table",
                        "--sluice.sinks.slow.partitions=" + names(SLOW_PARTITIONS))) {
            String[] peak = {"--batch", "" + RECORDS, "--seconds", "" + lab.size(15, 1), "--warmup", "1"};
            site.warmUp(peak);
            site.resetSluice();
            double best = site.load(peak).requestsPerSecond();
            String[] load = {
                "--batch", "" + RECORDS, "--seconds", "" + seconds, "--warmup", "5", "--rate", "" + Math.round(best / 2)
            };
            List<String> notes = new ArrayList<>(List.of(
                    "Half load is %s batches/s.".formatted(Numbers.text(best / 2)),
                    "Beside it: %d writers to each of two HTTP sinks, one whose target refuses connections and one whose target takes them and says nothing; %d senders to another table that send a byte a second of what they have announced, and connect again when they are cut off; %d readers of answers that take a byte a second."
                            .formatted(Nuisance.WRITERS, PEERS, PEERS)));
            List<Series> series = Rounds.run(
                    lab,
                    List.of(
                            new Rounds.Side("Beside the others, p99", "ms", () -> {
                                site.resetSluice();
                                try (Nuisance nuisance =
                                        Nuisance.start(URI.create(site.service().url()), PEERS)) {
                                    double p99 = site.load(load).p99() / 1e3;
                                    notes.add("Beside, a round: " + nuisance.summary() + ".");
                                    return p99;
                                }
                            }),
                            new Rounds.Side("Alone, p99", "ms", () -> {
                                site.resetSluice();
                                return site.load(load).p99() / 1e3;
                            })));
            return new Answer(series, List.of(Verdict.ratio(series.get(0), series.get(1), Goal.atMost(1.2))), notes);
        }
    }
}
