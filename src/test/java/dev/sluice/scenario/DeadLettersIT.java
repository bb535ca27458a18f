package dev.sluice.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a target refuses is settled as a dead letter where its definition says so: a record, not a hole. */
@Tag("conformance")
class DeadLettersIT {

    private static final String LENIENT = "\"on-rejected\":\"dead-letter\"";

    private static InProcess service;
    private static Client client;
    private static int used;

    @BeforeAll
    static void start() {
        service = InProcess.start();
        client = service.client();
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    /** Puts a table that refuses {@code {"bad":…}}, and the second of two with the same {@code u}. */
    private static String put(String more) {
        String sink = "t" + used++;
        assertThat(client.put("/sinks/" + sink, "{\"type\":\"table\",\"partitions\":[\"0\",\"1\",\"2\"]," + more + "}")
                        .status())
                .isEqualTo(201);
        service.execute("alter table " + sink + " add constraint good check (not data ? 'bad')");
        service.execute("create unique index on " + sink + " ((data ->> 'u'))");
        return sink;
    }

    private static List<String> rows(String sink, String partition) {
        return service.query("select source_offset from " + sink + " where partition_id = '" + partition
                + "' order by source_offset");
    }

    private static List<String> letters(String sink) {
        return service.query("select partition_id, source_offset, code, state from sluice.dead_letter where sink = '"
                + sink + "' order by partition_id, source_offset");
    }

    @Test
    void settlesWhatTheTargetRefusesWithTheRest() {
        String sink = put(LENIENT);
        String batch = "{\"a\":0},{\"bad\":1},{\"u\":1},{\"u\":1},{\"text\":\"\\u0000\"},{\"a\":5}";
        client.batch(sink, "0", 10, batch).isProblem(409, "offset-gap");
        client.post(Client.partition(sink, "0"), Client.JSON, "{\"offsets\":[],\"first\":0,\"end\":10,\"records\":[]}")
                .isWritten("committed");
        client.batch(sink, "0", 10, batch)
                .isWritten("committed")
                .has("written", 3)
                .has("deadLettered", 3)
                .has("duplicates", 0)
                .has("nextOffset", 16);
        assertThat(rows(sink, "0")).containsExactly("10", "12", "15");
        assertThat(letters(sink)).containsExactly("0 11 23514 open", "0 13 23505 open", "0 14 22P05 open");
        assertThat(service.query(
                        "select record_count from sluice.receipt where sink = '" + sink + "' and record_count > 0"))
                .containsExactly("6");
        assertThat(service.query("select record_number from sluice.dead_letter where sink = '" + sink
                        + "' order by source_offset"))
                .containsExactly("2", "4", "5");
    }

    @Test
    void findsWhatIsRefusedOfALargeBatchAsTheRestIsWritten() {
        String sink = put(LENIENT);
        service.execute("alter table " + sink + " add column after bigint generated always as"
                + " ((data ->> 'after')::bigint) stored,"
                + " add foreign key (partition_id, after) references " + sink
                + " (partition_id, source_offset) deferrable initially deferred");
        // The first record refers to the last one: together they are right, whatever is refused between them.
        String batch = IntStream.range(0, 4_000)
                .mapToObj(i -> i == 0
                        ? "{\"after\":3999}"
                        : i % 1_000 == 999 && i < 3_999 ? "{\"bad\":1}" : i == 2_500 || i == 1_500 ? "{\"u\":1}" : "1")
                .collect(Collectors.joining(","));
        client.batch(sink, "0", 0, batch)
                .isWritten("committed")
                .has("written", 3_996)
                .has("deadLettered", 4)
                .has("nextOffset", 4_000);
        assertThat(letters(sink))
                .containsExactly("0 999 23514 open", "0 1999 23514 open", "0 2500 23505 open", "0 2999 23514 open");
        assertThat(rows(sink, "0")).hasSize(3_996).doesNotContain("999", "1999", "2500", "2999");
        client.batch(sink, "0", 0, batch).isWritten("duplicate").has("duplicates", 4_000);
    }

    /* Of a row that is too wide COPY names the last one that it has read. */
    @Test
    void refusesOnlyWhatIsRefusedAlone() {
        String sink = put(LENIENT);
        service.execute("alter table " + sink
                + IntStream.range(0, 520)
                        .mapToObj(i -> " add column g" + i + " uuid generated always as (case when data ? 'wide' then"
                                + " '00000000-0000-0000-0000-000000000000'::uuid end) stored")
                        .collect(Collectors.joining(",")));
        client.batch(sink, "0", 0, "1,1,{\"wide\":1},1,1,1,{\"wide\":2},1")
                .isWritten("committed")
                .has("deadLettered", 2);
        assertThat(letters(sink)).containsExactly("0 2 54000 open", "0 6 54000 open");
        assertThat(rows(sink, "0")).containsExactly("0", "1", "3", "4", "5", "7");
    }

    @ParameterizedTest
    @ValueSource(strings = {"append", "upsert"})
    void findsWhatColumnsRefuseAsTheRestIsWritten(String mode) {
        String sink = "t" + used++;
        service.execute("create table " + sink + " (partition_id text not null, source_offset bigint not null,"
                + " id int primary key, v int check (v <> 13), w int references " + sink
                + ", unique (partition_id, source_offset))");
        String columns = "\"columns\":{\"id\":\"/id\",\"v\":\"/v\",\"w\":\"/w\"},";
        String key = mode.equals("upsert") ? "\"mode\":\"upsert\",\"key\":[\"id\"]," : "";
        assertThat(client.put(
                                "/sinks/" + sink,
                                "{\"type\":\"table\",\"partitions\":[\"0\"]," + columns + key + LENIENT + "}")
                        .status())
                .isEqualTo(201);
        // A value that is none of the type, one that a check refuses, a row that another one needs, one without a key.
        String batch = IntStream.range(0, 3_000)
                .mapToObj(i -> switch (i) {
                    case 700 -> "{\"id\":700,\"v\":\"x\"}";
                    case 1_400 -> "{\"id\":1400,\"v\":13}";
                    case 2_100 -> "{\"id\":2100,\"w\":9999}";
                    case 2_999 -> "{\"v\":1}";
                    default -> "{\"id\":" + i + ",\"v\":1" + (i % 2 == 0 ? "}" : ",\"w\":0}");
                })
                .collect(Collectors.joining(","));
        client.batch(sink, "0", 0, batch)
                .isWritten("committed")
                .has("written", 2_996)
                .has("deadLettered", 4);
        assertThat(service.query("select source_offset from sluice.dead_letter where sink = '" + sink + "' order by 1"))
                .containsExactly("700", "1400", "2100", "2999");
        assertThat(service.query("select count(*), count(w), sum(v) from " + sink))
                .containsExactly("2996 1499 2996");
        client.batch(sink, "0", 0, batch).isWritten("duplicate");
    }

    @Test
    void settlesWhatAConstraintRefusesThatIsCheckedAtTheCommit() {
        String sink = put(LENIENT);
        service.execute("alter table " + sink + " add column after bigint generated always as"
                + " ((data ->> 'after')::bigint) stored, add foreign key (partition_id, after) references " + sink
                + " (partition_id, source_offset) deferrable initially deferred");
        client.batch(sink, "0", 0, "1,{\"bad\":1},{\"after\":99},{\"after\":0}")
                .isWritten("committed")
                .has("written", 2)
                .has("deadLettered", 2);
        assertThat(letters(sink)).containsExactly("0 1 23514 open", "0 2 23503 open");
    }

    @Test
    void recognisesARepetitionAndTellsOtherBytes() {
        String sink = put(LENIENT);
        client.batch(sink, "0", 0, "1,{\"bad\":1},3").has("deadLettered", 1);
        client.batch(sink, "0", 0, "1,{\"bad\":1},3")
                .isWritten("duplicate")
                .has("duplicates", 3)
                .has("deadLettered", 0)
                .has("verified", true);
        client.batch(sink, "0", 1, "{\"bad\":1},3,{\"bad\":4},5")
                .isWritten("trimmed")
                .has("written", 1)
                .has("duplicates", 2)
                .has("deadLettered", 1);
        client.batch(sink, "0", 0, "1,{\"bad\":2},3").isProblem(422, "offset-conflict");
        assertThat(letters(sink)).containsExactly("0 1 23514 open", "0 3 23514 open");
        assertThat(service.query("select records from sluice.snapshot where sink = '" + sink + "'"))
                .containsExactly("5");
    }

    @Test
    void showsWhatADryRunWouldSettleAndKeepsNothing() {
        String sink = put(LENIENT);
        client.post(Client.partition(sink, "0") + "?dryRun=true", Client.JSON, Client.dense(0, "1,{\"bad\":1}"))
                .isWritten("committed")
                .has("written", 1)
                .has("deadLettered", 1)
                .has("dryRun", true);
        assertThat(letters(sink)).isEmpty();
        assertThat(rows(sink, "0")).isEmpty();
        client.snapshot(sink, "0").has("nextOffset", 0);
    }

    @Test
    void stopsWhereTheDefinitionOrTheWriterSaysSo() {
        String strict = put("\"on-rejected\":\"stop\"");
        Answer stopped = client.batch(strict, "0", 0, "1,{\"bad\":1}").isProblem(422, "record-rejected");
        assertThat(stopped.body().path("detail").stringValue()).doesNotContain("dead letter");
        String sink = put(LENIENT);
        for (String body : List.of("1,{\"bad\":1}", "1,\"\\u0000\"")) {
            client.batch(sink, "0", 0, body, "Prefer", "wait=1, handling=strict")
                    .isProblem(422, "record-rejected");
        }
        assertThat(letters(sink)).isEmpty();
        assertThat(client.batch(sink, "0", 0, "1", "Prefer", "handling=strict")
                        .isWritten("committed")
                        .response()
                        .headers()
                        .firstValue("Preference-Applied"))
                .hasValue("handling=strict");
        assertThat(client.batch(sink, "0", 1, "{\"bad\":1}", "Prefer", "wait=2; foo, handling=\"lenient\"")
                        .isWritten("committed")
                        .response()
                        .headers()
                        .firstValue("Preference-Applied"))
                .hasValue("wait=2, handling=lenient");
        assertThat(client.batch(strict, "0", 0, "1", "Prefer", "handling=lenient")
                        .response()
                        .headers()
                        .firstValue("Preference-Applied"))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"bad\":1}", "\"\\u0000\""})
    void stopsBeyondItsBounds(String bad) {
        String perBatch = put(LENIENT + ",\"dead-letters\":{\"max-per-batch\":2}");
        String many = good(30) + "," + String.join(",", List.of(bad, bad, bad));
        Answer refused = client.batch(perBatch, "0", 0, many).isProblem(422, "record-rejected");
        assertThat(refused.body().path("detail").stringValue()).contains("dead-letters.max-per-batch=2");
        assertThat(refused.body().path("rejected").size()).isEqualTo(3);
        assertThat(letters(perBatch)).isEmpty();

        String open = put(LENIENT + ",\"dead-letters\":{\"max-open\":3}");
        client.batch(open, "0", 0, good(30) + "," + bad + "," + bad).has("deadLettered", 2);
        refused = client.batch(open, "1", 0, good(30) + "," + bad + "," + bad).isProblem(422, "record-rejected");
        assertThat(refused.body().path("detail").stringValue())
                .contains("dead-letters.max-open=3")
                .contains("2 of the sink are open");
        client.batch(open, "1", 0, good(30) + "," + bad).has("deadLettered", 1);

        String share = put(LENIENT + ",\"dead-letters\":{\"max-share\":20}");
        client.batch(share, "0", 0, IntStream.range(0, 5).mapToObj(i -> bad).collect(Collectors.joining(",")))
                .has("deadLettered", 5);
        refused = client.batch(share, "0", 5, good(10) + "," + bad).isProblem(422, "record-rejected");
        assertThat(refused.body().path("detail").stringValue())
                .contains("dead-letters.max-share=20 %")
                .contains("6 of the latest 16 records");
        client.batch(share, "0", 5, good(25) + "," + bad).has("deadLettered", 1);
        client.batch(share, "1", 0, bad).has("deadLettered", 1);
    }

