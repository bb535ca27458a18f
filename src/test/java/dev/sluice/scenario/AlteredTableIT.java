package dev.sluice.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A table that is altered under a running sink: each write is decided against the table as it is in its transaction. What
 * is acknowledged is stored as SQL would store it, and small batches and large ones get the same answer.
 */
class AlteredTableIT {

    private static final int SMALL = 3;
    private static final int LARGE = 100;

    private static final AtomicInteger names = new AtomicInteger();

    private static InProcess service;
    private static Client client;

    @BeforeAll
    static void start() {
        service = InProcess.start("spring.application.name=sluice");
        client = service.client();
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    /** Makes a sink with a table that has acknowledged records in it. */
    private static String sink(String settings) {
        String sink = "t" + names.incrementAndGet();
        assertThat(put(sink, settings).status()).isEqualTo(201);
        client.batch(sink, "0", 0, values(LARGE, 0)).isWritten("committed");
        return sink;
    }

    private static Answer put(String sink, String settings) {
        return client.put("/sinks/" + sink, "{\"type\":\"table\",\"partitions\":[\"0\",\"1\"]" + settings + "}");
    }

    private static String values(int count, int from) {
        return IntStream.range(from, from + count)
                .mapToObj(i -> "{\"i\": " + i + "}")
                .collect(Collectors.joining(","));
    }

    private static long next(String sink) {
        return client.snapshot(sink, "0").number("nextOffset");
    }

    private static Answer write(String sink, int count) {
        return client.batch(sink, "0", next(sink), values(count, (int) next(sink)));
    }

    /* What must be refused, in whatever form: column types, kind, persistence, the key, defaults, rights. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "alter table {t} alter data type text using data::text | of type jsonb, but it is of type text",
                "alter table {t} alter data type bytea using convert_to(data::text, 'UTF8') | but it is of type bytea",
                "alter table {t} alter data type json using data::json | but it is of type json",
                "alter table {t} alter source_offset type double precision | but it is of type double precision",
                "alter table {t} alter source_offset type numeric | but it is of type numeric",
                "alter table {t} alter source_offset type integer | but it is of type integer",
                "alter table {t} alter partition_id type varchar(10) | but it is of type character varying",
                "alter table {t} alter partition_id type bytea using partition_id::bytea | but it is of type bytea",
                "alter table {t} rename column data to payload | needs a column data of type jsonb, and has none",
                "alter table {t} drop column data | needs a column data of type jsonb, and has none",
                "alter table {t} set unlogged | is unlogged",
                "alter table {t} drop constraint {t}_pkey | has no unique key",
                "alter table {t} add column other int not null default 1; alter table {t} alter other drop default"
                        + " | NOT NULL without a default",
                "alter table {t} alter source_offset add generated always as identity | GENERATED ALWAYS AS IDENTITY",
                "alter table {t} drop column data; alter table {t} add column data jsonb generated always as (null) stored"
                        + " | generated from others",
            })
    void refusesWhatTheSinkCannotWriteTo(String ddl, String told) {
        String sink = sink("");
        service.execute(ddl.replace("{t}", sink));
        for (int count : new int[] {SMALL, LARGE}) {
            assertThat(write(sink, count).isProblem(500, "target-broken").text("detail"))
                    .as(count + " records")
                    .contains("the table public." + sink)
                    .contains(told);
        }
        client.post(
                        "/sinks/" + sink + "/records",
                        Client.JSON,
                        "{\"offset\":100,\"records\":[{\"key\":\"a\",\"value\":1},{\"key\":\"b\",\"value\":2}]}")
                .isProblem(500, "target-broken");
        // A repetition is no duplicate either of what may not be there any more, or not as it was.
        client.batch(sink, "0", 0, values(LARGE, 0)).isProblem(500, "target-broken");
        assertThat(service.query("select count(*) from " + sink)).containsExactly("100");
        await().untilAsserted(() ->
                assertThat(client.get("/actuator/health").body().toString()).contains(told));
    }

    /* What may be altered: it is stored as SQL stores it. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "alter table {t} add column note text default 'x'",
                "alter table {t} add column seen timestamptz not null default now()",
                "alter table {t} add column id bigint generated always as identity",
                "alter table {t} add column bytes int generated always as (length(data::text)) stored",
                "alter table {t} rename constraint {t}_pkey to other_name",
                "alter table {t} add column first_column text; create index on {t} (first_column)",
                "alter table {t} set (fillfactor = 50); vacuum full {t}",
                "alter table {t} alter source_offset add generated by default as identity",
                "alter table {t} add check (source_offset >= 0)",
                "alter table {t} alter data set storage external",
                "cluster {t} using {t}_pkey",
                "reindex table {t}",
                "alter table {t} replica identity full",
            })
    void goesOnWhereNothingIsInTheWay(String ddl) {
        String sink = sink("");
        for (String statement : ddl.replace("{t}", sink).split(";", -1)) {
            service.execute(statement);
        }
        write(sink, SMALL).isWritten("committed");
        write(sink, LARGE).isWritten("committed");
        assertStored(sink, LARGE + SMALL + LARGE);
    }

    private static void assertStored(String sink, int count) {
        assertThat(service.query("select count(*), min(source_offset), max(source_offset),"
                        + " bool_and(data = jsonb_build_object('i', source_offset)) from " + sink
                        + " where partition_id = '0'"))
                .containsExactly(count + " 0 " + (count - 1) + " t");
    }

    @Test
    void goesRoundNoRuleThatWasAddedLater() {
        String sink = sink("");
        service.execute("create table public.shadow_" + sink + " (like " + sink + ")");
        service.execute("create rule copies as on insert to " + sink + " do also insert into shadow_" + sink
                + " values (new.*)");
        write(sink, LARGE).isWritten("committed");
        write(sink, SMALL).isWritten("committed");
        assertThat(service.query("select count(*) from shadow_" + sink)).containsExactly("" + (LARGE + SMALL));
        assertStored(sink, LARGE + LARGE + SMALL);
    }

    @Test
    void heedsATriggerThatWasAddedLater() {
        String sink = sink("");
        service.execute("create function swallow_" + sink + "() returns trigger language plpgsql as"
                + " 'begin return case when new.source_offset % 2 = 1 then null else new end; end'");
        service.execute("create trigger swallows before insert on " + sink + " for each row execute function swallow_"
                + sink + "()");
        write(sink, LARGE).isProblem(500, "target-broken");
        write(sink, SMALL).isProblem(500, "target-broken");
        assertStored(sink, LARGE);
    }

    @Test
    void refusesPartitionsThatDoNotKeepTheirRows() {
        String table = "parted" + names.incrementAndGet();
        service.execute("create table public." + table + " (partition_id text not null, source_offset bigint not null,"
                + " data jsonb not null, day date not null default current_date,"
                + " primary key (day, partition_id, source_offset)) partition by range (day)");
        service.execute("create table public." + table + "_all partition of " + table + " default");
        String sink = sink(",\"table\":\"" + table + "\"");
        service.execute("alter table " + table + "_all set unlogged");
        for (int count : new int[] {SMALL, LARGE}) {
            assertThat(write(sink, count).isProblem(500, "target-broken").text("detail"))
                    .contains("has the partition " + table + "_all, which is unlogged");
        }
        service.execute("alter table " + table + "_all set logged");
        write(sink, LARGE).isWritten("committed");
        put("u" + table, ",\"table\":\"" + table + "_all\"").isProblem(422, "invalid-definition");
    }

    /* While a batch is under way, the table stays as it was looked at; whoever alters it waits. */
    @Test
    void keepsTheTableAsItWasLookedAtUntilTheBatchIsCommitted() throws Exception {
        String sink = sink("");
        service.execute("create function slow_" + sink + "() returns trigger language plpgsql as"
                + " 'begin perform pg_advisory_xact_lock_shared(17); return new; end'");
        service.execute(
                "create trigger slow before insert on " + sink + " for each row execute function slow_" + sink + "()");
        write(sink, LARGE).isWritten("committed"); // what is known of the table is what it is now
        long at = next(sink);
        try (Connection gate = service.database().connect();
                Statement statement = gate.createStatement()) {
            statement.execute("select pg_advisory_lock(17)");
            CompletableFuture<Answer> batch = client.postAsync(
                    Client.partition(sink, "0"), Client.JSON, Client.dense(at, values(LARGE, (int) at)));
            await().until(() -> !service.waitingForLocks().isEmpty());
            CompletableFuture<Void> altering = CompletableFuture.runAsync(
                    () -> service.execute("alter table " + sink + " alter data type text using data::text"));
            await().until(() -> !service.query("select 1 from pg_locks where relation = '" + sink
                            + "'::regclass and mode = 'AccessExclusiveLock' and not granted")
                    .isEmpty());
            statement.execute("select pg_advisory_unlock(17)");
            batch.get().isWritten("committed");
            altering.get();
        }
        assertThat(service.query(
                        "select count(*), bool_and(data::jsonb = jsonb_build_object('i', source_offset)) from " + sink))
                .containsExactly("300 t");
        write(sink, LARGE).isProblem(500, "target-broken");
    }

    /* Whoever has begun to alter a table is waited for, and then heeded. */
    @Test
    void decidesAgainstWhatWasAlteredWhileItWaited() throws Exception {
        String sink = sink("");
        long at = next(sink);
        CompletableFuture<Answer> batch;
        try (Connection altering = service.database().connect();
                Statement statement = altering.createStatement()) {
            altering.setAutoCommit(false);
            statement.execute("alter table " + sink + " alter data type text using data::text");
            batch = client.postAsync(
                    Client.partition(sink, "0"), Client.JSON, Client.dense(at, values(LARGE, (int) at)));
            await().until(() -> !service.waitingForLocks().isEmpty());
            altering.commit();
        }
        assertThat(batch.get().isProblem(500, "target-broken").text("detail")).contains("it is of type text");
        assertThat(service.query("select count(*) from " + sink + " where data not like '{%'"))
                .containsExactly("0");
    }

    /* A pool would close the connection after this one, and that would be all that is told. */
    @Test
    void tellsWhatIsNotSupported() {
        String sink = sink("");
        service.execute("create function never_" + sink + "() returns trigger language plpgsql as"
                + " $$ begin raise 'not on a Sunday' using errcode = 'feature_not_supported'; end $$");
        service.execute("create trigger never before insert on " + sink + " execute function never_" + sink + "()");
        for (int count : new int[] {SMALL, LARGE}) {
            assertThat(write(sink, count).isProblem(503, "storage-unavailable").text("detail"))
                    .contains("not on a Sunday");
        }
        service.execute("drop trigger never on " + sink);
        write(sink, LARGE).isWritten("committed");
    }

    @Test
    void namesWhoLocksTheTable() throws Exception {
        String sink = sink("");
        try (Connection holder = service.database().connect();
                Statement statement = holder.createStatement()) {
            statement.execute("set application_name = 'index builder'");
            holder.setAutoCommit(false);
            statement.execute("create index on " + sink + " (data)");
            Answer answer = write(sink, SMALL).isProblem(503, "target-unavailable");
            assertThat(answer.text("detail"))
                    .contains("the table public." + sink + " is locked by process ")
                    .contains("index builder")
                    .contains("ShareLock")
                    .contains("create index on");
            holder.rollback();
        }
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> write(sink, SMALL).isWritten("committed"));
    }
}
