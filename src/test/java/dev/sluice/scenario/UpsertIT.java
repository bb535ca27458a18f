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

/** Records into the rows of their keys. */
@Tag("conformance")
class UpsertIT {

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
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    private static Answer put(String sink, String settings) {
        return client.put(
                "/sinks/" + sink,
                "{\"type\":\"table\",\"partitions\":[\"0\",\"1\",\"2\",\"3\"],\"mode\":\"upsert\"," + settings + "}");
    }

    private static String sink(String columns, String settings) {
        String sink = "u" + names.incrementAndGet();
        service.execute("create table " + sink + " (" + columns + ")");
        assertThat(put(sink, settings).status()).isEqualTo(201);
        return sink;
    }

    @Test
    void keepsTheLastRecordOfEachKey() {
        String sink = sink(
                "id numeric primary key, v text",
                "\"key\":[\"id\"],\"position\":\"none\",\"columns\":{\"id\":\"/id\",\"v\":\"/v\"}");
        client.batch(sink, "0", 0, "{\"id\":1,\"v\":\"a\"},{\"id\":2,\"v\":\"b\"},{\"id\":1.0,\"v\":\"c\"}")
                .isWritten("committed");
        assertThat(service.query("select id, v from " + sink + " order by id")).containsExactly("1.0 c", "2 b");
        client.batch(sink, "1", 0, "{\"id\":2.00,\"v\":null}").isWritten("committed");
        client.batch(sink, "0", 0, "{\"id\":1,\"v\":\"a\"},{\"id\":2,\"v\":\"b\"},{\"id\":1.0,\"v\":\"c\"}")
                .isWritten("duplicate");
        assertThat(service.query("select id, v from " + sink + " order by id")).containsExactly("1.0 c", "2 null");
    }

    @ParameterizedTest
    @CsvSource({"default, one 7, x 7", "keep, one 5, x 6", "null, one null, x null"})
    void decidesWhatBecomesOfColumnsThatAreMissing(String missing, String there, String fresh) {
        String sink = sink(
                "a int, b text, v text, n int default 7, primary key (a, b)",
                "\"key\":[\"b\",\"a\"],\"position\":\"none\",\"missing-members\":\"" + missing
                        + "\",\"columns\":{\"a\":\"/a\",\"b\":\"/b\",\"v\":\"/v\",\"n\":\"/n\"}");
        client.batch(
                        sink,
                        "0",
                        0,
                        "{\"a\":1,\"b\":\"k\",\"v\":\"old\",\"n\":5},{\"a\":2,\"b\":\"k\",\"n\":6,\"v\":\"y\"},"
                                + "{\"a\":1,\"b\":\"k\",\"v\":\"one\"},{\"a\":2,\"b\":\"k\",\"v\":\"x\"}")
                .isWritten("committed");
        assertThat(service.query("select v, n from " + sink + " order by a")).containsExactly(there, fresh);
        client.batch(sink, "0", 4, "{\"a\":3,\"b\":\"k\"}").isWritten("committed");
        assertThat(service.query("select v, n from " + sink + " where a = 3"))
                .containsExactly(missing.equals("null") ? "null null" : "null 7");
    }

    @Test
    void namesRecordsWithoutAKeyAndThoseThatDoNotFit() {
        String sink = sink(
                "id int primary key, v int check (v < 100)",
                "\"key\":[\"id\"],\"position\":\"none\",\"columns\":{\"id\":\"/id\",\"v\":\"/v\"}");
        Answer answer = client.batch(sink, "0", 0, "{\"id\":1,\"v\":1},{\"v\":1},{\"id\":null}")
                .isProblem(422, "record-rejected");
        assertThat(answer.body().path("rejected").toString()).contains("which is in the key");
        assertThat(answer.body().path("rejected").size()).isEqualTo(2);
        answer = client.batch(sink, "0", 0, "{\"id\":1,\"v\":1},{\"id\":2,\"v\":\"x\"},{\"id\":1,\"v\":200}")
                .isProblem(422, "record-rejected");
        assertThat(answer.body().at("/rejected/0/code").stringValue()).isEqualTo("22P02");
        assertThat(answer.body().at("/rejected/1/code").stringValue()).isEqualTo("23514");
        assertThat(service.query("select count(*) from " + sink)).containsExactly("0");
    }

