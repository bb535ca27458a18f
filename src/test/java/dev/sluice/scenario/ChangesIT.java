package dev.sluice.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Records that say what becomes of the rows of their keys. */
@Tag("conformance")
class ChangesIT {

    private static final String UNAVAILABLE = "\"__debezium_unavailable_value\"";

    /* Large batches go another way than small ones. */
    private static final int[] SIZES = {5, 120, 1500};

    private static final AtomicInteger names = new AtomicInteger();

    private static InProcess service;
    private static Client client;

    private final long seed = Long.getLong("sluice.test.seed", System.nanoTime());

    @BeforeAll
    static void start() {
        service = InProcess.start("spring.application.name=sluice");
        client = service.client();
        service.execute("create domain always as text not null");
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    private static Answer put(String sink, String settings) {
        return client.put(
                "/sinks/" + sink,
                "{\"type\":\"table\",\"partitions\":[\"0\",\"1\",\"2\",\"3\"],\"mode\":\"changes\"," + settings + "}");
    }

    private static String sink(String columns, String settings) {
        String sink = "c" + names.incrementAndGet();
        service.execute("create table " + sink + " (" + columns + ")");
        assertThat(put(sink, settings).status()).isEqualTo(201);
        return sink;
    }

    /** With the columns id and v, and what a record does at /op. */
    private static String bare(String columns, String settings) {
        return sink(
                columns,
                "\"key\":[\"id\"],\"position\":\"none\",\"columns\":{\"id\":\"/id\",\"v\":\"/v\"},"
                        + "\"operation\":{\"from\":\"/op\",\"delete\":[\"d\"]}" + settings);
    }

    private static String debezium(String columns, String settings) {
        return sink(
                columns,
                "\"key\":[\"id\"],\"position\":\"none\",\"other-columns\":\"by-name\",\"envelope\":\"debezium\""
                        + settings);
    }

    private static List<String> rows(String sink) {
        return service.query("select * from " + sink + " order by id");
    }

    private static void committed(String sink, String partition, long offset, String... records) {
        client.batch(sink, partition, offset, String.join(",", records)).isWritten("committed");
    }

    private static String rejected(String sink, String record) {
        Answer answer = client.batch(sink, "0", 0, record).isProblem(422, "record-rejected");
        assertThat(answer.body().path("rejected").size()).isEqualTo(1);
        return answer.body().path("rejected").path(0).toString();
    }

    @Test
    void writesAndDeletesInTheOrderOfTheRecords() {
        String sink = bare("id numeric primary key, v text", "");
        committed(
                sink,
                "0",
                0,
                "{\"id\":1,\"v\":\"a\"}",
                "{\"id\":2,\"v\":\"b\",\"op\":\"u\"}",
                "{\"id\":1.0,\"op\":\"d\"}",
                "{\"id\":3,\"op\":\"d\"}",
                "{\"id\":3,\"v\":\"c\",\"op\":null}");
        assertThat(rows(sink)).containsExactly("2 b", "3 c");
        committed(sink, "1", 0, "{\"id\":2.00,\"op\":\"d\"}", "{\"id\":3,\"v\":\"d\"}", "{\"id\":9,\"op\":\"d\"}");
        assertThat(rows(sink)).containsExactly("3 d");
        client.batch(sink, "1", 0, "{\"id\":2.00,\"op\":\"d\"},{\"id\":3,\"v\":\"d\"},{\"id\":9,\"op\":\"d\"}")
                .isWritten("duplicate");
    }

    @Test
    void needsNothingButTheKeyOfRowsThatGo() {
        String sink = bare("id int primary key, v always, n int not null default 1", ",\"other-members\":\"ignore\"");
        committed(sink, "0", 0, "{\"id\":1,\"v\":\"a\"}", "{\"id\":2,\"v\":\"b\"}");
        committed(
                sink, "0", 2, "{\"id\":1,\"op\":\"d\"}", "{\"id\":3,\"v\":\"c\"}", "{\"op\":\"d\",\"id\":2,\"x\":[1]}");
        assertThat(rows(sink)).containsExactly("3 c 1");
        String many = IntStream.range(0, 700)
                .mapToObj(i -> i % 2 == 0 ? "{\"id\":" + i + ",\"v\":\"e\"}" : "{\"id\":" + (i - 1) + ",\"op\":\"d\"}")
                .collect(Collectors.joining(","));
        client.batch(sink, "0", 5, many).isWritten("committed");
        assertThat(rows(sink)).containsExactly("3 c 1");
        assertThat(rejected(bare("id int primary key, v text", ""), "{\"op\":\"d\",\"v\":\"a\"}"))
                .contains("nothing at /id for the column id, which is in the key");
        assertThat(rejected(bare("id int primary key, v text", ""), "{\"op\":\"d\",\"id\":\"x\"}"))
                .contains("22P02");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "true | 2",
                "1 | 2",
                "d | 2",
                "false | 3",
                "gone | 3",
            })
    void readsOperationsOfAnyKind(String op, int left) {
        String own = sink(
                "id int primary key, v text",
                "\"key\":[\"id\"],\"position\":\"none\",\"columns\":{\"id\":\"/id\",\"v\":\"/v\"},"
                        + "\"operation\":{\"from\":\"/meta/op\",\"delete\":[\"d\",\"true\",\"1\"]}");
        String said = op.matches("true|false|1") ? op : "\"" + op + "\"";
        committed(own, "0", 0, "{\"id\":1}", "{\"id\":2}", "{\"id\":3}", "{\"id\":3,\"meta\":{\"op\":" + said + "}}");
        assertThat(rows(own)).hasSize(left);
    }

