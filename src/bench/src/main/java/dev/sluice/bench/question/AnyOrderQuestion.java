package dev.sluice.bench.question;

import dev.sluice.bench.result.Answer;
import dev.sluice.bench.result.Goal;
import dev.sluice.bench.result.Series;
import dev.sluice.bench.result.Verdict;
import java.util.List;

/** What it costs that offsets may come in any order, when they come in order. */
final class AnyOrderQuestion implements Question {

    private static final int BATCH = 10_000;

    @Override
    public String name() {
        return "any-order";
    }

    @Override
    public String title() {
        return "%,d-record batches in order by 4 writers to 4 partitions: order any, against order offset"
                .formatted(BATCH);
    }

    @Override
    public String goal() {
        return "≥ 0.9 × order offset";
    }

    @Override
    public Answer ask(Lab lab) throws Exception {
        int rows = lab.size(2_000_000, 80_000);
        String[] load = {"--batch", "" + BATCH, "--requests", "" + rows / BATCH};
        String[] warming = {"--batch", "" + BATCH, "--seconds", "" + lab.size(15, 1), "--warmup", "0"};
        SinkSettings settings = new SinkSettings().with("scattered", "table", 4, "order=any");
        try (Site site = Site.open(lab, name(), 4, settings.list())) {
            Place scattered = new Place("scattered", Place.rows(site.database(), "scattered"));
            site.warmUp(warming);
            site.load(scattered, warming);
            List<Series> series = Rounds.run(
                    lab,
                    List.of(
                            new Rounds.Side("order any", "rows/s", () -> {
                                site.reset("scattered");
                                return site.load(scattered, load).rowsPerSecond();
                            }),
                            new Rounds.Side("order offset", "rows/s", () -> {
                                site.resetSluice();
                                return site.load(load).rowsPerSecond();
                            })));
            return new Answer(
                    series,
                    List.of(Verdict.ratio(series.get(0), series.get(1), Goal.atLeast(0.9))),
                    List.of("%,d rows a side and round; two tables of the same service, the same batches."
                            .formatted(rows)));
        }
    }
}
