package dev.sluice.bench.question;

import dev.sluice.bench.postgres.MissingToolException;
import dev.sluice.bench.result.Answer;
import dev.sluice.bench.result.Goal;
import dev.sluice.bench.result.Series;
import dev.sluice.bench.result.Verdict;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What a change has cost or brought: another jar of the service beside this one. */
final class BeforeQuestion implements Question {

    @Override
    public String name() {
        return "before";
    }

    @Override
    public String title() {
        return "This service against another jar of it (--before), single records and 10,000-record batches";
    }

    @Override
    public String goal() {
        return "≥ 0.98 × by CPU";
    }

    @Override
    public Answer ask(Lab lab) throws Exception {
        Path before = lab.before();
        if (before == null) {
            throw new MissingToolException("--before names no other jar of the service");
        }
        SingleLoad single = new SingleLoad(lab);
        String[] large = {"--batch", "10000", "--requests", "" + lab.size(200, 8)};
        try (Site now = Site.open(lab, "now", SingleLoad.PARTITIONS);
                Site then = Site.open(lab.with(before), "before", SingleLoad.PARTITIONS)) {
            for (Site site : List.of(now, then)) {
                site.load("--batch", "10000", "--seconds", "" + lab.size(10, 1), "--warmup", "0");
                single.warmUp(site);
            }
            List<Rounds.Side> sides = new ArrayList<>();
            sides.addAll(single.sides("1-record, now", now));
            sides.addAll(single.sides("1-record, before", then));
            sides.add(new Rounds.Side("10,000-record, now", "rows/s", () -> measure(now, large)));
            sides.add(new Rounds.Side("10,000-record, before", "rows/s", () -> measure(then, large)));
            List<Series> series = Rounds.run(lab, sides);
            return new Answer(
                    series,
                    List.of(
                            Verdict.ratio(series.get(0), series.get(2), Goal.none()),
                            Verdict.ratio(series.get(1), series.get(3), Goal.atLeast(0.98)),
                            Verdict.ratio(series.get(4), series.get(5), Goal.none())),
                    List.of("Before: " + before.getFileName() + "; each on a database of its own of the same server."));
        }
    }

    private static double measure(Site site, String... load) throws Exception {
        site.resetSluice();
        return site.load(load).rowsPerSecond();
    }
}