    @Test
    void refusesOperationsThatItDoesNotKnow() {
        String sink = sink(
                "id int primary key, v text",
                "\"key\":[\"id\"],\"position\":\"none\",\"columns\":{\"id\":\"/id\",\"v\":\"/v\"},"
                        + "\"operation\":{\"from\":\"/op\",\"delete\":[\"d\"],\"write\":[\"c\",\"u\"]}");
        committed(sink, "1", 0, "{\"id\":1,\"op\":\"c\"}", "{\"id\":2,\"op\":\"u\"}", "{\"id\":1,\"op\":\"d\"}");
        assertThat(rows(sink)).containsExactly("2 null");
        assertThat(rejected(sink, "{\"id\":1,\"op\":\"x\"}")).contains("'x' is none of the operations", "/op");
        assertThat(rejected(sink, "{\"id\":1}")).contains("does not say what it does");
        assertThat(rejected(sink, "null")).contains("does not say which row is gone");
        assertThat(rejected(sink, "5")).contains("neither an object nor an array");
    }

    @Test
    void marksRowsAsDeletedAndBringsThemBack() {
        String sink = bare("id int primary key, v text, deleted_at timestamptz", ",\"soft-delete\":\"deleted_at\"");
        String shown = "select id, v, deleted_at is null from " + sink + " order by id";
        committed(sink, "0", 0, "{\"id\":1,\"v\":\"a\"}", "{\"id\":2,\"v\":\"b\"}", "{\"id\":1,\"op\":\"d\"}");
        assertThat(service.query(shown)).containsExactly("2 b t"); // never was there for anybody
        committed(sink, "0", 3, "{\"id\":2,\"op\":\"d\"}", "{\"id\":3,\"op\":\"d\"}", "{\"id\":4,\"v\":\"d\"}");
        assertThat(service.query(shown)).containsExactly("2 b f", "4 d t");
        List<String> when = service.query("select deleted_at from " + sink + " where id = 2");
        committed(sink, "0", 6, "{\"id\":2,\"op\":\"d\"}");
        assertThat(service.query("select deleted_at from " + sink + " where id = 2"))
                .isEqualTo(when);
        committed(sink, "0", 7, "{\"id\":2,\"v\":\"back\"}");
        assertThat(service.query(shown)).containsExactly("2 back t", "4 d t");

        String flagged = sink(
                "id int primary key, v text, gone boolean, partition_id text, source_offset bigint",
                "\"key\":[\"id\"],\"columns\":{\"id\":\"/id\",\"v\":\"/v\"},\"soft-delete\":\"gone\","
                        + "\"operation\":{\"from\":\"/op\",\"delete\":[\"d\"]}");
        committed(flagged, "0", 0, "{\"id\":1,\"v\":\"a\"}");
        committed(flagged, "1", 0, "{\"id\":1,\"op\":\"d\"}");
        assertThat(rows(flagged)).containsExactly("1 a t 1 0");
    }