    private static String good(int records) {
        return IntStream.range(0, records).mapToObj(Integer::toString).collect(Collectors.joining(","));
    }

    /* What is settled already is not refused again, however much of it there is. */
    @ParameterizedTest
    @ValueSource(strings = {"{\"bad\":1}", "\"\\u0000\""})
    void countsOnlyWhatIsNewAgainstItsBounds(String bad) {
        String sink = put(LENIENT + ",\"dead-letters\":{\"max-per-batch\":1}");
        client.batch(sink, "0", 0, bad).has("deadLettered", 1);
        client.batch(sink, "0", 1, bad).has("deadLettered", 1);
        client.batch(sink, "0", 0, bad + "," + bad + "," + bad)
                .isWritten("trimmed")
                .has("duplicates", 2)
                .has("deadLettered", 1);
    }

    /* More of them than are listed, all settled but the last one. */
    @ParameterizedTest
    @ValueSource(strings = {"{\"bad\":1}", "\"\\u0000\""})
    void looksBeyondWhatIsListedForWhatIsNew(String bad) {
        String sink = put(LENIENT + ",\"dead-letters\":{\"max-share\":100,\"max-per-batch\":60}");
        String many = String.join(",", Collections.nCopies(60, bad));
        client.batch(sink, "0", 0, many).has("deadLettered", 60);
        client.batch(sink, "0", 60, many).has("deadLettered", 60);
        String all = many + "," + many + "," + bad;
        Answer refused =
                client.batch(sink, "0", 0, all, "Prefer", "handling=strict").isProblem(422, "record-rejected");
        assertThat(refused.body().path("rejected").size()).isEqualTo(1);
        assertThat(refused.body().path("rejected").path(0).path("offset").intValue())
                .isEqualTo(120);
        client.batch(sink, "0", 0, all)
                .isWritten("trimmed")
                .has("duplicates", 120)
                .has("deadLettered", 1);
    }

