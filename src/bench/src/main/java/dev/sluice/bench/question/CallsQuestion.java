package dev.sluice.bench.question;

import dev.sluice.bench.result.Answer;
import dev.sluice.bench.result.Goal;
import dev.sluice.bench.result.Series;
import dev.sluice.bench.result.Verdict;
import java.util.ArrayList;
import java.util.List;

/** How fast batches get to an HTTP API, beside a table and beside the API alone. */
record CallsQuestion(String name, int batch, Goal besideTable, Goal besideReceiver) implements Question {

    private static final int PARTITIONS = 64;

    @Override
    public String title() {
        return "%,d-record batches to an HTTP API, %d partitions, against the same into a table, and against the API alone"
                .formatted(batch, PARTITIONS);
    }

    @Override
    public String goal() {
        return besideTable.kind() == Goal.Kind.NONE
                ? besideReceiver + " × the receiver alone"
                : besideTable + " × table";
    }

    @Override
    public Answer ask(Lab lab) throws Exception {
        try (HttpTarget target = HttpTarget.start(lab.directory(name));
                Site site = Site.open(
                        lab,
                        name,
                        PARTITIONS,
                        new SinkSettings()
                                .with("calls", "http", PARTITIONS, "envelope=ndjson", "url=" + target.url() + "/in")
                                .list())) {
            Place calls = new Place("calls", target::lines);
            String[] load = Loads.of(PARTITIONS, batch, lab.size(15, 1));
            site.warmUp(load);
            site.load(calls, Loads.of(PARTITIONS, batch, lab.size(20, 1)));
            target.load(Loads.of(PARTITIONS, batch, lab.size(5, 1)));
            List<Rounds.Side> sides = List.of(
                    new Rounds.Side("http", "records/s", () -> {
                        site.resetSluice();
                        return site.load(calls, load).rowsPerSecond();
                    }),
                    new Rounds.Side("table", "records/s", () -> {
                        site.resetSluice();
                        return site.load(load).rowsPerSecond();
                    }),
                    new Rounds.Side("receiver alone", "records/s", () -> {
                        site.database().execute("checkpoint");
                        return target.load(load).rowsPerSecond();
                    }));
            return Benthos.present(lab) ? besideBenthos(lab, target, site, sides, load) : answer(lab, sides);
        }
    }

    private Answer besideBenthos(Lab lab, HttpTarget target, Site site, List<Rounds.Side> sides, String... load)
            throws Exception {
        String output = "http_client: {url: \"%s/in\", verb: POST, max_in_flight: %d, timeout: 60s}"
                .formatted(target.url(), PARTITIONS);
        try (Benthos benthos = Benthos.start(lab, site.directory(), output)) {
            Place place = new Place("benthos", target::lines);
            benthos.load(place, Loads.of(PARTITIONS, batch, lab.size(5, 1)));
            List<Rounds.Side> all = new ArrayList<>(sides);
            all.add(new Rounds.Side("Benthos, http_server to http_client", "records/s", () -> {
                site.database().execute("checkpoint");
                return benthos.load(place, load).rowsPerSecond();
            }));
            return answer(lab, all);
        }
    }

    private Answer answer(Lab lab, List<Rounds.Side> sides) throws Exception {
        List<Series> series = Rounds.run(lab, sides);
        List<Verdict> verdicts = new ArrayList<>(List.of(
                Verdict.ratio(series.get(0), series.get(1), besideTable),
                Verdict.ratio(series.get(0), series.get(2), besideReceiver)));
        series.stream().skip(3).forEach(s -> verdicts.add(Verdict.ratio(series.get(0), s, Goal.none())));
        return new Answer(
                series,
                verdicts,
                List.of(
                        "%d connections to %d partitions; a request to the API for each batch, envelope ndjson."
                                .formatted(PARTITIONS, PARTITIONS),
                        "The receiver is the JDK's HttpServer with 4 threads on the same machine: it counts the lines of what comes, and answers 200. Alone, the load generator sends it the same bodies.",
                        series.size() > 3
                                ? "Benthos passes each body on as it is before it answers; it numbers, compares and keeps nothing, and a repetition arrives twice."
                                : Benthos.MISSING));
    }
}