    /** The shapes that Debezium's connector for PostgreSQL writes; see its documentation, "Data change events". */
    @Test
    void followsTheEventsOfDebezium() {
        String sink = debezium("id int primary key, name text, photo text, tags text[]", "");
        String source = ",\"source\":{\"version\":\"3.3.0.Final\",\"connector\":\"postgresql\",\"name\":\"shop\","
                + "\"ts_ms\":1767225600000,\"snapshot\":\"first\",\"db\":\"shop\",\"sequence\":\"[null,\\\"24023128\\\"]\","
                + "\"schema\":\"public\",\"table\":\"customers\",\"txId\":555,\"lsn\":24023128,\"xmin\":null},"
                + "\"transaction\":null,\"ts_ms\":1767225600123}";
        committed(
                sink,
                "0",
                0,
                "{\"before\":null,\"after\":{\"id\":1,\"name\":\"Ada\",\"photo\":\"large\",\"tags\":[\"a\"]},\"op\":\"r\""
                        + source,
                "{\"before\":null,\"after\":{\"id\":2,\"name\":\"Bob\",\"photo\":null,\"tags\":null},\"op\":\"c\""
                        + source,
                // without the row of before, and with large values that did not change
                "{\"op\":\"u\",\"before\":null,\"after\":{\"id\":1,\"name\":\"Ada L.\",\"photo\":" + UNAVAILABLE
                        + ",\"tags\":[" + UNAVAILABLE + "]}" + source);
        assertThat(rows(sink)).containsExactly("1 Ada L. large {a}", "2 Bob null null");
        committed(
                sink,
                "0",
                3,
                // replica identity full, the key included
                "{\"op\":\"u\",\"before\":{\"id\":2,\"name\":\"Bob\",\"photo\":null,\"tags\":null},"
                        + "\"after\":{\"id\":20,\"name\":\"Bob\",\"photo\":null,\"tags\":[]}" + source,
                "{\"op\":\"d\",\"before\":{\"id\":1,\"name\":null,\"photo\":null,\"tags\":null},\"after\":null"
                        + source,
                "null",
                // with its schema, as the converter writes it
                "{\"schema\":{\"type\":\"struct\",\"fields\":[{\"field\":\"op\"}]},\"payload\":{\"before\":null,"
                        + "\"after\":{\"id\":3,\"name\":\"Cy\",\"photo\":\"p\",\"tags\":[]},\"op\":\"c\"" + source
                        + "}",
                "{\"schema\":null,\"payload\":null}");
        assertThat(rows(sink)).containsExactly("3 Cy p {}", "20 Bob null {}");
    }

    @Test
    void refusesWhatIsNoChangeOfARow() {
        String sink = debezium("id int primary key", "");
        assertThat(rejected(sink, "{\"op\":\"d\",\"before\":null,\"after\":null}"))
                .contains("replica identity full");
        assertThat(rejected(sink, "{\"op\":\"u\",\"before\":null,\"after\":null}"))
                .contains("needs the row in 'after'");
        assertThat(rejected(sink, "{\"op\":\"m\",\"message\":{\"prefix\":\"x\"}}"))
                .contains("no change of a row");
        assertThat(rejected(sink, "{\"id\":1}")).contains("it has no op");
        assertThat(rejected(sink, "{\"payload\":7}")).contains("it has no op");
        assertThat(rejected(sink, "[1]")).contains("which is an object");
        assertThat(rejected(sink, "{\"op\":\"c\",\"after\":{\"id\":1,\"added\":2}}"))
                .contains("added", "no column takes");
        assertThat(rejected(sink, "{\"op\":\"t\"}")).contains("was truncated", "truncates: apply");
    }

    @ParameterizedTest
    @CsvSource({"ignore, 1 3", "apply, 3"})
    void takesTruncationsByChoice(String truncates, String left) {
        String sink = debezium("id int primary key", ",\"truncates\":\"" + truncates + "\"");
        committed(
                sink,
                "0",
                0,
                "{\"op\":\"c\",\"after\":{\"id\":1}}",
                "{\"op\":\"t\",\"before\":null,\"after\":null}",
                "{\"op\":\"c\",\"after\":{\"id\":3}}");
        assertThat(String.join(" ", rows(sink))).isEqualTo(left);
    }