    @Test
    void goesBackOnlyWhereThePositionAloneMay() {
        String columns = "id int primary key, v int";
        String settings = "\"key\":[\"id\"],\"position\":\"none\",\"columns\":{\"id\":\"/id\",\"v\":\"/v\"}";
        String strict = sink(columns, settings);
        client.get("/sinks/" + strict).has("guarantee", "exactly-once");
        client.batch(strict, "0", 0, "{\"id\":1,\"v\":1},{\"id\":1,\"v\":2}").isWritten("committed");
        client.open(strict, "0", "{\"owner\":\"w\",\"resume\":{\"nextOffset\":1}}")
                .isProblem(409, "not-rewindable");
        String lenient = sink(columns, settings + ",\"rewind\":\"position\"");
        client.get("/sinks/" + lenient).has("guarantee", "effectively-once");
        client.batch(lenient, "0", 0, "{\"id\":1,\"v\":1},{\"id\":1,\"v\":2}").isWritten("committed");
        Answer opened = client.open(lenient, "0", "{\"owner\":\"w\",\"resume\":{\"nextOffset\":1}}");
        assertThat(opened.status()).isEqualTo(200);
        assertThat(service.query("select v from " + lenient)).containsExactly("2");
        client.post(
                        Client.partition(lenient, "0") + "?offset=1",
                        Client.NDJSON,
                        "{\"id\":1,\"v\":3}",
                        "Sluice-Fencing-Token",
                        opened.text("fencingToken"))
                .isWritten("committed");
        assertThat(service.query("select v from " + lenient)).containsExactly("3");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"columns\":{\"id\":\"/id\"} | key: name the columns",
                "\"columns\":{\"id\":\"/id\"},\"key\":[\"other\"] | none of columns",
                "\"columns\":{\"id\":\"/id\"},\"key\":[\"id\"] | has no unique key of id",
                "\"columns\":{\"id\":\"/id\"},\"key\":[\"id\"],\"order\":\"any\" | order",
            })
    void refusesDefinitionsThatMakeNoSense(String settings, String told) {
        String table = "u" + names.incrementAndGet();
        service.execute("create table " + table + " (id int)");
        assertThat(put(table, "\"position\":\"none\"," + settings)
                        .body()
                        .toString()
                        .replace("\\\"", "\""))
                .contains(told.replace("key: ", ""));
    }

    @Test
    void takesColumnsOfAnyName() {
        String longest = "n".repeat(63);
        String sink = sink(
                longest + " int primary key, v0 text, nth int, r int, u int",
                "\"key\":[\"" + longest + "\"],\"position\":\"none\",\"columns\":{\"" + longest
                        + "\":\"/id\",\"v0\":\"/v\"," + "\"nth\":\"/v\",\"r\":\"/v\",\"u\":\"/v\"}");
        client.batch(sink, "0", 0, "{\"id\":1,\"v\":1},{\"id\":1,\"v\":2}").isWritten("committed");
        assertThat(service.query("select * from " + sink)).containsExactly("1 2 2 2 2");
        String many = IntStream.range(0, 1_000)
                .mapToObj(i -> "{\"id\":1,\"v\":" + i + "}")
                .collect(Collectors.joining(","));
        client.batch(sink, "0", 2, many).isWritten("committed");
        assertThat(service.query("select * from " + sink)).containsExactly("1 999 999 999 999");
    }

    /* They go through a temporary table, which has to follow what becomes of the table. */
    @Test
    void takesLargeBatchesToATableThatIsAltered() {
        String sink = sink(
                "id int primary key, v varchar(4), at timestamptz, n numeric(6,2), pad text",
                "\"key\":[\"id\"],\"position\":\"none\",\"columns\":{\"id\":\"/id\",\"v\":\"/v\",\"at\":\"/at\","
                        + "\"n\":\"/n\",\"pad\":\"/pad\"}");
        String pad = "x".repeat(1000);
        String records = IntStream.range(0, 6_000)
                .mapToObj(i -> "{\"id\":" + i % 2_000 + ",\"v\":\"a" + i / 2_000 + "\",\"at\":\""
                        + (i % 3 == 0 ? "yesterday" : "2024-01-01T00:00:00Z") + "\",\"n\":" + i % 50 + ".125,\"pad\":\""
                        + pad + "\"}")
                .collect(Collectors.joining(","));
        client.batch(sink, "0", 0, records).isWritten("committed");
        String counts = "select v, count(*), count(distinct n), max(n) from " + sink + " group by v";
        assertThat(service.query(counts)).containsExactly("a2 2000 50 49.13");
        service.execute("alter table " + sink + " alter v type varchar(10), alter n type int using n::int");
        client.batch(sink, "0", 6_000, records.replace(".125", "").replace("\"a2", "\"abcdef"))
                .isWritten("committed");
        assertThat(service.query(counts)).containsExactly("abcdef 2000 50 49");
        long next = 12_000;
        // Often enough that a session comes again which has staged rows for what the table was before.
        for (int length = 11; length < 20; length++) {
            service.execute("alter table " + sink + " alter v type varchar(" + length + ")");
            String longer = "b".repeat(length);
            client.batch(
                            sink,
                            "0",
                            next,
                            IntStream.range(0, 600)
                                    .mapToObj(i -> "{\"id\":" + i + ",\"v\":\"" + longer + "\"}")
                                    .collect(Collectors.joining(",")))
                    .isWritten("committed");
            next += 600;
        }
        assertThat(service.query("select v, count(*) from " + sink + " group by v order by v"))
                .containsExactly("abcdef 1400", "b".repeat(19) + " 600");
        Answer answer = client.batch(
                        sink,
                        "0",
                        next,
                        records.replace("\"id\":77,", "\"id\":\"x\",").replace(".125", ""))
                .isProblem(422, "record-rejected");
        assertThat(answer.body().path("rejected").size()).isEqualTo(3);
        client.batch(sink, "0", 6_000, records.replace(".125", "").replace("\"a2", "\"abcdef"))
                .isWritten("duplicate");
    }

    /* However records take turns in what they leave out, a session keeps one temporary table for the table. */
    @Test
    void takesRecordsThatLeaveOutOneThingAndAnother() {
        String sink = sink(
                "id int primary key, a int, b int, c int, d int, e int, f int, g int, h int",
                "\"key\":[\"id\"],\"position\":\"none\",\"other-columns\":\"by-name\",\"missing-members\":\"keep\"");
        Random random = new Random(seed);
        Map<Integer, Integer> last = new TreeMap<>();
        List<String> records = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            int id = random.nextInt(50);
            StringBuilder record = new StringBuilder("{\"id\":" + id);
            for (char member = 'a'; member <= 'h'; member++) {
                if (random.nextBoolean()) {
                    record.append(",\"").append(member).append("\":").append(i);
                    if (member == 'c') {
                        last.put(id, i);
                    }
                }
            }
            records.add(record.append('}').toString());
        }
        client.batch(sink, "0", 0, String.join(",", records)).isWritten("committed");
        assertThat(service.query("select id, c from " + sink + " where c is not null order by id"))
                .as("seed " + seed)
                .isEqualTo(last.entrySet().stream()
                        .map(entry -> entry.getKey() + " " + entry.getValue())
                        .toList());
        String twice = IntStream.range(0, 1_000)
                .mapToObj(i -> i < 500 ? "{\"id\":" + i + ",\"a\":1}" : "{\"id\":" + i + ",\"b\":1}")
                .collect(Collectors.joining(","));
        client.batch(sink, "0", 2_000, twice).isWritten("committed");
        assertThat(service.query("select count(*), count(distinct relnamespace) = count(*) from pg_class where relname"
                        + " like 'sluice_upsert_%' and exists (select from pg_attribute where attrelid = pg_class.oid"
                        + " and attname = 'h')"))
                .allMatch(row -> row.endsWith(" t"));
    }

    /* Two texts are one key where the column's collation says so. */
    @Test
    void takesTextsForOneKeyThatTheCollationTakesForEqual() {
        service.execute("create collation if not exists whichever_case"
                + " (provider = icu, locale = 'und-u-ks-level2', deterministic = false)");
        service.execute("create domain whichever as text collate whichever_case");
        for (int more : new int[] {0, 20, 700, 1, 21, 701}) {
            String sink = sink(
                    "id " + (more % 10 == 1 ? "whichever" : "text collate whichever_case") + " primary key, v int",
                    "\"key\":[\"id\"],\"position\":\"none\",\"columns\":{\"id\":\"/id\",\"v\":\"/v\"}");
            String records = "{\"id\":\"Key\",\"v\":1},{\"id\":\"kEY\",\"v\":2},{\"id\":\"KEY\",\"v\":3}"
                    + IntStream.range(0, more)
                            .mapToObj(i -> ",{\"id\":\"x" + i + "\",\"v\":0}")
                            .collect(Collectors.joining());
            client.batch(sink, "0", 0, records).isWritten("committed");
            client.batch(sink, "1", 0, "{\"id\":\"key\",\"v\":4}").isWritten("committed");
            assertThat(service.query("select v from " + sink + " where id = 'KEY'"))
                    .containsExactly("4");
            assertThat(service.query("select count(*) from " + sink)).containsExactly(Integer.toString(more + 1));
        }
    }

    /* In the order of the key 1 would come first, and want what 2 still has. */
    @Test
    void letsRowsTakeWhatOthersGaveUpBefore() {
        for (int more : new int[] {0, 700}) {
            String sink = sink(
                    "id int primary key, code text unique",
                    "\"key\":[\"id\"],\"position\":\"none\",\"columns\":{\"id\":\"/id\",\"code\":\"/c\"}");
            client.batch(sink, "0", 0, "{\"id\":1,\"c\":\"a\"},{\"id\":2,\"c\":\"b\"}")
                    .isWritten("committed");
            String others = IntStream.range(0, more)
                    .mapToObj(i -> ",{\"id\":" + (10 + i) + ",\"c\":\"x" + i + "\"}")
                    .collect(Collectors.joining());
            client.batch(sink, "0", 2, "{\"id\":2,\"c\":\"c\"},{\"id\":1,\"c\":\"b\"}" + others)
                    .isWritten("committed");
            assertThat(service.query("select * from " + sink + " where id < 10 order by id"))
                    .containsExactly("1 b", "2 c");
            Answer taken = client.batch(sink, "0", 4 + more, "{\"id\":3,\"c\":\"z\"},{\"id\":4,\"c\":\"c\"}" + others)
                    .isProblem(422, "record-rejected");
            assertThat(taken.body().path("rejected").size()).isEqualTo(1);
            assertThat(taken.body().at("/rejected/0/offset").longValue()).isEqualTo(5 + more);
            assertThat(taken.body().at("/rejected/0/code").stringValue()).isEqualTo("23505");
        }
    }

    @Test
    void makesTheTableWithItsKey() {
        String sink = "u" + names.incrementAndGet();
        put(
                sink,
                "\"key\":[\"id\"],\"columns\":{\"id\":{\"from\":\"/id\",\"type\":\"bigint\"},"
                        + "\"v\":{\"from\":\"\",\"type\":\"jsonb\"}}");
        client.batch(sink, "0", 0, "{\"id\":1}").isWritten("committed");
        client.batch(sink, "1", 0, "{\"id\":1,\"x\":1}").isWritten("committed");
        assertThat(service.query("select * from " + sink)).containsExactly("1 0 1 {\"x\": 1, \"id\": 1}");
    }

    /* Whoever waits for the same keys waits in the same order; whoever waits in a circle is repeated. */
    @Test
    void takesTheSameKeysFromManyPartitionsAtOnce() {
        String sink = sink(
                "id int primary key, part int, at bigint",
                "\"key\":[\"id\"],\"position\":\"none\",\"columns\":{\"id\":\"/id\",\"part\":\"/p\",\"at\":\"/at\"}");
        Random random = new Random(seed);
        int batches = 20;
        int records = 200;
        List<CompletableFuture<Void>> writers = new ArrayList<>();
        for (int p = 0; p < 4; p++) {
            int part = p;
            List<String> bodies = IntStream.range(0, batches)
                    .mapToObj(b -> IntStream.range(0, records)
                            .mapToObj(i -> "{\"id\":" + random.nextInt(300) + ",\"p\":" + part + ",\"at\":"
                                    + (b * records + i) + "}")
                            .collect(Collectors.joining("\n")))
                    .toList();
            writers.add(CompletableFuture.runAsync(() -> {
                for (int b = 0; b < batches; b++) {
                    client.post(
                                    Client.partition(sink, Integer.toString(part)) + "?offset=" + b * records,
                                    Client.NDJSON,
                                    bodies.get(b))
                            .isWritten("committed");
                }
            }));
        }
        writers.forEach(CompletableFuture::join);
        assertThat(service.query("select count(*), count(distinct part) between 1 and 4 from " + sink))
                .containsExactly("300 t");
    }

    /** A map in memory gets what the table gets. */
    @Test
    void equalsAMapOfTheLastValues() {
        String sink = sink(
                "id text primary key, n int, partition_id text, source_offset bigint",
                "\"key\":[\"id\"],\"missing-members\":\"keep\",\"columns\":{\"id\":\"/id\",\"n\":\"/n\"}");
        Random random = new Random(seed);
        Map<String, String> model = new TreeMap<>();
        long[] next = new long[4];
        for (int round = 0; round < 60; round++) {
            int part = random.nextInt(4);
            List<String> records = new ArrayList<>();
            int count = 1 + random.nextInt(SIZES[random.nextInt(SIZES.length)]);
            for (int i = 0; i < count; i++) {
                String id = "k" + part + "-" + random.nextInt(20);
                long offset = next[part] + i;
                if (random.nextInt(5) == 0) {
                    records.add("{\"id\":\"" + id + "\"}");
                    String before = model.getOrDefault(id, "null null null").split(" ", 2)[0];
                    model.put(id, before + " " + part + " " + offset);
                } else {
                    int n = random.nextInt(1000);
                    records.add("{\"n\":" + n + ",\"id\":\"" + id + "\"}");
                    model.put(id, n + " " + part + " " + offset);
                }
            }
            client.batch(sink, Integer.toString(part), next[part], String.join(",", records))
                    .isWritten("committed");
            next[part] += count;
        }
        assertThat(service.query(
                        "select id, n, partition_id, source_offset from " + sink + " order by id collate \"C\""))
                .as("seed " + seed)
                .isEqualTo(model.entrySet().stream()
                        .map(entry -> entry.getKey() + " " + entry.getValue())
                        .toList());
    }
}
