package dev.sluice.bench.question;

import dev.sluice.bench.result.Answer;
import dev.sluice.bench.result.Goal;
import dev.sluice.bench.result.Series;
import dev.sluice.bench.result.Verdict;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** What refused records cost: the batch that they come in, and writing them later, all at once. */
final class DeadLettersQuestion implements Question {

    private static final String SINK = "letters";
    private static final int PER_BATCH = 100;
    private static final int BATCH = 10_000;
    private static final int BAD = 5;
    private static final int POSTS = 11;
    private static final long POLL_MILLIS = 20;
    private static final String TEXT = "x".repeat(150);
    private static final String REFUSE =
            "alter table letters add constraint good check ((data -> 'bad') is null) not valid";

    private long offset;

    @Override
    public String name() {
        return "dead-letters";
    }

    @Override
    public String title() {
        return "A batch of 10,000 with 5 refused records against a good one; dead letters replayed against fresh records";
    }

    @Override
    public String goal() {
        return "a batch takes ≤ 3 ×; replay ≥ 0.5 × fresh records";
    }

    @Override
    public Answer ask(Lab lab) throws Exception {
        int letters = lab.size(100_000, 2_000);
        try (Site site = Site.open(
                lab,
                name(),
                1,
                new SinkSettings()
                        .with(
                                SINK,
                                "table",
                                1,
                                "on-rejected=dead-letter",
                                "dead-letters.max-open=1000000",
                                "dead-letters.max-share=100")
                        .list())) {
            Api api = new Api(site.service().url());
            post(api, BATCH, i -> false);
            site.database().execute(REFUSE);
            for (int i = 0; i < lab.size(20, 2); i++) {
                post(api, BATCH, DeadLettersQuestion::isBad);
                post(api, BATCH, each -> false);
            }
            fresh(api, letters, PER_BATCH);
            replay(site, api, lab.size(20_000, 1_000));
            List<Series> series = Rounds.run(
                    lab,
                    List.of(
                            new Rounds.Side(
                                    "10,000, 5 of them refused", "ms", () -> median(api, DeadLettersQuestion::isBad)),
                            new Rounds.Side("10,000 good ones", "ms", () -> median(api, i -> false)),
                            new Rounds.Side("Replay", "records/s", () -> replay(site, api, letters)),
                            new Rounds.Side("Fresh, 100 a batch", "records/s", () -> fresh(api, letters, PER_BATCH)),
                            new Rounds.Side("Fresh, 1,000 a batch", "records/s", () -> fresh(api, letters, 1_000)),
                            new Rounds.Side("Fresh, 10,000 a batch", "records/s", () -> fresh(api, letters, BATCH))));
            return new Answer(
                    series,
                    List.of(
                            Verdict.ratio(series.get(0), series.get(1), Goal.atMost(3)),
                            Verdict.ratio(series.get(2), series.get(4), Goal.atLeast(0.5)),
                            Verdict.ratio(series.get(2), series.get(3), Goal.none()),
                            Verdict.ratio(series.get(2), series.get(5), Goal.none())),
                    List.of(
                            "%,d dead letters of some 170 bytes a round, %d a batch; a writer, one partition."
                                    .formatted(letters, PER_BATCH),
                            "After each replay none was open, and the rows had grown by all of them."));
        }
    }

    private static boolean isBad(int i) {
        return i % (BATCH / BAD) == 0;
    }

    /* Returns how long the answer takes, in milliseconds. */
    private double post(Api api, int records, IntPredicate bad) throws Exception {
        String body = "{\"offset\":" + offset + ",\"records\":["
                + IntStream.range(0, records)
                        .mapToObj(i -> "{\"" + (bad.test(i) ? "bad" : "good") + "\":" + i + ",\"t\":\"" + TEXT + "\"}")
                        .collect(Collectors.joining(","))
                + "]}";
        offset += records;
        long begun = System.nanoTime();
        api.post("/sinks/" + SINK + "/partitions/0", body);
        return (System.nanoTime() - begun) / 1e6;
    }

    private double median(Api api, IntPredicate bad) throws Exception {
        double[] millis = new double[POSTS];
        for (int i = 0; i < POSTS; i++) {
            millis[i] = post(api, BATCH, bad);
        }
        Arrays.sort(millis);
        return millis[POSTS / 2];
    }

    private double fresh(Api api, int records, int batch) throws Exception {
        double millis = 0;
        for (int sent = 0; sent < records; sent += batch) {
            millis += post(api, batch, i -> false);
        }
        return records / millis * 1e3;
    }

    private double replay(Site site, Api api, int letters) throws Exception {
        String open = "select count(*) from sluice.dead_letter where state = 'open'";
        for (int sent = 0; sent < letters; sent += PER_BATCH) {
            post(api, PER_BATCH, i -> true);
        }
        long found = site.database().number(open);
        site.database()
                .execute("alter table letters drop constraint good", "vacuum analyze sluice.dead_letter", "checkpoint");
        long rows = site.database().number("select count(*) from letters");
        long begun = System.nanoTime();
        String task = api.post(
                "/sinks/" + SINK + "/dead-letters/replay",
                "{\"filter\":{},\"expected\":" + found + ",\"reason\":\"mended\"}");
        String id = task.replaceAll("(?s).*\"id\":\"([^\"]+)\".*", "$1");
        while (!api.get("/tasks/" + id).contains("\"state\":\"done\"")) {
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        }
        double seconds = (System.nanoTime() - begun) / 1e9;
        if (site.database().number(open) != 0
                || site.database().number("select count(*) from letters") != rows + found) {
            throw new IOException(
                    "ROWS DO NOT MATCH: not all dead letters were replayed; the task: " + api.get("/tasks/" + id));
        }
        site.database().execute(REFUSE);
        return found / seconds;
    }
}
