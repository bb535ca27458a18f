package dev.sluice.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.postgres.PostgresForTests;
import dev.sluice.postgres.PostgresForTests.Database;
import java.sql.Connection;
import java.sql.Statement;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is no ordinary table is refused with the reason, or taken by its name with what is left of the guarantee. */
class RelationKindsIT {

    private static final String KEYED = " (partition_id text not null, source_offset bigint not null,"
            + " data jsonb not null, primary key (partition_id, source_offset))";
    private static final String FOREIGN = " (partition_id text not null, source_offset bigint not null,"
            + " data jsonb not null) server %s options (%s)";

    private static InProcess service;
    private static Client client;
    private static Database remote;

    @BeforeAll
    static void start() {
        service = InProcess.start();
        client = service.client();
        remote = PostgresForTests.freshDatabase();
        InProcess.execute(remote, "create table behind" + KEYED);
        // As the server itself is reached, which may be in a container.
        String[] address = InProcess.query(
                        remote, "select host(inet_server_addr()), inet_server_port(), current_database()")
                .get(0)
                .split(" ", -1);
        service.execute("create extension postgres_fdw; create extension file_fdw");
        service.execute(
                "create server remote foreign data wrapper postgres_fdw options (host '%s', port '%s', dbname '%s')"
                        .formatted((Object[]) address));
        service.execute("create user mapping for current_user server remote options (user '%s', password '%s')"
                .formatted(remote.username(), remote.password()));
        service.execute("create server files foreign data wrapper file_fdw");
        service.execute("create table behind" + KEYED);
        service.execute("create view seen as select * from behind");
        service.execute("create view counted as select partition_id, max(source_offset) as source_offset,"
                + " jsonb_agg(data) as data from behind group by partition_id");
        service.execute("create materialized view kept as select * from behind");
        service.execute("create sequence numbers");
        service.execute("create type composite as (partition_id text, source_offset bigint, data jsonb)");
        service.execute("create index of_behind on behind (data)");
        service.execute("create foreign table far" + FOREIGN.formatted("remote", "table_name 'behind'"));
        service.execute("create foreign table file" + FOREIGN.formatted("files", "filename '/dev/null'"));
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    private static Answer put(String table, String accepted) {
        return client.put(
                "/sinks/of_" + table,
                "{\"type\":\"table\",\"partitions\":[\"0\"],\"table\":\"%s\",\"accept\":[%s]}"
                        .formatted(table, accepted));
    }

    private static String values(int count, int from) {
        return IntStream.range(from, from + count).mapToObj(Integer::toString).collect(Collectors.joining(","));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "seen      | ''                                  | is a view: where its rows go",
                "seen      | '\"unlogged\",\"foreign\"'          | accept it by its name, accept: [view]",
                "counted   | '\"view\"'                          | takes no inserts",
                "kept      | ''                                  | is a materialized view, which takes no rows",
                "kept      | '\"view\",\"foreign\",\"unlogged\"' | is a materialized view, which takes no rows",
                "numbers   | '\"view\"'                          | is no table (pg_class.relkind S)",
                "composite | '\"view\"'                          | is no table (pg_class.relkind c)",
                "of_behind | '\"view\"'                          | is no table (pg_class.relkind i)",
                "far       | ''                                  | its server does not commit together with this one",
                "far       | '\"view\"'                          | then the guarantee of this sink is at-least-once",
                "file      | '\"foreign\"'                       | takes no inserts",
            })
    void refusesAtPutWhatDoesNotKeepRecords(String table, String accepted, String told) {
        assertThat(put(table, accepted).isProblem(422, "invalid-definition").text("detail"))
                .contains("the table public." + table)
                .contains(told);
        client.get("/sinks/of_" + table).isProblem(404, "unknown-sink");
    }

