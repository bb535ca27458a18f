package dev.sluice.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.sluice.postgres.PostgresForTests;
import dev.sluice.postgres.PostgresForTests.Database;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rights that the service's role lacks are told with the statement that gives them, and never blamed on a record. */
class TableRightsIT {

    private static final String COLUMNS = "(partition_id, source_offset, data)";
    private static final Pattern STATEMENT =
            Pattern.compile("Run: ((?:(?:; )?(?:grant|create schema) [^;:]+? (?:to|authorization) \"[^\"]+\")+)");
    private static final AtomicInteger names = new AtomicInteger();

    private static final String ROLE = "Writer-" + UUID.randomUUID().toString().substring(0, 8);

    private static Database owner;
    private static InProcess service;
    private static Client client;

    @BeforeAll
    static void start() {
        owner = PostgresForTests.freshDatabase();
        asOwner("create role \"" + ROLE + "\" login password 'x'");
        asOwner("create schema sluice authorization \"" + ROLE + "\"");
        service = start("sluice.sinks.calm.type=log", "sluice.sinks.calm.partitions=0");
        client = service.client();
    }

    @AfterAll
    static void stop() {
        service.close();
        asOwner("drop owned by \"" + ROLE + "\"; drop role \"" + ROLE + "\"");
    }

    private static InProcess start(String... settings) {
        return InProcess.on(new Database(owner.url(), ROLE, "x", owner.where()), List.of(), settings);
    }

    private static void asOwner(String sql) {
        InProcess.execute(owner, sql);
    }

    /** Makes a table of somebody else's, and returns its name. */
    private static String table(String schema) {
        String table = schema + ".t" + names.incrementAndGet();
        asOwner("create table " + table + " (partition_id text not null, source_offset bigint not null,"
                + " data jsonb not null, note text, primary key (partition_id, source_offset))");
        return table;
    }

    private static void run(String statements, String table) {
        asOwner(statements.replace("{t}", table).replace("{c}", COLUMNS).replace("{r}", '"' + ROLE + '"'));
    }

    private static Answer put(String sink, String table) {
        return client.put("/sinks/" + sink, "{\"type\":\"table\",\"partitions\":[\"0\"],\"table\":\"" + table + "\"}");
    }

    /** Runs what an answer advises, as it stands there, as the owner of everything. */
    private static void follow(String said) {
        Matcher statement = STATEMENT.matcher(said);
        assertThat(statement.find()).as(said).isTrue();
        asOwner(statement.group(1));
    }

    private static String values(int count) {
        return IntStream.range(0, count).mapToObj(Integer::toString).collect(Collectors.joining(","));
    }

