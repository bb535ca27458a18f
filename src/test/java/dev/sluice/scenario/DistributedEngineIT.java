package dev.sluice.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.commit.Lanes;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What differs for engines that share rows between servers, shown on PostgreSQL: a transaction for each partition, and
 * rows as VALUES.
 */
@ParameterizedClass
@ValueSource(strings = {"citus", "yugabytedb"})
class DistributedEngineIT {

    private static final List<String> MANY =
            IntStream.range(0, 12).mapToObj(i -> "m" + i).toList();
    private static final List<String> TABLES =
            List.of("apart", "mixed", "large", "keyed", "\"any\"", "delivered", "sluice.receipt", "sluice.buffer");

    private static InProcess service;
    private static Client client;

    @Parameter
    String engine;

    @BeforeParameterizedClassInvocation
    static void start(String engine) {
        String many = String.join(",", MANY);
        service = InProcess.start(
                "sluice.database.engine=" + engine,
                "sluice.sinks.apart.type=table",
                "sluice.sinks.apart.partitions=first," + many,
                "sluice.sinks.mixed.type=table",
                "sluice.sinks.mixed.partitions=first," + many,
                "sluice.sinks.large.type=table",
                "sluice.sinks.large.partitions=0",
                "sluice.sinks.fenced.type=table",
                "sluice.sinks.fenced.partitions=0",
                "sluice.sinks.keyed.type=table",
                "sluice.sinks.keyed.partitions=0,1,2",
                "sluice.sinks.any.type=table",
                "sluice.sinks.any.partitions=0",
                "sluice.sinks.any.order=any",
                "sluice.sinks.buffered.type=batching",
                "sluice.sinks.buffered.target=delivered",
                "sluice.sinks.buffered.flush-interval=50ms",
                "sluice.sinks.delivered.type=table",
                "sluice.sinks.delivered.partitions=0");
        client = service.client();
        service.execute("create table public.seen (sql text)");
        service.execute("create function see() returns trigger language plpgsql as"
                + " 'begin insert into public.seen values (current_query()); return null; end'");
        for (String table : TABLES) {
            service.execute(
                    "create trigger see before insert on " + table + " for each statement execute function see()");
        }
        service.execute("alter table mixed add constraint no_bad check (data <> '\"bad\"')");
        service.execute("alter table keyed add constraint no_bad check (data <> '\"bad\"')");
    }

    @AfterParameterizedClassInvocation
    static void stop() {
        service.close();
    }