    /** What is the same key, the column says: with its precision. */
    @ParameterizedTest
    @ValueSource(ints = {0, 600})
    void findsRowsByKeysThatAreRounded(int others) {
        String sink = sink(
                "at timestamptz(3), n numeric(6,2), v text, primary key (n, at)",
                "\"key\":[\"at\",\"n\"],\"position\":\"none\",\"columns\":{\"at\":\"/at\",\"n\":\"/n\",\"v\":\"/v\"},"
                        + "\"operation\":{\"from\":\"/op\",\"delete\":[\"d\"]}");
        String key = "\"at\":\"2024-01-01T00:00:00.123456Z\",\"n\":1.005";
        String more = IntStream.range(0, others)
                .mapToObj(i -> ",{\"at\":\"2025-01-01T00:00:00Z\",\"n\":" + i + "}")
                .collect(Collectors.joining());
        committed(sink, "0", 0, "{" + key + "},{" + key.replace("456", "499") + ",\"v\":\"last\"}" + more);
        assertThat(service.query("select n, v from " + sink + " where v is not null"))
                .containsExactly("1.01 last");
        committed(sink, "0", 2 + others, "{\"op\":\"d\"," + key + "}" + more.replace("{", "{\"op\":\"d\","));
        assertThat(service.query("select * from " + sink)).isEmpty();
    }

    /** A row that went in between has nothing left of what it was, however the records are cut into batches. */
    @ParameterizedTest
    @CsvSource({"true, 0", "false, 0", "true, 600", "false, 600"})
    void keepsNothingOfARowThatWent(boolean together, int others) {
        String sink = bare(
                "id int primary key, v text default 'none', note text default 'new'", ",\"missing-members\":\"keep\"");
        service.execute("insert into " + sink + " values (1, 'old', 'manual')");
        String more = IntStream.range(10, 10 + others)
                .mapToObj(i -> ",{\"id\":" + i + "}")
                .collect(Collectors.joining());
        if (together) {
            committed(sink, "0", 0, "{\"id\":2},{\"id\":1,\"op\":\"d\"},{\"id\":1}" + more);
        } else {
            committed(sink, "0", 0, "{\"id\":2},{\"id\":1,\"op\":\"d\"}");
            committed(sink, "0", 2, "{\"id\":1}" + more);
        }
        assertThat(service.query("select * from " + sink + " where id < 10 order by id"))
                .containsExactly("1 none new", "2 none new");
    }

