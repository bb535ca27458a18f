package dev.sluice.bench.question;

import dev.sluice.bench.postgres.Copy;
import dev.sluice.bench.result.Answer;
import dev.sluice.bench.result.Goal;
import dev.sluice.bench.result.Series;
import dev.sluice.bench.result.Verdict;
import java.nio.file.Path;
import java.util.List;

/** What exactly-once over HTTP costs beside the fastest way that PostgreSQL has to take rows in. */
record BatchesQuestion(String name, int batch, Goal bound) implements Question {

    @Override
    public String title() {
        return "%,d-record NDJSON batches by 4 writers to 4 partitions, against COPY by 4 processes".formatted(batch);
    }

    @Override
    public String goal() {
        return bound + " × COPY";
    }

    @Override
    public Answer ask(Lab lab) throws Exception {
        int rows = lab.size(2_000_000, 80_000);
        try (Site site = Site.open(lab, name, 4)) {
            List<Path> files = RowFiles.copy(site.directory(), 4, batch, rows, 0);
            Copy copy = site.copy();
            site.warmUp("--batch", "" + batch, "--seconds", "" + lab.size(15, 1), "--warmup", "0");
            List<Series> series = Rounds.run(
                    lab,
                    List.of(
                            new Rounds.Side("Sluice", "rows/s", () -> {
                                site.resetSluice();
                                return site.load("--batch", "" + batch, "--requests", "" + rows / batch)
                                        .rowsPerSecond();
                            }),
                            new Rounds.Side(copy.name(), "rows/s", () -> {
                                site.resetPeer();
                                return site.copied(files, rows);
                            })));
            return new Answer(
                    series,
                    List.of(Verdict.ratio(series.get(0), series.get(1), bound)),
                    List.of(
                            "%,d rows a side and round; both sides wait for their last commit.".formatted(rows),
                            "COPY commits once per process; Sluice commits each batch with its receipt before it answers.",
                            "The time of COPY contains the start of its processes (some 20 ms for psql)."));
        }
    }
}