    @Test
    void letsWritersGoOnBesideAndBehindARefusedRecord() {
        String sink = put(LENIENT + ",\"dead-letters\":{\"max-share\":100}");
        List<CompletableFuture<Answer>> answers = new ArrayList<>();
        int batches = 30;
        for (int i = 0; i < batches; i++) {
            for (int partition = 0; partition < 3; partition++) {
                answers.add(client.postAsync(
                        Client.partition(sink, Integer.toString(partition)),
                        Client.JSON,
                        Client.dense(i * 3L, "1," + (partition == i % 3 ? "{\"bad\":1}" : "2") + ",3"),
                        "Prefer",
                        "wait=30"));
            }
        }
        answers.forEach(answer -> answer.join().isWritten("committed"));
        assertThat(service.query("select count(*) from " + sink)).containsExactly(Integer.toString(8 * batches));
        assertThat(letters(sink)).hasSize(batches);
        for (String partition : List.of("0", "1", "2")) {
            client.snapshot(sink, partition).has("nextOffset", 3L * batches);
        }
    }

    @Test
    void settlesKeyedRecordsOfAllPartitionsInOneTransaction() {
        String sink = put(LENIENT);
        StringBuilder body = new StringBuilder();
        for (int i = 0; i < 40; i++) {
            body.append("{\"key\":\"k").append(i).append("\",\"value\":");
            body.append(i % 10 == 3 ? "{\"bad\":1}" : i == 17 ? "\"\\u0000\"" : "{\"i\":" + i + "}")
                    .append("}\n");
        }
        Answer refused = client.post(
                        "/sinks/" + sink + "/records?offset=0",
                        Client.NDJSON,
                        body.toString(),
                        "Prefer",
                        "handling=strict")
                .isProblem(422, "record-rejected");
        assertThat(refused.body().path("partition").isMissingNode()).isFalse();
        Answer written = client.post("/sinks/" + sink + "/records?offset=0", Client.NDJSON, body.toString())
                .isWritten("committed")
                .has("written", 35)
                .has("deadLettered", 5);
        long inParts = 0;
        for (var part : written.body().path("partitions")) {
            inParts += part.path("deadLettered").longValue();
        }
        assertThat(inParts).isEqualTo(5);
        client.post("/sinks/" + sink + "/records?offset=0", Client.NDJSON, body.toString())
                .isWritten("duplicate")
                .has("duplicates", 40);
        assertThat(letters(sink)).hasSize(5);
        assertThat(service.query("select count(*) from " + sink)).containsExactly("35");
    }

