package dev.sluice.bench.question;

import dev.sluice.bench.result.Answer;
import dev.sluice.bench.result.Goal;
import dev.sluice.bench.result.Series;
import dev.sluice.bench.result.Verdict;
import java.util.ArrayList;
import java.util.List;

/** What it costs to let keys decide on partitions. */
final class KeyedQuestion implements Question {

    private static final int BATCH = 10_000;

    @Override
    public String name() {
        return "keyed";
    }

    @Override
    public String title() {
        return "%,d-record keyed batches by one writer into 4 and 64 partitions, against plain ones into one partition"
                .formatted(BATCH);
    }

    @Override
    public String goal() {
        return "none";
    }

    @Override
    public Answer ask(Lab lab) throws Exception {
        int rows = lab.size(1_000_000, 40_000);
        SinkSettings settings = new SinkSettings().with("keyed_4", "table", 4).with("keyed_64", "table", 64);
        try (Site site = Site.open(lab, name(), 1, settings.list())) {
            site.warmUp(load(BATCH, "--seconds", "" + lab.size(15, 1), "--warmup", "0"));
            List<Rounds.Side> sides = new ArrayList<>();
            for (int partitions : new int[] {4, 64}) {
                String table = "keyed_" + partitions;
                Place place = new Place(table, Place.rows(site.database(), table));
                site.load(place, load(BATCH, "--keyed", "--seconds", "" + lab.size(15, 1), "--warmup", "0"));
                sides.add(new Rounds.Side("keyed, " + partitions + " partitions", "rows/s", () -> {
                    site.reset(table);
                    return site.load(place, load(BATCH, "--keyed", "--requests", "" + rows / BATCH))
                            .rowsPerSecond();
                }));
            }
            sides.add(new Rounds.Side("plain, one partition", "rows/s", () -> {
                site.resetSluice();
                return site.load(load(BATCH, "--requests", "" + rows / BATCH)).rowsPerSecond();
            }));
            List<Series> series = Rounds.run(lab, sides);
            return new Answer(
                    series,
                    List.of(
                            Verdict.ratio(series.get(0), series.get(2), Goal.none()),
                            Verdict.ratio(series.get(1), series.get(2), Goal.none())),
                    List.of(
                            "%,d rows a side and round, one request under way on each side: keyed records are one stream."
                                    .formatted(rows),
                            "A keyed batch is one transaction over all partitions; each key occurs once until the records repeat."));
        }
    }

    private static String[] load(int batch, String... more) {
        List<String> arguments = new ArrayList<>(List.of("--partitions", "1", "--batch", "" + batch));
        arguments.addAll(List.of(more));
        return arguments.toArray(String[]::new);
    }
}
