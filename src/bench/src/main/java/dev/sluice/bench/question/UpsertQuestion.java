package dev.sluice.bench.question;

import dev.sluice.bench.postgres.Copy;
import dev.sluice.bench.result.Answer;
import dev.sluice.bench.result.Goal;
import dev.sluice.bench.result.Series;
import dev.sluice.bench.result.Verdict;
import java.nio.file.Path;
import java.util.List;

/** What upserts cost beside those that one writes by hand: COPY into a temporary table, and from there. */
final class UpsertQuestion implements Question {

    private static final int BATCH = 10_000;
    private static final String COLUMNS = "id, date, delay, distance, origin, destination, carrier, note";

    private static final String BY_HAND = """
            create temporary table t (like upserted)
            \\copy t (%1$s) from '%%s'
            insert into peer.upserted (%1$s) select distinct on (id) %1$s from t order by id on conflict (id) do update \
            set date = excluded.date, delay = excluded.delay, distance = excluded.distance, origin = excluded.origin, \
            destination = excluded.destination, carrier = excluded.carrier, note = excluded.note
            """.formatted(COLUMNS);

    @Override
    public String name() {
        return "upsert";
    }

    @Override
    public String title() {
        return "%,d-record batches by one writer into the rows of their keys, all there, against COPY and INSERT ON CONFLICT"
                .formatted(BATCH);
    }

    @Override
    public String goal() {
        return "≥ 1 × by hand";
    }

    @Override
    public Answer ask(Lab lab) throws Exception {
        int rows = lab.size(500_000, 40_000);
        String[] load = {"--partitions", "1", "--batch", "" + BATCH, "--requests", "" + rows / BATCH};
        String[] warming = {"--partitions", "1", "--batch", "" + BATCH, "--seconds", "" + lab.size(15, 1)};
        SinkSettings settings = new SinkSettings()
                .with("upserted", "table", 1, FlightColumns.settings("mode=upsert", "key=id", "position=none"));
        try (Site site = Site.open(lab, name(), 1, settings.list())) {
            site.warmUp(warming);
            Place upserted = new Place("upserted", List.of());
            site.load(upserted, warming);
            Path file = site.directory().resolve("upserted.rows");
            site.copy().scripts("\\copy (select " + COLUMNS + " from upserted) to '%s'", List.of(file));
            long keys = site.database().number("select count(*) from upserted");
            site.database()
                    .execute(
                            "create table peer.upserted (like upserted including all)",
                            "insert into peer.upserted select * from upserted");
            Copy copy = site.copy();
            List<Series> series = Rounds.run(
                    lab,
                    List.of(
                            new Rounds.Side("Sluice", "rows/s", () -> {
                                site.database().execute("vacuum analyze upserted", "checkpoint");
                                return site.load(upserted, load).rowsPerSecond();
                            }),
                            new Rounds.Side("by psql", "rows/s", () -> {
                                site.database().execute("vacuum analyze peer.upserted", "checkpoint");
                                return keys / copy.scripts(BY_HAND, List.of(file));
                            })));
            return new Answer(
                    series,
                    List.of(Verdict.ratio(series.get(0), series.get(1), Goal.atLeast(1))),
                    List.of(
                            "%,d rows a round by Sluice, %,d by hand; so many keys are there.".formatted(rows, keys),
                            "psql commits once, Sluice after each batch."));
        }
    }
}
