package dev.sluice.bench.question;

import dev.sluice.bench.result.Answer;
import dev.sluice.bench.result.Goal;
import dev.sluice.bench.result.Series;
import dev.sluice.bench.result.Verdict;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** How fast a buffer acknowledges, and whether it hands on as fast as it does. */
final class BufferedQuestion implements Question {

    private static final int PARTITIONS = 64;
    private static final int FLUSH_SECONDS = 1;
    private static final Goal IN_TIME = Goal.atMost(FLUSH_SECONDS + 1);
    private static final Place BUFFERED = new Place("buffered");

    @Override
    public String name() {
        return "buffered";
    }

    @Override
    public String title() {
        return "Single records into a buffer before a table, %d partitions, against single records into a table"
                .formatted(PARTITIONS);
    }

    @Override
    public String goal() {
        return "accepted ≥ 0.8 × table; delivered within flush-interval + 1 s; a backlog that does not grow";
    }

    /** What became of the backlog in the rounds. */
    private record Seen(List<Double> seconds, List<Double> growth, List<Double> delay, List<Answer.Line> lines) {}

    @Override
    public Answer ask(Lab lab) throws Exception {
        SinkSettings settings = new SinkSettings()
                .with("stored", "table", PARTITIONS)
                .over("buffered", "batching", "target=stored", "flush-interval=" + FLUSH_SECONDS + "s");
        try (Site site = Site.open(lab, name(), PARTITIONS, settings.list())) {
            String[] load = Loads.of(PARTITIONS, 1, lab.size(30, 5));
            Seen seen = new Seen(new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
            site.warmUp(Loads.of(PARTITIONS, 1, lab.size(15, 1)));
            site.send(BUFFERED.load(Loads.of(PARTITIONS, 1, lab.size(20, 1))));
            Backlog.awaitDelivered(site);
            List<Series> series = Rounds.run(
                    lab,
                    List.of(
                            new Rounds.Side("buffer, accepted", "records/s", () -> buffered(site, load, seen)),
                            new Rounds.Side("table", "records/s", () -> {
                                site.resetSluice();
                                return site.load(load).rowsPerSecond();
                            })));
            return answer(series, seen);
        }
    }

    private static double buffered(Site site, String[] load, Seen seen) throws Exception {
        site.reset("stored");
        LoadResult result;
        List<Double> samples;
        try (Backlog backlog = Backlog.watch(site)) {
            result = site.send(BUFFERED.load(load));
            samples = backlog.samples();
        }
        site.tellRepeats(result);
        seen.delay().add(Backlog.awaitDelivered(site));
        long stored = site.database().number("select count(*) from stored");
        if (stored != result.acknowledged()) {
            throw new IOException(
                    "ROWS DO NOT MATCH: " + result.acknowledged() + " acknowledged, " + stored + " delivered");
        }
        // The process that sends starts and warms up in the first third.
        int third = samples.size() / 3;
        Series middle = new Series("middle", "records", samples.subList(third, 2 * third));
        Series last = new Series("last", "records", samples.subList(2 * third, 3 * third));
        seen.seconds().add(last.max() / result.rowsPerSecond());
        seen.growth().add(last.median() / Math.max(1, middle.median()));
        seen.lines().add(new Answer.Line("backlog, round " + seen.delay().size(), "records", samples));
        return result.rowsPerSecond();
    }

    private static Answer answer(List<Series> rates, Seen seen) {
        Series delay = new Series("delivered after the last acknowledgement", "s", seen.delay());
        Series behind = new Series("backlog, largest of the last third", "s of the load", seen.seconds());
        Series growth = new Series("backlog, last third : middle third", "times", seen.growth());
        return new Answer(
                List.of(rates.get(0), rates.get(1), delay, behind, growth),
                List.of(
                        Verdict.ratio(rates.get(0), rates.get(1), Goal.atLeast(0.8)),
                        new Verdict(delay.name(), delay.median(), "s", IN_TIME),
                        new Verdict(behind.name(), behind.median(), "s of the load", IN_TIME),
                        new Verdict(growth.name(), growth.median(), "times", Goal.atMost(1.25))),
                List.of(
                        "%d connections to %d partitions; flush-interval %d s, batch-size 1,000."
                                .formatted(PARTITIONS, PARTITIONS, FLUSH_SECONDS),
                        "The backlog is what was accepted and not delivered, looked at five times a second; divided by what is accepted a second it is the time that a record waits.",
                        "The delay counts from when the load generator's process had ended, some 0.1 s after its last answer."),
                seen.lines().subList(0, 1));
    }
}
