package dev.sluice.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Records into the columns of somebody's own table. PostgreSQL itself says what a value is. */
@Tag("conformance")
class MappedTableIT {

    /** From so many on, rows go by COPY. */
    private static final int LARGE = 40;

    private static final AtomicInteger names = new AtomicInteger();

    private final long seed = Long.getLong("sluice.test.seed", System.nanoTime());

    private static InProcess service;
    private static Client client;

    @BeforeAll
    static void start() {
        service = InProcess.start("spring.application.name=sluice");
        client = service.client();
        service.execute("create type mood as enum ('sad', 'it''s \"fine\"')");
        service.execute("create domain positive as int check (value > 0)");
        service.execute("create domain tags as text[]");
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    private static String name() {
        return "m" + names.incrementAndGet();
    }

    private static Answer put(String sink, String settings) {
        return client.put("/sinks/" + sink, "{\"type\":\"table\",\"partitions\":[\"0\",\"1\"]," + settings + "}");
    }

    /** Makes a table with a key of positions and the column {@code v}, and a sink that fills it from /v. */
    private static String tableOf(String type, String source) {
        String table = name();
        service.execute("create table " + table + " (partition_id text, source_offset bigint, v " + type
                + ", primary key (partition_id, source_offset))");
        assertThat(put(table, "\"columns\":{\"v\":" + source + "}").status()).isEqualTo(201);
        return table;
    }

    private static String times(int count, String record) {
        return IntStream.range(0, count).mapToObj(i -> record).collect(Collectors.joining(","));
    }

    /** A type, a value in JSON, and the SQL of what has to be stored. */
    static Stream<Arguments> values() {
        return Stream.of(
                        "smallint|-32768|-32768",
                        "bigint|9223372036854775807|9223372036854775807",
                        "bigint|\"42\"|42",
                        "numeric|0.1000000000000000000000000000000000000001|0.1000000000000000000000000000000000000001",
                        "numeric|1e400|1e400",
                        "numeric|\"NaN\"|'NaN'",
                        "numeric|\"-Infinity\"|'-Infinity'",
                        "numeric(12,2)|1.005|1.005",
                        "double precision|-0|'-0'",
                        "double precision|1.7976931348623157e308|1.7976931348623157e308",
                        "double precision|\"-infinity\"|'-infinity'",
                        "real|1e-45|'1e-45'",
                        "boolean|true|true",
                        "boolean|\"off\"|false",
                        "text|\"a\\tb\\nc\\r\\\\d\\\"e\\/f\\b\\f\"|E'a\\tb\\nc\\r\\\\d\"e/f\\b\\f'",
                        "text|\"\\\\N\"|E'\\\\N'",
                        "text|\"\\\\.\"|E'\\\\.'",
                        "text|\"\"|''",
                        "text|\"\\ud83d\\ude00 \\u00e9 é 😀\"|'😀 é é 😀'",
                        "text|12345678901234567890.50|'12345678901234567890.50'",
                        "text|false|'false'",
                        "varchar(3)|\"äöü\"|'äöü'",
                        "char(5)|\"ab\"|'ab'",
                        "bit(3)|\"101\"|B'101'",
                        "name|\"n\"|'n'",
                        "uuid|\"A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11\"|'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'",
                        "date|\"0044-03-15 BC\"|'0044-03-15 BC'",
                        "date|\"infinity\"|'infinity'",
                        "date|\"2024-02-29\"|'2024-02-29'",
                        "time|\"23:59:60\"|'23:59:60'",
                        "timetz|\"04:05:06-08:00\"|'04:05:06-08:00'",
                        "timestamp|\"2016-12-31T23:59:60\"|'2016-12-31T23:59:60'",
                        "timestamp|\"2016-12-31T23:59:59.123456789\"|'2016-12-31T23:59:59.123456789'",
                        "timestamptz|\"2024-01-01T00:00:00+05:45\"|'2024-01-01T00:00:00+05:45'",
                        "timestamptz|\"2024-01-01T00:00:00\"|'2024-01-01T00:00:00+00'",
                        "timestamptz|\"4713-01-01 00:00:00+00 BC\"|'4713-01-01 00:00:00+00 BC'",
                        "interval|\"P1Y2M3DT4H5M6.7S\"|'P1Y2M3DT4H5M6.7S'",
                        "interval|\"1 day -2:03\"|'1 day -2:03'",
                        "money|\"12.34\"|'12.34'::money",
                        "inet|\"2001:db8::1/64\"|'2001:db8::1/64'",
                        "cidr|\"10.0.0.0/8\"|'10.0.0.0/8'",
                        "macaddr8|\"08:00:2b:01:02:03:04:05\"|'08:00:2b:01:02:03:04:05'",
                        "point|\"(1,2)\"|'(1,2)'",
                        "polygon|\"((0,0),(1,1),(1,0))\"|'((0,0),(1,1),(1,0))'",
                        "int4range|\"[1,5)\"|'[1,5)'",
                        "tstzrange|\"[2024-01-01 00:00+00,)\"|'[2024-01-01 00:00+00,)'",
                        "datemultirange|\"{[2024-01-01,2024-02-01)}\"|'{[2024-01-01,2024-02-01)}'",
                        "tsvector|\"a fat cat\"|'a fat cat'",
                        "xml|\"<a>&lt;</a>\"|'<a>&lt;</a>'",
                        "json|{ \"b\":1,\"a\" : \"\\t\\u0041\" }|'{ \"b\":1,\"a\" : \"\\t\\u0041\" }'",
                        "json|\"text\"|'\"text\"'",
                        "jsonb|[1,{\"a\":null},\"x\\\\y\"]|E'[1,{\"a\":null},\"x\\\\\\\\y\"]'",
                        "jsonb|1.10|'1.10'",
                        "bytea|\"\\\\xDEADbeef\"|'\\xdeadbeef'",
                        "mood|\"it's \\\"fine\\\"\"|'it''s \"fine\"'",
                        "positive|7|7",
                        "int[]|[1,null,3]|'{1,NULL,3}'",
                        "int[]|[]|'{}'",
                        "int[]|[[1,2],[3,4]]|'{{1,2},{3,4}}'",
                        "int[]|\"{1,2}\"|'{1,2}'",
                        "text[]|[\"a,b\",\"NULL\",null,\"\",\"\\\"q\\\\\",\"{}\",\" x \"]"
                                + "|array['a,b','NULL',null,'',E'\"q\\\\','{}',' x ']",
                        "jsonb[]|[{\"a\":[1]},null,\"s\",[2]]" + "|array['{\"a\":[1]}'::jsonb,null,'\"s\"','[2]']",
                        "tags|[\"a\",\"b c\"]|array['a','b c']",
                        "timestamptz[]|[\"2024-01-01T00:00:00Z\"]|array['2024-01-01T00:00:00Z'::timestamptz]",
                        "text|null|null",
                        "jsonb|null|null")
                .map(row -> row.split("\\|", 3))
                .map(row -> Arguments.of(row[0], row[1], row[2]));
    }

    @ParameterizedTest
    @MethodSource("values")
    void storesWhatPostgresqlStoresForTheSameLiteral(String type, String json, String sql) {
        String table = tableOf(type, "\"/v\"");
        String record = "{\"v\":" + json + "}";
        client.batch(table, "0", 0, record).isWritten("committed");
        client.batch(table, "0", 1, times(LARGE, record)).isWritten("committed");
        // By assignment, as an INSERT has it: with the column's length and scale.
        service.execute("create table " + table + "_sql (v " + type + ")");
        service.execute("insert into " + table + "_sql values (" + sql + ")");
        assertThat(service.query("select distinct v::text, count(*) from " + table + " group by 1"))
                .isEqualTo(service.query("select v::text, " + (LARGE + 1) + " from " + table + "_sql"));
        client.batch(table, "0", 1, times(LARGE, record)).isWritten("duplicate");
    }

    /** Few rows go in as texts, many in the binary format where that is certain: both have to be the same. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "smallint", "int", "bigint", "real", "double precision", "numeric", "numeric(14,3)", "boolean", "text",
                "varchar(30)", "char(30)", "uuid", "timestamptz", "timestamptz(1)", "timestamp", "date", "mood", "json",
                "jsonb", "ms", "text[]"
            })
    void storesTheSameByEveryWay(String type) {
        boolean counted = type.equals("ms");
        String table =
                tableOf(counted ? "timestamptz" : type, counted ? "{\"from\":\"/v\",\"unit\":\"ms\"}" : "\"/v\"");
        Random random = new Random(seed);
        List<String> records = IntStream.range(0, 400)
                .mapToObj(i -> "{\"v\":" + RandomValues.json(type, random) + "}")
                .toList();
        client.batch(table, "0", 0, String.join(",", records)).isWritten("committed");
        for (int i = 0; i < records.size(); i += 20) {
            client.batch(table, "1", i, String.join(",", records.subList(i, i + 20)))
                    .isWritten("committed");
        }
        assertThat(service.query("select a.source_offset, a.v::text, b.v::text from " + table + " a join " + table
                        + " b on a.source_offset = b.source_offset and a.partition_id = '0' and b.partition_id = '1'"
                        + " where a.v::text is distinct from b.v::text"))
                .as("seed " + seed + ": offset, many, few")
                .isEmpty();
        assertThat(service.query("select count(*) from " + table)).containsExactly("800");
    }

    /** A type, a value that is none of its, the code and a part of the message. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "int | \"x\" | 22P02 | invalid input syntax for type integer",
                "int | 1.5 | 22P02 | invalid input syntax for type integer",
                "smallint | 70000 | 22003 | out of range for type smallint",
                "varchar(3) | \"long\" | 22001 | value too long",
                "date | \"2023-02-29\" | 22008 | out of range",
                "mood | \"glad\" | 22P02 | invalid input value for enum",
                "positive | -1 | 23514 | violates check constraint",
                "uuid | \"nope\" | 22P02 | invalid input syntax for type uuid",
                "int[] | [1,\"x\"] | 22P02 | invalid input syntax for type integer",
                "int[] | [[1],[2,3]] | 22P02 | malformed array literal",
                "jsonb | \"\\u0000\" | 22P05 | unsupported Unicode escape sequence",
                "text | {\"a\":1} | 42804 | an object is no value of type text",
                "text | [1] | 42804 | an array is no value of type text",
                "uuid | [1] | 42804 | an array is no value of type uuid",
                "text | \"a\\u0000\" | 22021 | \\u0000 cannot be stored",
                "text | \"\\ud83d\" | 22P02 | half a surrogate pair",
                "int not null | null | 23502 | violates not-null constraint",
            })
    void namesEveryRecordThatDoesNotFit(String type, String json, String code, String message) {
        String table = tableOf(type, "\"/v\"");
        String good = type.startsWith("int[]")
                ? "[1]"
                : switch (type) {
                    case "int", "smallint", "positive", "int not null" -> "1";
                    case "date" -> "\"2024-01-01\"";
                    case "mood" -> "\"sad\"";
                    case "uuid" -> "\"a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11\"";
                    default -> "\"ok\"";
                };
        String records = IntStream.range(0, 60)
                .mapToObj(i -> "{\"v\":" + (i == 7 || i == 50 ? json : good) + "}")
                .collect(Collectors.joining(","));
        Answer answer = client.batch(table, "0", 0, records).isProblem(422, "record-rejected");
        assertThat(answer.body().path("rejected").size()).isEqualTo(2);
        for (int i = 0; i < 2; i++) {
            assertThat(answer.body().at("/rejected/" + i + "/offset").longValue())
                    .isEqualTo(i == 0 ? 7 : 50);
            assertThat(answer.body().at("/rejected/" + i + "/code").stringValue())
                    .isEqualTo(code);
            assertThat(answer.body().at("/rejected/" + i + "/message").stringValue())
                    .contains(message);
        }
        if (!code.equals("23514")) {
            assertThat(answer.body().at("/rejected/0/field").stringValue()).isEqualTo("v");
        }
        assertThat(service.query("select count(*) from " + table)).containsExactly("0");
    }

    /* What is refused only beside others of its batch is found, too, whichever columns each of them fills. */
    @Test
    void namesRecordsThatDoNotFitTogether() {
        String table = name();
        service.execute("create table " + table + " (a int unique, b text default 'none')");
        put(table, "\"position\":\"none\",\"columns\":{\"a\":\"/a\",\"b\":\"/b\"}");
        for (int more : new int[] {0, 600}) {
            String records =
                    "{\"a\":1},{\"a\":2,\"b\":\"x\"},{\"a\":1,\"b\":\"y\"},{\"b\":\"z\",\"a\":\"bad\"},{\"a\":3}"
                            + IntStream.range(10, 10 + more)
                                    .mapToObj(i -> ",{\"a\":" + i + "}")
                                    .collect(Collectors.joining())
                            + ",{\"a\":2}";
            Answer answer = client.batch(table, "0", 0, records).isProblem(422, "record-rejected");
            assertThat(answer.body()
                            .path("rejected")
                            .valueStream()
                            .map(record -> record.path("offset").longValue() + " "
                                    + record.path("code").stringValue()))
                    .as(more + " more")
                    .containsExactly("2 23505", "3 22P02", 5 + more + " 23505");
            assertThat(answer.body().path("complete").booleanValue()).isTrue();
        }
    }

    /* The first batch is refused as it is written; from then on records are checked as they arrive. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"mode\":\"append\" | {\"a\":1,\"b\":\"x\",\"z\":2} | 42703",
                "\"missing-members\":\"refuse\" | {\"a\":1} | 23502",
                "\"mode\":\"append\" | {\"a\":[1],\"b\":\"x\"} | 42804",
                "\"mode\":\"append\" | {\"a\":1,\"b\":\"\\ud800\"} | 22P02",
                "\"mode\":\"append\" | [1] | 42804",
                "\"mode\":\"upsert\",\"key\":[\"a\"] | {\"a\":null,\"b\":\"x\"} | 23502"
            })
    void tellsTheSameOfRecordsThatAreFoundLate(String settings, String bad, String code) {
        for (int more : new int[] {0, 600}) {
            String alone = name();
            service.execute("create table " + alone + " (a int not null unique, b text)");
            put(alone, "\"position\":\"none\",\"columns\":{\"a\":\"/a\",\"b\":\"/b\"}," + settings);
            String others = IntStream.range(0, more)
                    .mapToObj(i -> "{\"a\":" + i + ",\"b\":\"x\"},")
                    .collect(Collectors.joining());
            Answer single = client.batch(alone, "0", 0, others + bad).isProblem(422, "record-rejected");
            assertThat(single.body().at("/rejected/0/code").stringValue())
                    .as("nothing else is wrong")
                    .isEqualTo(code);
            assertThat(service.query("select count(*) from " + alone)).containsExactly("0");

            String table = name();
            service.execute("create table " + table + " (a int not null unique, b text)");
            put(table, "\"position\":\"none\",\"columns\":{\"a\":\"/a\",\"b\":\"/b\"}," + settings);
            client.batch(table, "0", 0, "{\"a\":100000,\"b\":\"x\"}").isWritten("committed");
            String records = "{\"a\":100000,\"b\":\"x\"},{\"a\":-1,\"b\":\"x\"}," + bad
                    + ",{\"a\":\"no number\",\"b\":\"x\"}"
                    + IntStream.range(0, more)
                            .mapToObj(i -> ",{\"a\":" + i + ",\"b\":\"x\"}")
                            .collect(Collectors.joining())
                    + "," + bad;
            String[] trace = {"traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"};
            Answer late = client.batch(table, "0", 0, records, trace).isProblem(422, "record-rejected");
            Answer early = client.batch(table, "0", 0, records, trace).isProblem(422, "record-rejected");
            assertThat(late.body()).isEqualTo(early.body());
            assertThat(late.body()
                            .path("rejected")
                            .valueStream()
                            .map(record -> record.path("offset").longValue() + " "
                                    + record.path("code").stringValue()))
                    .containsExactly("2 " + code, "3 22P02", 4 + more + " " + code);
            assertThat(late.body().path("complete").booleanValue()).isTrue();
            client.snapshot(table, "0").has("nextOffset", 1);
            assertThat(service.query("select count(*) from " + table)).containsExactly("1");
        }
    }

    /* A table that was altered since makes a record right that was refused, without anybody's word. */
    @Test
    void refusesNothingByTheColumnsThatWereThere() {
        String table = name();
        service.execute("create table " + table + " (a int)");
        put(table, "\"position\":\"none\",\"other-columns\":\"by-name\"");
        client.batch(table, "0", 0, "{\"a\":1}").isWritten("committed");
        service.execute("alter table " + table + " add b text");
        client.batch(table, "0", 1, "{\"a\":2,\"b\":\"x\"}").isWritten("committed");
        service.execute("alter table " + table + " drop b");
        client.batch(table, "0", 2, "{\"a\":2,\"b\":\"x\"}").isProblem(422, "record-rejected");
        assertThat(service.query("select a from " + table)).containsExactly("1", "2");
    }

    @Test
    void takesMembersFromWhereverTheyAre() {
        String table = name();
        service.execute("create table " + table + " (a int, b text, c jsonb, d text, e jsonb, \"Odd, \"\"name\" int)");
        put(
                        table,
                        "\"position\":\"none\",\"other-members\":\"ignore\",\"columns\":{\"a\":\"/o/a\",\"b\":\"/l/1/x\","
                                + "\"c\":\"/o\",\"d\":\"/~1~0/\\u00e9\",\"e\":\"\",\"Odd, \\\"name\":{\"from\":\"/o/a\"}}")
                .has("guarantee", "exactly-once");
        String record =
                "{ \"x\":{\"o\":[\"]\",\"\\\"}\"]}, \"o\" : {\"a\": 1 , \"k\":\"v\"} ,\"l\":[0,{\"x\":\"one\"}],"
                        + "\"/~\":{\"\\u00E9\":\"e\"},\"\\u006f\":{\"a\":2}}";
        client.batch(table, "0", 0, times(LARGE, record)).isWritten("committed");
        client.batch(table, "1", 0, record).isWritten("committed");
        assertThat(service.query(
                        "select distinct a, b, c, d, e = '" + record + "'::jsonb, \"Odd, \"\"name\" from " + table))
                .containsExactly("2 one {\"a\": 2} e t 2");
        client.open(table, "0", "{\"owner\":\"w\",\"resume\":{\"nextOffset\":1}}")
                .isProblem(409, "not-rewindable");
    }

    @Test
    void leavesWhatIsMissingToTheColumnsDefaultAndStoresNullAsNull() {
        String table = name();
        service.execute("create table " + table + " (id bigint generated by default as identity, a int default 7,"
                + " b text default 'none', at timestamptz not null default now())");
        put(table, "\"position\":\"none\",\"columns\":{\"a\":\"/a\",\"b\":\"/b\"}");
        String records = "{\"a\":1,\"b\":\"x\"},{\"a\":2},{\"b\":\"y\"},{},{\"a\":null,\"b\":null}";
        client.batch(table, "0", 0, records).isWritten("committed");
        client.batch(table, "0", 5, times(LARGE, "{}")).isWritten("committed");
        assertThat(service.query("select a, b, count(*) from " + table + " group by 1, 2 order by 1, 2"))
                .containsExactly("1 x 1", "2 none 1", "7 none 41", "7 y 1", "null null 1");
        String nulls = name();
        put(
                nulls,
                "\"table\":\"" + table + "\",\"position\":\"none\",\"missing-members\":\"null\","
                        + "\"columns\":{\"a\":\"/a\",\"b\":\"/b\"}");
        client.batch(nulls, "0", 0, "{\"a\":100}").isWritten("committed");
        assertThat(service.query("select b from " + table + " where a = 100")).containsExactly("null");
    }

    @Test
    void refusesMembersThatNoColumnTakesAndThoseThatAreMissingWhereTold() {
        String table = name();
        put(
                table,
                "\"missing-members\":\"refuse\",\"columns\":{\"a\":{\"from\":\"/a\",\"type\":\"int\"},"
                        + "\"b\":{\"from\":\"/o/b\",\"type\":\"text\"}}");
        assertThat(service.query("select attname, format_type(atttypid, atttypmod) from pg_attribute"
                        + " where attrelid = '" + table + "'::regclass and attnum > 0 order by attnum"))
                .containsExactly("partition_id text", "source_offset bigint", "a integer", "b text");
        Answer answer = client.batch(
                        table,
                        "0",
                        0,
                        "{\"a\":1,\"o\":{\"b\":\"x\"}},{\"a\":1,\"o\":{\"b\":\"x\",\"c\":1}},{\"a\":1,\"o\":{}},"
                                + "{\"a\":1,\"o\":{\"b\":\"x\"},\"z\":1},7")
                .isProblem(422, "record-rejected");
        assertThat(answer.body().path("rejected").toString())
                .contains("member 'c' that no column takes", "nothing at /o/b", "member 'z' that no column takes");
        assertThat(answer.body().path("rejected").size()).isEqualTo(4);
        client.batch(table, "0", 0, "{\"a\":1,\"o\":{\"b\":\"x\"}}").isWritten("committed");
    }

    @Test
    void countsTimesFrom1970() {
        String table = name();
        service.execute("create table " + table + " (s timestamptz, ms timestamp, us timestamptz, ns date)");
        put(
                table,
                "\"position\":\"none\",\"columns\":{\"s\":{\"from\":\"/s\",\"unit\":\"s\"},"
                        + "\"ms\":{\"from\":\"/ms\",\"unit\":\"ms\"},\"us\":{\"from\":\"/us\",\"unit\":\"us\"},"
                        + "\"ns\":{\"from\":\"/ns\",\"unit\":\"ns\"}}");
        client.batch(
                        table,
                        "0",
                        0,
                        "{\"s\":1704067200.25,\"ms\":-1,\"us\":-62198755200000001,\"ns\":1704067200999999999},"
                                + "{\"s\":1e9,\"ms\":253402300800000,\"us\":0,\"ns\":\"2024-05-05\"}")
                .isWritten("committed");
        assertThat(service.query(
                        "select s at time zone 'UTC', ms, us at time zone 'UTC', ns from " + table + " order by s"))
                .containsExactly(
                        "2001-09-09 01:46:40 10000-01-01 00:00:00 1970-01-01 00:00:00 2024-05-05",
                        "2024-01-01 00:00:00.25 1969-12-31 23:59:59.999 0003-12-31 23:59:59.999999 BC 2024-01-01");
        // Beyond what a timestamp holds, and where the microseconds pass 63 bits: none of them wraps round.
        Answer beyond = client.batch(
                        table,
                        "0",
                        2,
                        "{\"s\":1e300},{\"s\":9300000000000},{\"s\":-9999999999999},{\"s\":1},{\"ms\":99999999999999999},"
                                + "{\"us\":9223372036854775807},{\"ns\":1e40}")
                .isProblem(422, "record-rejected");
        assertThat(beyond.body()
                        .path("rejected")
                        .valueStream()
                        .map(record -> record.path("offset").longValue()))
                .containsExactly(2L, 3L, 4L, 6L, 8L);
        put(
                        name(),
                        "\"table\":\"" + table
                                + "\",\"position\":\"none\",\"columns\":{\"s\":{\"from\":\"/s\",\"encoding\":\"hex\"}}")
                .isProblem(422, "invalid-definition");
    }

    @Test
    void countsDaysTimesOfDayAndIntervals() {
        String table = name();
        service.execute("create table " + table + " (d date, t time, i interval)");
        put(
                table,
                "\"position\":\"none\",\"columns\":{\"d\":{\"from\":\"/d\",\"unit\":\"d\"},"
                        + "\"t\":{\"from\":\"/t\",\"unit\":\"us\"},\"i\":{\"from\":\"/i\",\"unit\":\"ms\"}}");
        client.batch(table, "0", 0, "{\"d\":19782,\"t\":86399999999,\"i\":-90061001},{\"d\":-1,\"t\":0,\"i\":0}")
                .isWritten("committed");
        assertThat(service.query("select * from " + table + " order by d desc"))
                .containsExactly("2024-02-29 23:59:59.999999 -25:01:01.001", "1969-12-31 00:00:00 00:00:00");
        Answer refused = client.batch(table, "0", 2, "{\"t\":-1},{\"t\":86400000001},{\"d\":9999999999},{\"t\":1e3}")
                .isProblem(422, "record-rejected");
        assertThat(refused.body().path("rejected").size()).isEqualTo(3);
    }

    @Test
    void readsJsonOutOfStrings() {
        String table = tableOf("jsonb", "{\"from\":\"/v\",\"encoding\":\"json\"}");
        String record = "{\"v\":\"{\\\"a\\\": [1, \\\"\\\\u00e9\\\"]}\"}";
        client.batch(table, "0", 0, record + ",{\"v\":{\"b\":1}},{\"v\":null}").isWritten("committed");
        client.batch(table, "0", 3, times(LARGE, record)).isWritten("committed");
        assertThat(service.query("select v, count(*) from " + table + " group by v"))
                .containsExactlyInAnyOrder("{\"b\": 1} 1", "{\"a\": [1, \"é\"]} 41", "null 1");
        client.batch(table, "0", 3 + LARGE, "{\"v\":\"{\"}").isProblem(422, "record-rejected");
    }

    @Test
    void takesColumnsByTheirNames() {
        String table = name();
        service.execute("create table " + table + " (id bigint generated always as identity, a int, \"B/b~\" text,"
                + " twice int generated always as (2 * a) stored, at timestamptz default '2024-01-01 00:00:00Z',"
                + " partition_id text, source_offset bigint, primary key (partition_id, source_offset))");
        put(table, "\"other-columns\":\"by-name\",\"columns\":{\"at\":{\"from\":\"/ms\",\"unit\":\"ms\"}}");
        client.batch(table, "0", 0, "{\"a\":1,\"B/b~\":\"x\",\"ms\":0},{\"a\":2}")
                .isWritten("committed");
        assertThat(service.query("select a, \"B/b~\", twice, at = '1970-01-01Z' from " + table + " order by a"))
                .containsExactly("1 x 2 t", "2 null 4 f");
        client.batch(table, "0", 2, "{\"a\":1,\"c\":1}").isProblem(422, "record-rejected");
        service.execute("alter table " + table + " add column c text");
        await().untilAsserted(
                        () -> client.batch(table, "0", 2, "{\"a\":3,\"c\":1}").isWritten("committed"));
        assertThat(service.query("select c from " + table + " where a = 3")).containsExactly("1");
        put(name(), "\"other-columns\":\"by-name\"").isProblem(422, "invalid-definition");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, LARGE})
    void putsWhatNoColumnTakesIntoOne(int times) {
        String table = name();
        service.execute("create table " + table + " (a int, b text, extra jsonb)");
        put(
                table,
                "\"position\":\"none\",\"other-members\":{\"into\":\"extra\"},"
                        + "\"columns\":{\"a\":\"/a\",\"b\":\"/o/b/0\"}");
        String records = String.join(
                ",",
                times(times, "{\"a\":1,\"o\":{\"b\":[\"x\"]}}"),
                times(times, "{\"z\":[1,{}],\"a\":2,\"o\":{\"c\":1,\"b\":[\"y\"],\"d\":{\"e\":2}}, \"y\" : null }"),
                times(times, "{\"a\":3,\"o\":{\"b\":[\"p\",\"q\"]}}"),
                times(times, "{\"a\":4,\"o\":\"scalar\"}"),
                times(times, "{\"a\":5,\"o\":{\"c\":1},\"o\":{\"b\":[\"last\"]}}"),
                times(times, "{\"a\":6,\"extra\":{\"extra\":1}}"),
                times(times, "{\"a\":1,\"a\":7}"));
        client.batch(table, "0", 0, records).isWritten("committed");
        assertThat(service.query("select a, b, extra, count(*) from " + table + " group by 1, 2, 3 order by 1"))
                .containsExactly(
                        "1 x null " + times,
                        "2 y {\"o\": {\"c\": 1, \"d\": {\"e\": 2}}, \"y\": null, \"z\": [1, {}]} " + times,
                        "3 p {\"o\": {\"b\": [\"p\", \"q\"]}} " + times,
                        "4 null {\"o\": \"scalar\"} " + times,
                        "5 last {\"o\": {}} " + times,
                        "6 null {\"extra\": {\"extra\": 1}} " + times,
                        "7 null null " + times);
        service.execute("alter table " + table + " alter extra type text");
        put(
                        name(),
                        "\"table\":\"" + table + "\",\"position\":\"none\",\"other-members\":{\"into\":\"extra\"},"
                                + "\"columns\":{\"a\":\"/a\"}")
                .isProblem(422, "invalid-definition");
    }