    @Test
    void settlesInAnyOrder() {
        String sink = put(LENIENT + ",\"order\":\"any\"");
        client.post(
                        Client.partition(sink, "0"),
                        Client.JSON,
                        "{\"offsets\":[7,3,5],\"records\":[{\"bad\":1},2,\"\\u0000\"]}")
                .isWritten("committed")
                .has("written", 1)
                .has("deadLettered", 2);
        client.post(
                        Client.partition(sink, "0"),
                        Client.JSON,
                        "{\"offsets\":[5,7],\"records\":[\"\\u0000\",{\"bad\":1}]}")
                .isWritten("duplicate")
                .has("duplicates", 2);
        assertThat(letters(sink)).containsExactly("0 5 22P05 open", "0 7 23514 open");
    }

    @Test
    void takesThemBackWithARewind() {
        String sink = put(LENIENT);
        client.batch(sink, "0", 0, "1,{\"bad\":1},3,{\"bad\":2},5").has("deadLettered", 2);
        client.open(sink, "0", "{\"owner\":\"w\",\"resume\":{\"nextOffset\":2}}")
                .has("nextOffset", 2);
        assertThat(letters(sink)).containsExactly("0 1 23514 open");
        assertThat(service.query("select records, records_from from sluice.snapshot where sink = '" + sink + "'"))
                .containsExactly("2 0");
        client.batch(sink, "0", 2, "3,4,5", "Sluice-Fencing-Token", "1").has("deadLettered", 0);
        assertThat(rows(sink, "0")).containsExactly("0", "2", "3", "4");
    }