    @Test
    void promisesNothingForAView() {
        service.execute("create table \"base\"" + KEYED + "; create view accepted_view as select * from base");
        assertThat(put("accepted_view", "\"view\"").text("guarantee")).isEqualTo("none");
        client.batch("of_accepted_view", "0", 0, values(3, 0)).isWritten("committed");
        client.batch("of_accepted_view", "0", 3, values(100, 3)).isWritten("committed");
        client.batch("of_accepted_view", "0", 0, values(3, 0)).isWritten("duplicate");
        assertThat(service.query("select count(*), max(source_offset) from base"))
                .containsExactly("103 102");
        // What it shows changes under the running sink.
        service.execute("create or replace view accepted_view as select distinct * from base");
        for (int count : new int[] {3, 100}) {
            assertThat(client.batch("of_accepted_view", "0", 103, values(count, 103))
                            .isProblem(500, "target-broken")
                            .text("detail"))
                    .contains("the table public.accepted_view");
        }
        await().untilAsserted(
                        () -> assertThat(client.get("/actuator/health").body().toString())
                                .contains("public.accepted_view is a view that takes no inserts"));
        service.execute("create or replace view accepted_view as select * from base");
        client.batch("of_accepted_view", "0", 103, values(100, 103)).isWritten("committed");
        put("accepted_view", "").isProblem(422, "invalid-definition");
    }

    @Test
    void writesToAForeignTableAtLeastOnce() {
        InProcess.execute(remote, "create table distant" + KEYED);
        service.execute("create foreign table distant" + FOREIGN.formatted("remote", "table_name 'distant'"));
        assertThat(put("distant", "\"foreign\"").text("guarantee")).isEqualTo("at-least-once");
        client.batch("of_distant", "0", 0, values(3, 0)).isWritten("committed");
        client.batch("of_distant", "0", 3, values(100, 3)).isWritten("committed");
        client.batch("of_distant", "0", 0, values(3, 0)).isWritten("duplicate");
        assertThat(InProcess.query(remote, "select count(*), sum(data::text::int) from distant"))
                .containsExactly("103 5253");
        // What its server says is the target's fault, and a record's only where it is about the record.
        InProcess.execute(remote, "alter table distant rename to elsewhere");
        assertThat(client.batch("of_distant", "0", 103, "1").text("type"))
                .isIn("/problems/target-unavailable", "/problems/target-broken");
        InProcess.execute(remote, "alter table elsewhere rename to distant");
        client.batch("of_distant", "0", 103, "103").isWritten("committed");
    }

    @Test
    void refusesAPartitionThatIsForeign() {
        service.execute("create table parted" + KEYED + " partition by list (partition_id)");
        service.execute("create table parted_0 partition of parted for values in ('0')");
        assertThat(put("parted", "").status()).isEqualTo(201);
        client.batch("of_parted", "0", 0, values(3, 0)).isWritten("committed");
        InProcess.execute(remote, "create table leaf" + KEYED);
        service.execute("alter table parted drop constraint parted_pkey");
        service.execute("create foreign table parted_1 partition of parted for values in ('1') server remote"
                + " options (table_name 'leaf')");
        client.batch("of_parted", "0", 3, values(3, 3)).isProblem(500, "target-broken");
    }

    /* Its name is found first by whoever does not name the schema. */
    @Test
    void doesNotMindATemporaryTableOfAnotherSession() throws Exception {
        try (Connection other = service.database().connect();
                Statement statement = other.createStatement()) {
            statement.execute("create temporary table shadow (partition_id text, source_offset int, data xml)");
            assertThat(put("shadow", "").status()).isEqualTo(201);
            client.batch("of_shadow", "0", 0, values(3, 0)).isWritten("committed");
            client.batch("of_shadow", "0", 3, values(100, 3)).isWritten("committed");
            statement.execute("create temporary table behind" + KEYED);
            assertThat(put("behind", "").status()).isEqualTo(201);
            client.batch("of_behind", "0", 0, values(100, 0)).isWritten("committed");
        }
        assertThat(service.query("select count(*) from public.shadow")).containsExactly("103");
        assertThat(service.query("select count(*) from public.behind")).containsExactly("100");
    }

    @ParameterizedTest
    @CsvSource({"pg_temp.x", "pg_temp_3.x", "pg_catalog.pg_class", "information_schema.tables"})
    void refusesSchemasThatAreNotForRecords(String table) {
        Answer answer =
                client.put("/sinks/own", "{\"type\":\"table\",\"partitions\":[\"0\"],\"table\":\"" + table + "\"}");
        answer.isProblem(422, "invalid-definition");
        assertThat(service.query("select 1 from pg_class where relname = 'x'")).isEmpty();
    }
}