    /* What is refused as left over: not only members, but also what was expected to have members. */
    @Test
    void refusesWhatColumnsTakeAPartOfOnly() {
        String table = name();
        service.execute("create table " + table + " (a int, b int)");
        put(table, "\"position\":\"none\",\"columns\":{\"a\":\"/o/a\",\"b\":\"/l/0\"}");
        Answer answer = client.batch(
                        table,
                        "0",
                        0,
                        "{\"o\":\"text\"},{\"l\":[1,2]},{\"o\":null,\"l\":[]},{\"o\":[7]},{\"l\":{\"a\":1}},null")
                .isProblem(422, "record-rejected");
        assertThat(answer.body()
                        .path("rejected")
                        .valueStream()
                        .map(record -> record.path("offset").longValue()))
                .containsExactly(0L, 1L, 3L, 4L, 5L);
        String whole = name();
        service.execute("create table " + whole + " (r jsonb, b int)");
        put(whole, "\"position\":\"none\",\"columns\":{\"r\":\"\",\"b\":\"/a/b\"}");
        client.batch(whole, "0", 0, "{\"a\":{\"b\":1,\"c\":2},\"x\":1}").isWritten("committed");
    }

    @Test
    void readsBytes() {
        String table = tableOf("bytea", "{\"from\":\"/v\",\"encoding\":\"base64\"}");
        client.batch(table, "0", 0, "{\"v\":\"3q2+7w==\"},{\"v\":\"3q2-7w\"},{\"v\":\"\"}")
                .isWritten("committed");
        assertThat(service.query("select encode(v, 'hex') from " + table + " order by source_offset"))
                .containsExactly("deadbeef", "deadbeef", "");
        client.batch(table, "0", 3, "{\"v\":\"***\"}").isProblem(422, "record-rejected");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"columns\":{\"v\":\"v\"} | is not a JSON Pointer",
                "\"columns\":{\"v\":{\"type\":\"int\"}} | says where it gets its value",
                "\"columns\":{\"v\":{\"from\":\"/v\",\"type\":\"int; drop table x\"}} | not a type as SQL writes it",
                "\"columns\":{\"partition_id\":\"/v\"} | are filled by the service",
                "\"position\":\"none\" | set columns",
                "\"columns\":{\"v\":\"/v\"} | has no type to create it with",
                "\"columns\":{\"v\":{\"form\":\"/v\"}} | is not a setting",
            })
    void refusesDefinitionsThatMakeNoSense(String settings, String told) {
        assertThat(put(name(), settings).body().toString()).contains(told);
    }

    @Test
    void takesOfAMemberThatStandsTwiceNothingButTheLastOne() {
        String table = name();
        service.execute("create table " + table + " (a int, b int, o jsonb)");
        put(table, "\"position\":\"none\",\"columns\":{\"a\":\"/o/a\",\"b\":\"/o/b/0\",\"o\":\"/o\"}");
        client.batch(
                        table,
                        "0",
                        0,
                        "{\"o\":{\"a\":1,\"b\":[1]},\"o\":{\"b\":[2]}},{\"o\":{\"a\":1,\"b\":[1]},\"o\":7},"
                                + "{\"o\":{\"b\":[3],\"b\":[]}}")
                .isWritten("committed");
        assertThat(service.query("select a, b, o from " + table))
                .containsExactlyInAnyOrder("null 2 {\"b\": [2]}", "null null 7", "null null {\"b\": []}");
    }

    /* What a value may be is looked up again before a record is refused for what its column was. */
    @Test
    void takesWhatAnAlteredColumnTakes() {
        String table = tableOf("text", "\"/v\"");
        client.batch(table, "0", 0, "{\"v\":\"x\"}").isWritten("committed");
        client.batch(table, "0", 1, "{\"v\":{\"a\":1}}").isProblem(422, "record-rejected");
        service.execute("alter table " + table + " alter v type jsonb using to_jsonb(v)");
        await().untilAsserted(
                        () -> client.batch(table, "0", 1, "{\"v\":{\"a\":1}}").isWritten("committed"));
        assertThat(service.query("select v from " + table + " order by source_offset"))
                .containsExactly("\"x\"", "{\"a\": 1}");
    }

    @Test
    void noticesWhatIsAlteredUnderIt() {
        String table = tableOf("int", "\"/v\"");
        client.batch(table, "0", 0, times(LARGE, "{\"v\":1}")).isWritten("committed");
        assertThat(client.get("/sinks/" + table).body().at("/status/columns/0").toString())
                .contains("\"type\":\"integer\"", "\"from\":\"/v\"", "\"name\":\"v\"");
        service.execute("alter table " + table + " alter v type text using v::text");
        client.batch(table, "0", LARGE, times(LARGE, "{\"v\":\"x\"}")).isWritten("committed");
        service.execute("alter table " + table + " drop column v, add column other int default 1, add column v int");
        client.batch(table, "0", 2 * LARGE, times(LARGE, "{\"v\":3}")).isWritten("committed");
        service.execute("alter table " + table + " rename v to w");
        client.batch(table, "0", 3 * LARGE, times(LARGE, "{\"v\":3}")).isProblem(500, "target-broken");
        assertThat(service.query("select other, w, count(*) from " + table + " group by 1, 2 order by 2"))
                .isEqualTo(List.of("1 3 40", "1 null 80"));
    }
}
