package dev.sluice.bench.question;

import dev.sluice.bench.postgres.Copy;
import dev.sluice.bench.result.Answer;
import dev.sluice.bench.result.Goal;
import dev.sluice.bench.result.Series;
import dev.sluice.bench.result.Verdict;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** What columns of the user's own cost, beside the whole record as jsonb, and beside COPY of the rows as they will be. */
record TypedQuestion(String name, int batch, Goal besideJsonb, Goal besideCopy) implements Question {

    private static final int PARTITIONS = 4;

    @Override
    public String title() {
        return "%,d-record batches by 4 writers into eight columns of a table, against one of jsonb, and against COPY of the rows"
                .formatted(batch);
    }

    @Override
    public String goal() {
        return besideJsonb + " × jsonb, " + besideCopy + " × COPY";
    }

    @Override
    public Answer ask(Lab lab) throws Exception {
        int rows = lab.size(2_000_000, 80_000);
        String[] load = {"--batch", "" + batch, "--requests", "" + rows / batch};
        String[] warming = {"--batch", "" + batch, "--seconds", "" + lab.size(15, 1), "--warmup", "0"};
        SinkSettings settings = new SinkSettings().with("typed", "table", PARTITIONS, FlightColumns.settings());
        try (Site site = Site.open(lab, name, PARTITIONS, settings.list())) {
            Place typed = new Place("typed", Place.rows(site.database(), "typed"));
            site.warmUp(warming);
            site.load(typed, warming);
            site.reset("typed");
            site.load(typed, load);
            List<Path> files = new ArrayList<>();
            for (String partition :
                    IntStream.range(0, PARTITIONS).mapToObj(Integer::toString).toList()) {
                Path file = site.directory().resolve("typed." + partition);
                site.copy()
                        .scripts(
                                "\\copy (select * from typed where partition_id = '" + partition
                                        + "' order by source_offset) to '%s'",
                                List.of(file));
                files.add(file);
            }
            site.database().execute("create table peer.typed (like typed including all)");
            Copy copy = site.copy();
            List<Series> series = Rounds.run(
                    lab,
                    List.of(
                            new Rounds.Side("columns", "rows/s", () -> {
                                site.reset("typed");
                                return site.load(typed, load).rowsPerSecond();
                            }),
                            new Rounds.Side("jsonb", "rows/s", () -> {
                                site.resetSluice();
                                return site.load(load).rowsPerSecond();
                            }),
                            new Rounds.Side(copy.name(), "rows/s", () -> {
                                site.database().execute("truncate peer.typed", "checkpoint");
                                return rows / copy.scripts("\\copy peer.typed from '%s'", files);
                            })));
            return new Answer(
                    series,
                    List.of(
                            Verdict.ratio(series.get(0), series.get(1), besideJsonb),
                            Verdict.ratio(series.get(0), series.get(2), besideCopy)),
                    List.of(
                            "%,d rows a side and round; the same records in all, COPY into a table like the first one."
                                    .formatted(rows),
                            "Columns: timestamp, integer (2), text (4), uuid, and the two of the position."));
        }
    }
}
