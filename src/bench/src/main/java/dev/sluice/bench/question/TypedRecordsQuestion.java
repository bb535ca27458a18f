package dev.sluice.bench.question;

import dev.sluice.bench.result.Answer;
import dev.sluice.bench.result.Goal;
import dev.sluice.bench.result.Series;
import dev.sluice.bench.result.Verdict;
import java.util.List;

/** What columns of the user's own cost where each request has one record. */
final class TypedRecordsQuestion implements Question {

    private static final int PARTITIONS = 64;
    private static final Goal GOAL = Goal.atLeast(0.95);

    @Override
    public String name() {
        return "columns-records";
    }

    @Override
    public String title() {
        return "Single-record requests, 256 connections, 64 partitions, into eight columns of a table, against one of jsonb";
    }

    @Override
    public String goal() {
        return GOAL + " × jsonb";
    }

    @Override
    public Answer ask(Lab lab) throws Exception {
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
            "" + lab.size(10, 1)
        };
        SinkSettings settings = new SinkSettings().with("typed", "table", PARTITIONS, FlightColumns.settings());
        try (Site site = Site.open(lab, name(), PARTITIONS, settings.list())) {
            Place typed = new Place("typed", Place.rows(site.database(), "typed"));
            site.warmUp(load);
            site.load(typed, load);
            List<Series> series = Rounds.run(
                    lab,
                    List.of(
                            new Rounds.Side("columns", "records/s", () -> {
                                site.reset("typed");
                                return site.load(typed, load).requestsPerSecond();
                            }),
                            new Rounds.Side("jsonb", "records/s", () -> {
                                site.resetSluice();
                                return site.load(load).requestsPerSecond();
                            })));
            return new Answer(
                    series,
                    List.of(Verdict.ratio(series.get(0), series.get(1), GOAL)),
                    List.of("Columns: timestamp, integer (2), text (4), uuid, and the two of the position."));
        }
    }
}