    @Test
    void letsRowsGoBeforeOthersTakeWhatTheyHeld() {
        String sink = debezium("id int primary key, email text unique", "");
        committed(sink, "0", 0, "{\"op\":\"c\",\"after\":{\"id\":5,\"email\":\"a\"}}");
        committed(
                sink,
                "0",
                1,
                "{\"op\":\"d\",\"before\":{\"id\":5}}",
                "{\"op\":\"c\",\"after\":{\"id\":2,\"email\":\"a\"}}");
        committed(
                sink,
                "0",
                3,
                "{\"op\":\"u\",\"before\":{\"id\":2,\"email\":\"a\"},\"after\":{\"id\":9,\"email\":\"a\"}}");
        assertThat(rows(sink)).containsExactly("9 a");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 600})
    void takesColumnsOfAnyName(int others) {
        String[] odd = {
            "rows", "r", "x", "l", "w", "d", "t", "u", "locked", "done", "count", "gone0", "nth0", "was0", "{key}", "?"
        };
        String sink = sink(
                "id int primary key, \"" + String.join("\" int, \"", odd) + "\" int",
                "\"key\":[\"id\"],\"position\":\"none\",\"other-columns\":\"by-name\","
                        + "\"operation\":{\"from\":\"/op\",\"delete\":[\"d\"]},\"other-members\":\"ignore\"");
        String all = "\"" + String.join("\":1,\"", odd) + "\":1";
        String more = IntStream.range(10, 10 + others)
                .mapToObj(i -> ",{\"id\":" + i + "," + all + "}")
                .collect(Collectors.joining());
        committed(sink, "0", 0, "{\"id\":1," + all + "},{\"id\":2," + all + "}" + more);
        committed(sink, "0", 2 + others, "{\"id\":1,\"op\":\"d\"},{\"id\":3," + all + "}" + more);
        assertThat(service.query("select id, \"rows\", \"{key}\", \"?\" from " + sink + " where id < 10 order by id"))
                .containsExactly("2 1 1 1", "3 1 1 1");
    }

    @Test
    void tellsOfATriggerThatKeepsRows() {
        String sink = bare("id int primary key, v text", "");
        committed(sink, "0", 0, "{\"id\":1}");
        service.execute("create function kept() returns trigger language plpgsql as 'begin return null; end'");
        service.execute("create trigger kept before delete on " + sink + " for each row execute function kept()");
        client.batch(sink, "0", 1, "{\"id\":1,\"op\":\"d\"}").isProblem(500, "target-broken");
        assertThat(rows(sink)).containsExactly("1 null");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"key\":[\"id\"] | operation",
                "\"key\":[\"id\"],\"envelope\":\"debezium\",\"missing-members\":\"default\" | missing-members",
                "\"key\":[\"id\"],\"envelope\":\"debezium\",\"soft-delete\":\"id\" | soft-delete",
                "\"key\":[\"id\"],\"envelope\":\"debezium\",\"other-members\":{\"into\":\"v\"} | does not go with",
                "\"key\":[\"id\"],\"envelope\":\"debezium\",\"soft-delete\":\"none\" | add column",
                "\"key\":[\"id\"],\"envelope\":\"debezium\",\"soft-delete\":\"v\" | needs one of type boolean",
                "\"key\":[\"id\"],\"operation\":{\"from\":\"/op\",\"delete\":[]} | delete",
                "\"key\":[\"id\"],\"operation\":{\"from\":\"op\",\"delete\":[\"d\"]} | JSON Pointer",
                "\"key\":[\"id\"],\"operation\":{\"from\":\"/op\",\"delete\":[\"d\"],\"write\":[\"d\"]} | in delete, too",
                "\"envelope\":\"debezium\" | key",
                "\"key\":[\"id\"],\"envelope\":\"debezium\",\"order\":\"any\" | order",
                "\"key\":[\"id\"],\"operation\":{\"from\":\"/op\",\"delete\":[\"d\"]},\"truncates\":\"apply\" | truncates",
            })
    void refusesDefinitionsThatMakeNoSense(String settings, String told) {
        String table = "c" + names.incrementAndGet();
        service.execute("create table " + table + " (id int primary key, v text)");
        Answer answer = put(table, "\"position\":\"none\",\"columns\":{\"id\":\"/id\"}," + settings);
        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.body().toString()).contains(told);
    }

    /** Each key belongs to one partition, so that the order of its changes is known; a map in memory gets them, too. */
    @Test
    void equalsAMapOfTheLastChanges() {
        String sink = bare("id text primary key, v int", ",\"missing-members\":\"keep\"");
        int partitions = 4;
        List<CompletableFuture<Map<String, String>>> writers = IntStream.range(0, partitions)
                .mapToObj(part -> CompletableFuture.supplyAsync(() -> changed(sink, part)))
                .toList();
        Map<String, String> model = new TreeMap<>();
        writers.forEach(writer -> model.putAll(writer.join()));
        assertThat(service.query("select id, v from " + sink + " order by id collate \"C\""))
                .as("seed " + seed)
                .isEqualTo(model.entrySet().stream()
                        .map(entry -> entry.getKey() + " " + entry.getValue())
                        .toList());
    }

    private Map<String, String> changed(String sink, int part) {
        Random random = new Random(seed + part);
        Map<String, String> model = new TreeMap<>();
        long next = 0;
        for (int round = 0; round < 40; round++) {
            List<String> records = new ArrayList<>();
            int count = 1 + random.nextInt(SIZES[random.nextInt(SIZES.length)]);
            for (int i = 0; i < count; i++) {
                String id = "k" + part + "-" + random.nextInt(20);
                switch (random.nextInt(4)) {
                    case 0 -> {
                        records.add("{\"op\":\"d\",\"id\":\"" + id + "\"}");
                        model.remove(id);
                    }
                    case 1 -> {
                        records.add("{\"id\":\"" + id + "\"}");
                        model.putIfAbsent(id, "null");
                    }
                    default -> {
                        int v = random.nextInt(1000);
                        records.add("{\"v\":" + v + ",\"id\":\"" + id + "\"}");
                        model.put(id, Integer.toString(v));
                    }
                }
            }
            committed(sink, Integer.toString(part), next, records.toArray(String[]::new));
            next += count;
        }
        return model;
    }

    private static Answer keyed(String sink, long offset, String... records) {
        return client.post("/sinks/" + sink + "/records?offset=" + offset, Client.NDJSON, String.join("\n", records));
    }

    @Test
    void deletesTheRowOfTheKeyThatATombstoneHas() {
        String sink = sink(
                "id text primary key, v int",
                "\"key\":[\"id\"],\"position\":\"none\",\"columns\":{\"id\":\"/k/id\",\"v\":\"/v\"},"
                        + "\"other-members\":\"ignore\",\"tombstones\":\"by-key\"");
        String written = "{\"key\":\"%1$s\",\"value\":{\"k\":{\"id\":\"%1$s\"},\"v\":%2$d}}";
        String gone = "{\"key\":\"%s\",\"value\":null}";
        String[] first = {
            written.formatted("a", 1),
            written.formatted("b", 2),
            written.formatted("{c", 3),
            written.formatted("é\\\"d", 4),
            gone.formatted("a"),
            gone.formatted("{c"),
            gone.formatted("never there")
        };
        keyed(sink, 0, first).isWritten("committed");
        assertThat(rows(sink)).containsExactly("b 2", "é\"d 4");
        keyed(sink, 0, first).isWritten("duplicate");
        keyed(sink, 7, gone.formatted("é\\\"d"), written.formatted("b", 5)).isWritten("committed");
        assertThat(rows(sink)).containsExactly("b 5");
        String connects = "{\\\"schema\\\":{\\\"type\\\":\\\"string\\\"},\\\"payload\\\":\\\"b\\\"}";
        keyed(sink, 9, gone.formatted(connects), written.formatted("e", 6)).isWritten("committed");
        assertThat(rows(sink)).containsExactly("e 6");
        keyed(sink, 11, "{\"key\":\"x\",\"value\":\"e\"}").isProblem(400, "malformed-batch");
        keyed(sink, 11, gone.formatted("{\\\"k\\\":{\\\"other\\\":1}}")).isProblem(422, "record-rejected");
        long next = client.snapshot(sink, "0").body().path("nextOffset").longValue();
        for (String half : List.of("\\ud800", "{\\\"k\\\":{\\\"id\\\":\\\"\\ud800\\\"}}")) {
            client.batch(sink, "0", next, "\"" + half + "\"").isProblem(422, "record-rejected");
        }
        assertThat(rows(sink)).containsExactly("e 6");
        Answer nobodys = client.batch(
                        sink,
                        "0",
                        client.snapshot(sink, "0").body().path("nextOffset").longValue(),
                        "null")
                .isProblem(422, "record-rejected");
        assertThat(nobodys.body().at("/rejected/0/message").stringValue()).contains("has no key");
    }

    @Test
    void readsKeysOfSeveralColumnsAndThoseOfKafkaConnect() {
        String sink = sink(
                "id numeric, part text, v int, primary key (id, part)",
                "\"key\":[\"id\",\"part\"],\"position\":\"none\",\"envelope\":\"debezium\","
                        + "\"other-columns\":\"by-name\",\"tombstones\":\"by-key\"");
        String exact = "{\\\"id\\\":1.00000000000000000000001,\\\"part\\\":\\\"a\\\"}";
        String connects = "{\\\"schema\\\":{},\\\"payload\\\":{\\\"id\\\":2,\\\"part\\\":\\\"a\\\"}}";
        keyed(
                        sink,
                        0,
                        event(exact, "1.00000000000000000000001"),
                        event(connects, "2"),
                        event("3", "3"),
                        "{\"key\":\"" + exact + "\",\"value\":null}",
                        "{\"key\":\"" + connects + "\",\"value\":null}")
                .isWritten("committed");
        assertThat(rows(sink)).containsExactly("3 a 1");
        Answer refused =
                keyed(sink, 5, "{\"key\":\"{\\\"id\\\":3}\",\"value\":null}").isProblem(422, "record-rejected");
        assertThat(refused.body().at("/rejected/0/hint").stringValue()).contains("{\"id\": …, \"part\": …}");
        assertThat(rows(sink)).containsExactly("3 a 1");
    }

    private static String event(String key, String id) {
        return "{\"key\":\"" + key + "\",\"value\":{\"op\":\"c\",\"after\":{\"id\":" + id
                + ",\"part\":\"a\",\"v\":1}}}";
    }
}
