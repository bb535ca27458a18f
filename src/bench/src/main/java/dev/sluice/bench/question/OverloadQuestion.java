package dev.sluice.bench.question;

import dev.sluice.bench.result.Answer;
import dev.sluice.bench.result.Goal;
import dev.sluice.bench.result.Numbers;
import dev.sluice.bench.result.Series;
import dev.sluice.bench.result.Verdict;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Whether as much is done when far more is asked for, and whether what is taken in is done soon. */
final class OverloadQuestion implements Question {

    private static final int RECORDS = 100;
    private static final int TIMES = 5;
    private static final int PASSES = 2;
    /** The fewest connections that come so close to the best are enough: each one more is latency. */
    private static final double CLOSE = 0.93;

    @Override
    public String name() {
        return "overload";
    }

    @Override
    public String title() {
        return "100-record batches, 5 times as many as can be committed, against as many as can be";
    }

    @Override
    public String goal() {
        return "goodput ≥ 0.9 × peak; p99 of what is accepted ≤ 2 × that at half load";
    }

    private record Tried(int connections, double requestsPerSecond) {}

    /** What is committed at most, and the fewest connections that come close to it. */
    private record Peak(Tried best, Tried close) {}

    @Override
    public Answer ask(Lab lab) throws Exception {
        int writers = lab.size(2_000, 100);
        try (Site unbounded = Site.open(lab, "overload-peak", writers)) {
            unbounded.warmUp(load(writers, 8, lab.size(15, 1)));
            Peak peak = peak(lab, unbounded, writers);
            int share = peak.close().connections();
            try (Site site = Site.open(
                    lab,
                    name(),
                    writers,
                    "--sluice.admission.max-requests=" + 2 * share,
                    "--sluice.lanes.max-parked=" + (share - 1))) {
                // As long as the other one worked while its peak was looked for: what is compiled makes a difference.
                site.warmUp(load(writers, share, lab.size(100, 1)));
                return ask(lab, unbounded, site, writers, peak);
            }
        }
    }

    private static Peak peak(Lab lab, Site site, int writers) throws Exception {
        List<Integer> connections = List.of(16, 28, 36, 44, 64);
        double[] rates = new double[connections.size()];
        for (int pass = 0; pass < PASSES; pass++) {
            for (int i = 0; i < rates.length; i++) {
                site.resetSluice();
                rates[i] += site.load(load(writers, connections.get(i), lab.size(10, 1)))
                                .requestsPerSecond()
                        / PASSES;
            }
        }
        List<Tried> found = new ArrayList<>();
        for (int i = 0; i < rates.length; i++) {
            lab.say("  %d connections: %s batches/s".formatted(connections.get(i), Numbers.text(rates[i])));
            found.add(new Tried(connections.get(i), rates[i]));
        }
        Tried best = Collections.max(found, Comparator.comparingDouble(Tried::requestsPerSecond));
        Tried close = found.stream()
                .filter(tried -> tried.requestsPerSecond() >= CLOSE * best.requestsPerSecond())
                .findFirst()
                .orElseThrow();
        return new Peak(best, close);
    }

    private static Answer ask(Lab lab, Site unbounded, Site site, int writers, Peak peak) throws Exception {
        int seconds = lab.size(20, 2);
        List<Double> unloadedP99 = new ArrayList<>();
        List<Double> patientP99 = new ArrayList<>();
        List<Double> hastyP99 = new ArrayList<>();
        List<String> refused = new ArrayList<>();
        double most = peak.best().requestsPerSecond();
        long rate = Math.round(TIMES * most);
        long pause = Math.max(1, Math.round(1_000 * writers / ((TIMES - 1) * most)));
        String[] all = load(writers, writers, seconds, "--overload", "--rate", "" + rate);
        String[] hasty =
                load(writers, writers, seconds, "--overload", "--rate", "" + rate, "--retry-millis", "" + pause);
        // What refuses has to be compiled, too: cold, half as much is done under the same load.
        site.overload(warming(all, lab.size(30, 1)));
        site.overload(warming(hasty, lab.size(20, 1)));
        String[] half = load(writers, peak.close().connections(), seconds, "--rate", "" + Math.round(most / 2));
        List<Series> goodput = Rounds.run(
                lab,
                List.of(
                        new Rounds.Side("Peak", "batches/s", () -> {
                            site.resetSluice();
                            unloadedP99.add(site.load(half).acceptedP99() / 1e3);
                            unbounded.resetSluice();
                            return unbounded
                                    .load(load(writers, peak.best().connections(), seconds))
                                    .requestsPerSecond();
                        }),
                        new Rounds.Side("5 times as many due", "batches/s", () -> {
                            LoadResult result = refused(site, all, patientP99, refused);
                            return result.requestsPerSecond();
                        }),
                        new Rounds.Side("5 times as many requests", "batches/s", () -> {
                            LoadResult result = refused(site, hasty, hastyP99, refused);
                            return result.requestsPerSecond();
                        })));
        Series unloaded = new Series("Half load, p99", "ms", unloadedP99);
        Series patient = new Series("5 times as many due, p99", "ms", patientP99);
        Series hastily = new Series("5 times as many requests, p99", "ms", hastyP99);
        return new Answer(
                Stream.concat(goodput.stream(), Stream.of(unloaded, patient, hastily))
                        .toList(),
                List.of(
                        Verdict.ratio(goodput.get(1), goodput.get(0), Goal.atLeast(0.9)),
                        Verdict.ratio(patient, unloaded, Goal.atMost(2)),
                        Verdict.ratio(goodput.get(2), goodput.get(0), Goal.none()),
                        Verdict.ratio(hastily, unloaded, Goal.none())),
                List.of(
                        "Measured before: %s batches/s by %d connections are the peak; %d come close to it (%s batches/s), and are a sink's share of sluice.admission.max-requests then. Its default, 320, is for throughput."
                                .formatted(
                                        Numbers.text(most),
                                        peak.best().connections(),
                                        peak.close().connections(),
                                        Numbers.text(peak.close().requestsPerSecond())),
                        "The peak is that of another service without these bounds, on a database of its own of the same server, which has nothing to do meanwhile.",
                        "%,d writers, each with a partition and a connection of its own; batches are due at %,d/s in all. Offsets follow each other, so none is dropped: what is refused is sent again."
                                .formatted(writers, rate),
                        "\"As many due\": after what Retry-After says, as it should be. \"As many requests\": after %d ms, whatever it says, so that 5 times as many requests come as can be committed."
                                .formatted(pause),
                        "Goodput is what was committed within the time. p99 counts from when the accepted request was sent, on all sides.",
                        "Refused in the rounds, in turn: " + String.join(", ", refused) + "."));
    }

    private static LoadResult refused(Site site, String[] load, List<Double> p99, List<String> refused)
            throws Exception {
        site.resetSluice();
        LoadResult result = site.overload(load);
        p99.add(result.acceptedP99() / 1e3);
        refused.add("%,d".formatted(result.repeats(503) + result.repeats(429)));
        return result;
    }

    private static String[] warming(String[] load, int seconds) {
        String[] longer = load.clone();
        longer[List.of(load).indexOf("--seconds") + 1] = "" + seconds;
        return longer;
    }

    private static String[] load(int partitions, int connections, int seconds, String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "--partitions",
                "" + partitions,
                "--connections",
                "" + connections,
                "--batch",
                "" + RECORDS,
                "--warmup",
                "2",
                "--seconds",
                "" + seconds));
        arguments.addAll(List.of(more));
        return arguments.toArray(String[]::new);
    }
}