    private static void takesSmallLargeAndResumed(String sink) {
        long next = client.snapshot(sink, "0").number("nextOffset");
        client.batch(sink, "0", next, values(3)).isWritten("committed");
        client.batch(sink, "0", next + 3, values(100)).isWritten("committed");
        assertThat(client.open(sink, "0", "{\"owner\":\"w\",\"resume\":{\"nextOffset\":" + (next + 1) + "}}")
                        .status())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "select 1 | insert and select and delete | grant insert, select, delete on ",
                "grant select, delete on {t} to {r} | insert | grant insert on ",
                "grant insert, delete on {t} to {r} | select | grant select on ",
                "grant insert, select on {t} to {r} | delete | grant delete on ",
                "grant insert (partition_id, data) on {t} to {r}; grant select, delete on {t} to {r} | insert | insert on",
                "grant select (note) on {t} to {r}; grant insert, delete on {t} to {r} | select | grant select on",
                "grant update, truncate, references, trigger on {t} to {r} | insert | grant insert, select, delete on ",
            })
    void tellsAtPutWhichRightIsMissing(String granted, String missing, String advice) {
        String table = table("public");
        run(granted, table);
        String sink = "s" + names.incrementAndGet();
        String said = put(sink, table).isProblem(422, "invalid-definition").text("detail");
        assertThat(said)
                .contains("the table " + table + " does not let the role " + ROLE + " " + missing)
                .contains(advice);
        follow(said);
        assertThat(put(sink, table).status()).isEqualTo(201);
        takesSmallLargeAndResumed(sink);
    }

    @Test
    void contentsItselfWithTheColumnsThatItWrites() {
        String table = table("public");
        run("grant insert {c}, select {c} on {t} to {r}; grant delete on {t} to {r}", table);
        String sink = "s" + names.incrementAndGet();
        assertThat(put(sink, table).status()).isEqualTo(201);
        client.batch(sink, "0", 0, "1,\"\\u0000\"").isProblem(422, "record-rejected");
        takesSmallLargeAndResumed(sink);
    }

    @Test
    void tellsThatASchemaMayNotBeUsed() {
        asOwner("create schema \"Hidden\"");
        asOwner("create table \"Hidden\".t (like " + table("public") + " including all)");
        String sink = "s" + names.incrementAndGet();
        String said = put(sink, "Hidden.t").isProblem(422, "invalid-definition").text("detail");
        assertThat(said)
                .contains("the table Hidden.t cannot be created: ERROR: permission denied for schema Hidden")
                .contains("Run: grant usage on schema \"Hidden\" to \"" + ROLE + "\"; grant insert, select, delete on");
        follow(said);
        assertThat(put(sink, "Hidden.t").status()).isEqualTo(201);
        takesSmallLargeAndResumed(sink);
    }

    @Test
    void tellsThatNoTableMayBeCreatedThere() {
        String sink = "s" + names.incrementAndGet();
        String said =
                put(sink, "public.new_one").isProblem(422, "invalid-definition").text("detail");
        assertThat(said)
                .contains("the table public.new_one cannot be created: ERROR: permission denied for schema public")
                .contains("Run: grant create on schema \"public\" to \"" + ROLE + "\"");
        follow(said);
        assertThat(put(sink, "public.new_one").status()).isEqualTo(201);
        asOwner("revoke create on schema public from \"" + ROLE + "\"");
        takesSmallLargeAndResumed(sink);
    }

    @Test
    void tellsItAtTheStart() {
        String[] settings = {"sluice.sinks.s.type=table", "sluice.sinks.s.partitions=0", "sluice.sinks.s.table=started"
        };
        assertThatThrownBy(() -> start(settings).close())
                .rootCause()
                .hasMessageContaining("sluice.sinks.s")
                .hasMessageContaining("Run: grant create on schema \"public\" to \"" + ROLE + "\"");
        asOwner("create table public.started "
                + COLUMNS.replace("partition_id", "partition_id text")
                        .replace("offset", "offset bigint")
                        .replace("data", "data jsonb, primary key (partition_id, source_offset)"));
        assertThatThrownBy(() -> start(settings).close())
                .rootCause()
                .hasMessageContaining(
                        "Run: grant insert, select, delete on \"public\".\"started\" to \"" + ROLE + "\"");
        run("grant insert, select, delete on {t} to {r}", "public.started");
        start(settings).close();
    }

    @Test
    void tellsThatThereIsNoSuchSchema() {
        String sink = "s" + names.incrementAndGet();
        String said =
                put(sink, "nowhere.t").isProblem(422, "invalid-definition").text("detail");
        assertThat(said).contains("Run: create schema \"nowhere\" authorization \"" + ROLE + "\"");
        follow(said);
        assertThat(put(sink, "nowhere.t").status()).isEqualTo(201);
        takesSmallLargeAndResumed(sink);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "revoke insert on {t} from {r}            | grant insert on ",
                "revoke select on {t} from {r}            | grant select on ",
                "revoke delete on {t} from {r}            | grant delete on ",
                "revoke all on {t} from {r}               | grant insert, select, delete on ",
                "revoke insert on {t} from {r}; grant insert (data) on {t} to {r} | grant insert on ",
                "revoke usage on schema {s} from {r}      | grant usage on schema ",
                "alter table {t} add column n bigint default nextval('{s}.numbers') | has all rights to the table itself",
                "alter table {t} enable row level security | has all rights to the table itself",
            })
    void tellsInBatchesAndInTheHealthWhatWasRevokedLater(String revoked, String advice) {
        String schema = "schema" + names.incrementAndGet();
        asOwner("create schema " + schema + "; create sequence " + schema + ".numbers");
        run("grant usage on schema " + schema + " to {r}", "");
        String table = table(schema);
        run("grant insert, select, delete on {t} to {r}", table);
        String sink = "s" + names.incrementAndGet();
        assertThat(put(sink, table).status()).isEqualTo(201);
        client.batch(sink, "0", 0, values(3)).isWritten("committed");

        run(revoked.replace("{s}", schema), table);
        for (int count : new int[] {3, 100}) {
            assertThat(client.batch(sink, "0", 3, values(count))
                            .isProblem(500, "target-broken")
                            .text("detail"))
                    .as(count + " records")
                    .contains("the table " + table)
                    .contains(advice);
        }
        client.snapshot(sink, "0").has("nextOffset", 3);
        assertThat(InProcess.query(owner, "select count(*) from " + table)).containsExactly("3");
        if (advice.startsWith("grant")) {
            await().untilAsserted(
                            () -> assertThat(health(sink)).contains("DOWN").contains(advice));
            follow(health(sink));
            client.batch(sink, "0", 3, values(100)).isWritten("committed");
            await().untilAsserted(() -> assertThat(health(sink)).doesNotContain("DOWN"));
        }
    }

    private static String health(String sink) {
        return client.get("/actuator/health")
                .body()
                .at("/components/sinks/components/" + sink)
                .toString()
                .replace("\\\"", "\"");
    }
}
