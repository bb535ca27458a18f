package dev.sluice.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.postgres.PostgresForTests;
import dev.sluice.postgres.PostgresForTests.Database;
import java.util.List;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;

/** Dead letters that an earlier version has left are there, as they were. */
class DeadLetterMigrationIT {

    private static final String WHY = "{\"reason\":\"mended\"}";

    @Test
    void keepsWhatAnEarlierVersionHasLeft() {
        Database database = PostgresForTests.freshDatabase();
        Flyway.configure()
                .dataSource(database.url(), database.username(), database.password())
                .schemas("sluice")
                .createSchemas(true)
                .locations("classpath:db/migration", "classpath:db/vendor/postgresql")
                .target("11")
                .load()
                .migrate();
        InProcess.execute(database, """
                insert into sluice.dead_letter (sink, partition_id, source_offset, data, hash, code, field, message,
                                                fencing_token, record_number, refused_at, edited, state, revision,
                                                changed_by, changed_at)
                select 'rows', '0', n, convert_to('{"n":' || n || '}', 'UTF8'), n, '23514', 'good', 'refused', 0, n + 1,
                       '2026-01-02T03:04:05Z', case when n = 1 then convert_to('{"n":10}', 'UTF8') end,
                       (array['open', 'open', 'replayed', 'discarded'])[n + 1], n, 'somebody', now()
                  from generate_series(0, 3) n""");
        try (InProcess service =
                InProcess.on(database, List.of(), "sluice.sinks.rows.type=table", "sluice.sinks.rows.partitions=0")) {
            Client client = service.client();
            String letters = "/sinks/rows/partitions/0/dead-letters/";
            assertThat(client.get("/sinks/rows/dead-letters?state=all").body().path("deadLetters"))
                    .hasSize(4);
            assertThat(client.get("/sinks/rows/dead-letters").body().path("deadLetters"))
                    .hasSize(2);
            client.get(letters + "1").has("state", "open").has("revision", 1).has("changedBy", "somebody");
            client.get(letters + "2").has("state", "replayed").has("refusedAt", "2026-01-02T03:04:05Z");
            client.post(letters + "0/discard", Client.JSON, WHY).has("state", "discarded");
            client.post(letters + "1/replay", Client.JSON, WHY).has("state", "replayed");
            assertThat(service.query("select source_offset, data ->> 'n' from rows"))
                    .containsExactly("1 10");
            client.post(letters + "2/replay", Client.JSON, WHY).isProblem(409, "dead-letter-changed");
            assertThat(service.query("select source_offset, state, revision from sluice.dead_letter order by 1"))
                    .containsExactly("0 discarded 1", "1 replayed 2", "2 replayed 2", "3 discarded 3");
            assertThat(service.query("select count(*) from sluice.dead_letter_open"))
                    .containsExactly("0");
        }
    }
}
