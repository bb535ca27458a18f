package dev.sluice.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.sluice.postgres.PostgresForTests;
import dev.sluice.postgres.PostgresForTests.Database;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import tools.jackson.databind.JsonNode;

/** A pooler before the database changes nothing of what an acknowledgement means, or is refused by its name. */
@EnabledIf("dev.sluice.scenario.PgBouncer#isInstalled")
@ExtendWith(OutputCaptureExtension.class)
class PoolerIT {

    private static final int PARTITIONS = 8;

    /* What a transaction relies on, as it was in each that has changed a row. */
    private static final String WITNESS = """
            create table seen (relation text, isolation text, durable text, waits text, idles text, takes text);
            create function witness() returns trigger language plpgsql as $$ begin
                insert into public.seen values (tg_relid::regclass::text, current_setting('transaction_isolation'),
                    current_setting('synchronous_commit'), current_setting('lock_timeout'),
                    current_setting('idle_in_transaction_session_timeout'), current_setting('statement_timeout'));
                return null; end $$""";

    /* Not the signs of life, which say nothing wrong if they are lost. */
    private static final String WITNESSES = """
            do $$ declare t regclass; begin
                for t in select oid from pg_class where relkind = 'r'
                     and relname not in ('seen', 'flyway_schema_history', 'replica') and relnamespace in ('public'::regnamespace, 'sluice'::regnamespace) loop
                    execute format('create trigger witness after insert or update or delete on %s for each statement'
                                   ' execute function public.witness()', t);
                end loop; end $$""";

    private Database database;

    @BeforeEach
    void createDatabase() {
        database = PostgresForTests.freshDatabase();
    }

    private static InProcess start(Database through) {
        return InProcess.on(
                through,
                List.of(),
                "sluice.health.failing-after=1s",
                "sluice.sinks.rows.type=table",
                "sluice.sinks.rows.partitions=" + partitions(),
                "sluice.sinks.any.type=table",
                "sluice.sinks.any.order=any",
                "sluice.sinks.any.partitions=0",
                "sluice.sinks.behind.type=table",
                "sluice.sinks.behind.partitions=0,1",
                "sluice.sinks.buffer.type=batching",
                "sluice.sinks.buffer.target=behind",
                "sluice.sinks.buffer.flush-interval=50ms");
    }

    private static String partitions() {
        return IntStream.range(0, PARTITIONS).mapToObj(Integer::toString).collect(Collectors.joining(","));
    }

    private static String values(int count) {
        return IntStream.range(0, count).mapToObj(Integer::toString).collect(Collectors.joining(","));
    }

    /** Lowers, for all sessions that are made from now on, what the service promises to raise. */
    private void lowerTheDefaults() {
        String name = database.url().replaceFirst(".*/([^/?]+).*", "$1");
        for (String setting : List.of(
                "default_transaction_isolation = 'serializable'",
                "default_transaction_deferrable = on",
                "synchronous_commit = off",
                "lock_timeout = '77s'",
                "statement_timeout = '88s'",
                "idle_in_transaction_session_timeout = '99s'")) {
            InProcess.execute(
                    database, "alter role " + database.username() + " in database " + name + " set " + setting);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"transaction", "session", "none"})
    void letsEachTransactionBringWhatItReliesOn(String mode) {
        lowerTheDefaults();
        try (PgBouncer pooler = PgBouncer.before(database, mode.equals("none") ? "session" : mode);
                InProcess service = start(mode.equals("none") ? database : pooler.database())) {
            InProcess.execute(database, WITNESS);
            InProcess.execute(database, WITNESSES);
            Client client = service.client();
            writeAtOnce(client);
            client.put("/sinks/later", "{\"type\":\"table\",\"partitions\":[\"0\"]}");
            client.batch("any", "0", 50, values(40)).isWritten("committed");
            client.batch("any", "0", 0, values(50)).isWritten("committed");
            client.batch("buffer", "0", 0, values(100)).isWritten("committed");
            assertThat(client.open("rows", "0", "{\"owner\":\"w\",\"resume\":{\"nextOffset\":5}}")
                            .status())
                    .isEqualTo(200);
            assertThat(client.post("/incarnation", Client.JSON, "{\"reason\":\"a test\"}")
                            .status())
                    .isEqualTo(200);
            await().untilAsserted(() -> assertThat(InProcess.query(database, "select count(*) from behind"))
                    .containsExactly("100"));
            assertThat(InProcess.query(database, "select count(distinct relation) > 5 from seen"))
                    .containsExactly("t");
            assertThat(InProcess.query(
                            database,
                            "select relation, isolation, durable, waits, idles, takes, count(*) from seen"
                                    + " where (isolation, durable, idles, takes) <> ('read committed', 'on', '10s', '45s')"
                                    + " or waits not in ('5s', '500ms') group by 1, 2, 3, 4, 5, 6"))
                    .isEmpty();
            JsonNode durability = client.get("/actuator/info").body().path("durability");
            assertThat(durability.path("synchronousCommit").stringValue()).isEqualTo("on");
            assertThat(durability.path("findings").isMissingNode()).isTrue();
        }
    }

