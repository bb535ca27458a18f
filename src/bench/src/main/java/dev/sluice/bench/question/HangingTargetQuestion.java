package dev.sluice.bench.question;

import dev.sluice.bench.load.HangingWriter;
import dev.sluice.bench.result.Answer;
import dev.sluice.bench.result.Goal;
import dev.sluice.bench.result.Numbers;
import dev.sluice.bench.result.Series;
import dev.sluice.bench.result.Verdict;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;

/** Whether partitions of an HTTP sink notice that the target of one of them hangs. */
final class HangingTargetQuestion implements Question {

    private static final int FAST = 63;
    private static final String HANGING = "hang";

    @Override
    public String name() {
        return "hanging-target";
    }

    @Override
    public String title() {
        return "p99 of single records to %d partitions of an HTTP sink at half load, beside one whose target hangs, against alone"
                .formatted(FAST);
    }

    @Override
    public String goal() {
        return "p99 ≤ 1.2 × that alone";
    }

    @Override
    public Answer ask(Lab lab) throws Exception {
        int seconds = lab.size(30, 3);
        try (HttpTarget target = HttpTarget.start(lab.directory(name()));
                Site site = Site.open(
                        lab,
                        name(),
                        FAST + 1,
                        new SinkSettings()
                                .with(
                                        "calls",
                                        "http",
                                        SinkSettings.names(FAST) + "," + HANGING,
                                        "envelope=ndjson",
                                        "url=" + target.url() + "/{partition}",
                                        "timeout=5s",
                                        "deadline=10s")
                                .list())) {
            Place calls = new Place("calls", target::lines);
            URI hanging = URI.create(site.service().url() + "/sinks/calls/partitions/" + HANGING);
            String[] peak = Loads.of(FAST, 1, lab.size(15, 1));
            site.warmUp(peak);
            site.load(calls, Loads.of(FAST, 1, lab.size(20, 1)));
            site.resetSluice();
            double best = site.load(calls, peak).requestsPerSecond();
            String[] load = Loads.of(FAST, 1, seconds, "--rate", "" + Math.max(1, Math.round(best / 2)));
            List<Integer> answers = new ArrayList<>();
            List<Double> besideP50 = new ArrayList<>();
            List<Double> aloneP50 = new ArrayList<>();
            List<Series> series = Rounds.run(
                    lab,
                    List.of(
                            new Rounds.Side("Beside one that hangs, p99", "ms", () -> {
                                site.resetSluice();
                                HangingWriter writer = HangingWriter.start(hanging);
                                LoadResult result;
                                try (writer) {
                                    result = site.load(calls, load);
                                }
                                answers.add(writer.answers());
                                besideP50.add(result.p50() / 1e3);
                                return result.p99() / 1e3;
                            }),
                            new Rounds.Side("Alone, p99", "ms", () -> {
                                site.resetSluice();
                                LoadResult result = site.load(calls, load);
                                aloneP50.add(result.p50() / 1e3);
                                return result.p99() / 1e3;
                            })));
            return new Answer(
                    List.of(
                            series.get(0),
                            series.get(1),
                            new Series("Beside one that hangs, p50", "ms", besideP50),
                            new Series("Alone, p50", "ms", aloneP50)),
                    List.of(Verdict.ratio(series.get(0), series.get(1), Goal.atMost(1.2))),
                    List.of(
                            "Half load is %s records/s to %d partitions; one connection for each."
                                    .formatted(Numbers.text(best / 2), FAST),
                            "The target of another partition of the sink takes requests and never answers (timeout 5 s, deadline 10 s). Its writer was told so, by round: "
                                    + answers + "."));
        }
    }
}