    @Test
    void lettersBelongToTheSinkThatRefusesBehindABuffer() {
        String sink = put(LENIENT);
        client.put(
                "/sinks/b" + sink, "{\"type\":\"batching\",\"target\":\"" + sink + "\",\"flush-interval\":\"50ms\"}");
        Answer answer = client.post(
                        Client.partition("b" + sink, "0") + "?ack=delivered",
                        Client.JSON,
                        Client.dense(0, "1,{\"bad\":1},\"\\u0000\",4"))
                .isWritten("committed");
        answer.has("deliveredOffset", 4);
        assertThat(letters(sink)).containsExactly("0 1 23514 open", "0 2 22P05 open");
        assertThat(rows(sink, "0")).containsExactly("0", "3");
        client.snapshot(sink, "0").has("nextOffset", 4);
        Answer refused =
                client.put("/sinks/c" + sink, "{\"type\":\"batching\",\"target\":\"" + sink + "\"," + LENIENT + "}");
        refused.isProblem(422, "invalid-definition");
        assertThat(refused.body().toString()).contains("its targets refuse records");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void oneTargetOfAFanoutSettlesAndAnotherStops(boolean joint) {
        String lenient = put(LENIENT);
        String strict = put("\"on-rejected\":\"stop\"");
        service.execute("alter table " + strict + " drop constraint good");
        String start = joint ? "" : ",\"start-at\":{\"" + strict + "\":\"0\"}";
        client.put(
                "/sinks/f" + lenient,
                "{\"type\":\"fanout\",\"targets\":[\"" + lenient + "\",\"" + strict + "\"]" + start + "}");
        client.batch("f" + lenient, "0", 0, "1,{\"bad\":1},3")
                .isWritten("committed")
                .has("nextOffset", 3);
        assertThat(letters(lenient)).containsExactly("0 1 23514 open");
        assertThat(rows(lenient, "0")).containsExactly("0", "2");
        assertThat(rows(strict, "0")).containsExactly("0", "1", "2");
        // What the strict one can never take is told at once, and what it refuses as it is written keeps the batch.
        client.batch("f" + lenient, "0", 3, "4,\"\\u0000\"").isProblem(422, "record-rejected");
        client.batch("f" + lenient, "0", 3, "4,{\"u\":1},{\"u\":1}").isProblem(502, "partial-failure");
        client.batch("f" + lenient, "0", 3, "4,{\"u\":1},{\"u\":1}").isProblem(502, "partial-failure");
        assertThat(letters(lenient)).containsExactly("0 1 23514 open", "0 5 23505 open");
    }

    @Test
    void tellsWhatMakesNoSenseInADefinition() {
        for (String wrong : List.of(
                "\"on-rejected\":\"drop\"",
                "\"dead-letters\":{\"max-open\":1}",
                LENIENT + ",\"dead-letters\":{\"max-opn\":1}",
                LENIENT + ",\"dead-letters\":{\"max-per-batch\":101}",
                LENIENT + ",\"dead-letters\":7")) {
            client.put("/sinks/wrong", "{\"type\":\"table\",\"partitions\":[\"0\"]," + wrong + "}")
                    .isProblem(422, "invalid-definition");
        }
        client.put("/sinks/wrong", "{\"type\":\"log\",\"partitions\":[\"0\"]," + LENIENT + "}")
                .isProblem(422, "invalid-definition");
    }

    @Test
    void neverBlamesARecordForTheTarget() {
        String sink = put(LENIENT);
        service.execute("alter table " + sink + " rename to away");
        try {
            client.batch(sink, "0", 0, "1,{\"bad\":1}").isProblem(503, "target-unavailable");
        } finally {
            service.execute("alter table away rename to " + sink);
        }
        assertThat(letters(sink)).isEmpty();
        service.execute("alter table " + sink + " add column needed int not null");
        assertThat(client.batch(sink, "0", 0, "1,2").status()).isGreaterThanOrEqualTo(500);
        assertThat(letters(sink)).isEmpty();
    }
}