    private static void writeAtOnce(Client client) {
        List<CompletableFuture<Void>> writers = new ArrayList<>();
        for (int i = 0; i < PARTITIONS; i++) {
            String partition = Integer.toString(i);
            writers.add(CompletableFuture.runAsync(() -> {
                for (int batch = 0; batch < 5; batch++) {
                    client.batch("rows", partition, batch * 103L, values(3)).isWritten("committed");
                    client.batch("rows", partition, batch * 103L + 3, values(100))
                            .isWritten("committed");
                    client.batch("rows", partition, batch * 103L, values(3)).isWritten("duplicate");
                }
            }));
        }
        writers.forEach(CompletableFuture::join);
    }

    @Test
    void refusesAPoolerThatGivesASessionToEachStatement(CapturedOutput output) {
        try (PgBouncer pooler = PgBouncer.before(database, "statement")) {
            assertThatThrownBy(() -> start(pooler.database()).close()).isNotNull();
        }
        assertThat(output)
                .contains("APPLICATION FAILED TO START")
                .contains("The pooler before the database gives a session to each statement")
                .contains("set pool_mode = transaction or session there")
                .doesNotContain("Waiting for the database", "Check that the server is running");
        assertThat(InProcess.query(database, "select 1 from pg_namespace where nspname = 'sluice'"))
                .isEmpty();
    }

    /* Also where migrations go past it. */
    @Test
    void refusesItWhereNothingIsToBeMigrated(CapturedOutput output) {
        start(database).close();
        try (PgBouncer pooler = PgBouncer.before(database, "statement")) {
            assertThatThrownBy(() -> InProcess.on(
                                    pooler.database(),
                                    List.of(),
                                    "spring.flyway.url=" + database.url(),
                                    "spring.flyway.user=" + database.username(),
                                    "spring.flyway.password=" + database.password())
                            .close())
                    .isNotNull();
        }
        assertThat(output).contains("set pool_mode = transaction or session there");
    }

    @Test
    void losesNothingWhileAPoolerGivesASessionToEachStatement() throws Exception {
        try (PgBouncer pooler = PgBouncer.before(database, "transaction");
                InProcess service = start(pooler.database())) {
            Client client = service.client();
            client.batch("rows", "0", 0, values(100)).isWritten("committed");
            pooler.become("statement");
            for (int count : new int[] {3, 100}) {
                assertThat(client.batch("rows", "0", 100, values(count))
                                .isProblem(503, "storage-unavailable")
                                .text("detail"))
                        .contains("statement pooling");
            }
            await().untilAsserted(() -> assertThat(
                            client.get("/actuator/health/alert").body().toString())
                    .contains("nothing but failures since", "statement pooling"));
            assertThat(InProcess.query(database, "select count(*) from rows")).containsExactly("100");
            pooler.become("transaction");
            await().untilAsserted(
                            () -> client.batch("rows", "0", 100, values(100)).isWritten("committed"));
            client.batch("rows", "0", 0, values(100)).isWritten("duplicate");
            assertThat(InProcess.query(database, "select count(*), max(source_offset) from rows"))
                    .containsExactly("200 199");
        }
    }
}