    private static Map<String, Answer> together(String sink, Map<String, String> batches) throws SQLException {
        Map<String, CompletableFuture<Answer>> answers = new LinkedHashMap<>();
        CompletableFuture<Answer> first;
        try (Connection holder = service.database().connect();
                Statement statement = holder.createStatement()) {
            holder.setAutoCommit(false);
            statement.execute("lock table " + sink + " in share mode");
            first = send(sink, "first", Client.dense(0, "1"));
            await().until(() -> service.waitingForLocks().size() == 1);
            batches.forEach((partition, body) -> answers.put(partition, send(sink, partition, body)));
            await().until(() ->
                    service.waitingForLocks().size() + service.bean(Lanes.class).waiting() >= 8);
            holder.rollback();
        }
        first.join().isWritten("committed");
        return answers.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, answer -> answer.getValue().join()));
    }

    private static CompletableFuture<Answer> send(String sink, String partition, String body) {
        return client.postAsync(Client.partition(sink, partition), Client.JSON, body);
    }

    private static Map<String, String> oneForEach(String value) {
        Map<String, String> batches = new LinkedHashMap<>();
        MANY.forEach(partition -> batches.put(partition, Client.dense(0, value)));
        return batches;
    }

    private static String numbers(int count) {
        return IntStream.range(0, count).mapToObj(Integer::toString).collect(Collectors.joining(","));
    }

    private static void sawOnlyValues(String... tables) {
        List<String> seen = service.query("select distinct sql from public.seen");
        assertThat(seen).allMatch(sql -> sql.startsWith("insert into ") && sql.contains(" values ("));
        for (String table : tables) {
            assertThat(seen).anyMatch(sql -> sql.contains(table));
        }
    }

    /* There a table may stay that was made in a transaction which is rolled back: it is not made for a dry run. */
    @Test
    void triesDefinitionsOfTablesThatAreNotThereYet() {
        String definition = "{\"type\":\"table\",\"partitions\":[\"0\"]}";
        Answer tried = client.put("/sinks/tried?dryRun=true", Client.NDJSON, definition + "\n{\"a\":1}\n\"\\u0000\"");
        assertThat(tried.status()).as(tried.toString()).isEqualTo(200);
        assertThat(tried.body()
                        .path("samples")
                        .valueStream()
                        .map(sample -> sample.path("effect").stringValue()))
                .containsExactly("written", "rejected");
        assertThat(service.query("select to_regclass('tried')")).containsExactly("null");
        assertThat(client.put("/sinks/tried", definition).status()).isEqualTo(201);
        assertThat(client.put("/sinks/tried?dryRun=true", definition).status()).isEqualTo(200);
    }

    /* Where the service does not say that it may be one statement for many rows, it never is. */
    @Test
    void fillsColumnsOfTheUsersOwn() {
        service.execute("create table own (id bigint, name varchar(5), at timestamptz default 'epoch')");
        service.execute("create trigger see before insert on own for each statement execute function see()");
        assertThat(client.put(
                                "/sinks/own",
                                "{\"type\":\"table\",\"partitions\":[\"0\",\"1\"],\"position\":\"none\","
                                        + "\"columns\":{\"id\":\"/id\",\"name\":\"/n\",\"at\":\"/at\"}}")
                        .status())
                .isEqualTo(201);
        Answer tried = client.put(
                "/sinks/tried_own?dryRun=true",
                Client.NDJSON,
                "{\"type\":\"table\",\"table\":\"own\",\"partitions\":[\"0\"],\"position\":\"none\",\"columns\":{\"id\":\"/id\"}}"
                        + "\n{\"id\":1}\n{\"id\":[1]}");
        assertThat(tried.body()
                        .path("samples")
                        .valueStream()
                        .map(sample -> sample.path("effect").stringValue()))
                .as(tried.toString())
                .containsExactly("written", "rejected");
        String records = IntStream.range(0, 1_500)
                .mapToObj(i -> i % 2 == 0
                        ? "{\"id\":" + i + ",\"n\":\"n" + i + "\"}"
                        : "{\"id\":" + i + ",\"n\":null,\"at\":\"2024-01-01T00:00:00Z\"}")
                .collect(Collectors.joining(","));
        client.batch("own", "0", 0, records).isWritten("committed");
        client.batch("own", "0", 0, records).isWritten("duplicate");
        assertThat(service.query(
                        "select count(*), sum(id), count(name), count(*) filter (where at = 'epoch') from own"))
                .containsExactly("1500 1124250 750 750");
        Answer refused = client.batch(
                        "own", "1", 0, "{\"id\":1},{\"id\":\"x\"},{\"id\":2,\"n\":\"too long\"},{\"id\":3,\"z\":1}")
                .isProblem(422, "record-rejected");
        assertThat(refused.body()
                        .path("rejected")
                        .valueStream()
                        .map(record -> record.path("offset").intValue() + " "
                                + record.path("code").stringValue()))
                .containsExactly("1 22P02", "2 22001", "3 42703");
        sawOnlyValues("own");
    }

    @Test
    void putsRowsInThePlaceOfThoseOfTheirKeys() {
        service.execute("create table kept (id bigint, k varchar(2), v text default 'none', gone_at timestamptz,"
                + " primary key (id, k))");
        String columns = "\"columns\":{\"id\":\"/id\",\"k\":\"/k\",\"v\":\"/v\"},\"key\":[\"id\",\"k\"],"
                + "\"position\":\"none\",\"partitions\":[\"0\",\"1\"],\"type\":\"table\",";
        assertThat(client.put("/sinks/kept", "{" + columns + "\"mode\":\"upsert\",\"missing-members\":\"keep\"}")
                        .status())
                .isEqualTo(201);
        client.batch(
                        "kept",
                        "0",
                        0,
                        "{\"id\":1,\"k\":\"a\",\"v\":\"x\"},{\"id\":1,\"k\":\"b\"},{\"id\":1,\"k\":\"a\",\"v\":\"y\"},"
                                + "{\"id\":1,\"k\":\"a\"},{\"id\":2,\"k\":\"a\",\"v\":null}")
                .isWritten("committed");
        assertThat(service.query("select id, k, v from kept order by id, k"))
                .containsExactly("1 a y", "1 b none", "2 a null");
        Answer without = client.batch("kept", "0", 5, "{\"id\":3}").isProblem(422, "record-rejected");
        assertThat(without.body().at("/rejected/0/field").stringValue()).isEqualTo("k");

        assertThat(client.put(
                                "/sinks/changed",
                                "{" + columns + "\"table\":\"kept\",\"mode\":\"changes\",\"soft-delete\":\"gone_at\","
                                        + "\"other-members\":\"ignore\","
                                        + "\"operation\":{\"from\":\"/op\",\"delete\":[\"d\"]}}")
                        .status())
                .isEqualTo(201);
        client.batch(
                        "changed",
                        "1",
                        0,
                        "{\"op\":\"d\",\"id\":1,\"k\":\"a\"},{\"op\":\"d\",\"id\":9,\"k\":\"z\"},"
                                + "{\"op\":\"u\",\"id\":2,\"k\":\"a\",\"v\":\"w\"},{\"op\":\"d\",\"id\":2,\"k\":\"a\"},"
                                + "{\"op\":\"c\",\"id\":2,\"k\":\"a\",\"v\":\"back\"}")
                .isWritten("committed");
        assertThat(service.query("select id, k, v, gone_at is not null from kept order by id, k"))
                .containsExactly("1 a y t", "1 b none f", "2 a back f");
        assertThat(client.put(
                                "/sinks/wider",
                                "{" + columns + "\"table\":\"kept\",\"mode\":\"upsert\","
                                        + "\"other-members\":\"add-columns\"}")
                        .isProblem(422, "invalid-definition")
                        .toString())
                .contains("add them yourself");
    }

    @Test
    void eachPartitionHasATransactionOfItsOwn() throws SQLException {
        together("apart", oneForEach("\"apart\"")).values().forEach(answer -> answer.isWritten("committed"));
        assertThat(service.query("select count(*), count(distinct xmin::text) from apart where data = '\"apart\"'"))
                .containsExactly("12 12");
        assertThat(
                        service.query(
                                "select count(distinct xmin::text) from sluice.snapshot where sink = 'apart' and partition_id like 'm%'"))
                .containsExactly("12");
        sawOnlyValues("apart", "sluice.receipt");
    }

    @Test
    void aBadAConflictingAndAnEarlyBatchAreToldAndTheOthersPass() throws SQLException {
        client.batch("mixed", "m1", 0, "0").isWritten("committed");
        client.batch("mixed", "m2", 0, "\"neighbour\"").isWritten("committed");
        Map<String, String> batches = oneForEach("\"neighbour\"");
        batches.put("m3", Client.dense(1, "1"));
        batches.put("m5", Client.dense(0, "\"fine\",\"bad\""));
        Map<String, Answer> answers = together("mixed", batches);
        answers.remove("m1").isProblem(422, "offset-conflict").has("offset", 0);
        answers.remove("m2").isWritten("duplicate").has("verified", true);
        answers.remove("m3").isProblem(409, "offset-gap").has("expectedOffset", 0);
        assertThat(answers.remove("m5").isProblem(422, "record-rejected").body().toString())
                .contains("no_bad");
        answers.values().forEach(answer -> answer.isWritten("committed"));
        assertThat(service.query("select count(*) from mixed where data in ('\"bad\"', '\"fine\"')"))
                .containsExactly("0");
    }

    @Test
    void aLargeBatchGoesInManyRowsAStatementAndOneTransaction() {
        client.batch("large", "0", 0, numbers(2_500)).isWritten("committed").has("written", 2_500);
        client.batch("large", "0", 0, numbers(2_600)).isWritten("trimmed").has("written", 100);
        assertThat(service.query(
                        "select count(*), sum((data #>> '{}')::bigint), count(distinct xmin::text) from large"))
                .containsExactly("2600 3378700 2");
        assertThat(service.query("select count(*) from public.seen where sql like 'insert into \"public\".\"large\"%'"))
                .containsExactly("4");
        sawOnlyValues("large", "sluice.receipt");
    }

    @Test
    void aFencedWriterIsToldSo() {
        long token = client.open("fenced", "0", "{\"owner\":\"a\"}").number("fencingToken");
        client.batch("fenced", "0", 0, "1", "Sluice-Fencing-Token", Long.toString(token))
                .isWritten("committed");
        client.open("fenced", "0", "{\"owner\":\"b\"}").has("fencingToken", token + 1);
        client.batch("fenced", "0", 1, "1", "Sluice-Fencing-Token", Long.toString(token))
                .isProblem(412, "fenced");
    }

    @Test
    void keyedRecordsAreCommittedForAllPartitionsOrNone() {
        String good = "{\"offset\":0,\"records\":[{\"key\":\"a\",\"value\":1},{\"key\":\"b\",\"value\":2}]}";
        client.post("/sinks/keyed/records", Client.JSON, good.replace("2}", "\"bad\"}"))
                .isProblem(422, "record-rejected");
        assertThat(service.query("select count(*) from keyed")).containsExactly("0");
        client.post("/sinks/keyed/records", Client.JSON, good).isWritten("committed");
        client.post("/sinks/keyed/records", Client.JSON, good).isWritten("duplicate");
        assertThat(service.query("select count(*), count(distinct xmin::text) from keyed"))
                .containsExactly("2 1");
        assertThat(service.query("select count(distinct xmin::text) from sluice.snapshot where sink = 'keyed'"))
                .containsExactly("1");
    }

    @Test
    void offsetsInAnyOrderAreSettledOnce() {
        client.batch("any", "0", 10, numbers(5)).isWritten("committed");
        client.batch("any", "0", 0, numbers(10)).isWritten("committed").has("nextOffset", 15);
        client.batch("any", "0", 10, numbers(5)).isWritten("duplicate");
        assertThat(service.query("select count(*) from \"any\"")).containsExactly("15");
    }

    @Test
    void whatIsBufferedIsDelivered() {
        client.post(
                        Client.partition("buffered", "0") + "?ack=delivered",
                        Client.JSON,
                        Client.dense(0, numbers(1_500)),
                        "Prefer",
                        "wait=20")
                .isWritten("committed")
                .has("deliveredOffset", 1_500);
        assertThat(service.query("select count(*) from delivered")).containsExactly("1500");
        sawOnlyValues("sluice.buffer", "delivered");
    }

    @Test
    void aSinkIsDeletedWithAllItsPartitions() {
        client.put("/sinks/gone", "{\"type\":\"table\",\"partitions\":[\"0\",\"1\"]}");
        client.batch("gone", "0", 0, "1").isWritten("committed");
        client.batch("gone", "1", 0, "1").isWritten("committed");
        assertThat(client.method("DELETE", "/sinks/gone").status()).isBetween(200, 204);
        assertThat(service.query("select count(*) from sluice.snapshot where sink = 'gone' and next_offset = 0"))
                .containsExactly("2");
    }
}
