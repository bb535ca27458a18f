package dev.sluice.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.json.JsonMapper;

/** What PostgreSQL makes of a literal, Sluice stores; what PostgreSQL refuses, Sluice names: every type, by every way. */
@Tag("conformance")
class UglyValuesIT {

    private static final Pattern JSON_NUMBER = Pattern.compile("-?(0|[1-9]\\d*)(\\.\\d+)?([eE][+-]?\\d{1,3})?");

    /** For every type. */
    private static final List<String> FOR_ALL = List.of(
            "",
            " ",
            "null",
            "NULL",
            "\\N",
            "\\.",
            "\\",
            "'",
            "\"",
            "{}",
            "[]",
            "()",
            "a\tb",
            "a\nb",
            "a\rb",
            "é",
            "😀",
            "0",
            "1",
            "-1",
            "-0",
            "t",
            "NaN",
            "infinity",
            "x'00'",
            "{\"a\":1}",
            "\\x00ff");

    private static InProcess service;
    private static Client client;

    @BeforeAll
    static void start() {
        service = InProcess.start("spring.application.name=sluice");
        client = service.client();
        service.execute("create type ugly_mood as enum ('', 'sad', ' sad', 'it''s', 'ça')");
        service.execute("create domain ugly_short as varchar(3) check (value <> 'no')");
        service.execute("create type ugly_pair as (a int, b text)");
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    static Stream<Arguments> types() {
        String numbers = "32767|32768|-32768|-32769|2147483648|1e3|1.5|1.4999|0x1F|1_000|+5| 7 |007|1,000|٣";
        String reals = "1e-45|1e-46|3.4028236e38|1e39|1e308|1e309|4.9e-324|.5|5.|1e|-infinity|inf|-0.0|1e5 ";
        String times = "2024-02-29|2023-02-29|0044-03-15 BC|4713-01-01 BC|4714-11-23 BC|5874897-12-31|294276-12-31"
                + " 23:59:59.999999|-infinity|epoch|2016-12-31 23:59:60|2024-01-01T24:00:00|2024-01-01 24:00:01"
                + "|2024-01-01T00:00:00.1234567|2024-01-01T00:00:00+05:45|2024-01-01 00:00:00 -15:59:59"
                + "|2024-01-01 00:00:00+16|2024-01-01 12:00 Europe/Zurich|2024-03-31 02:30 Europe/Zurich|1/2/3|20240101"
                + "|January 8, 1999|1999-008|J2451187|2024-13-01|04:05:06.789-8|040506|allballs|24:00:00|23:59:60.5";
        String spans = "1 day|P1Y2M3DT4H5M6.7S|-1-2 +3 -4:05:06|178000000 years|178000001 years|1 fortnight|0.1 month"
                + "|1 century ago|@ 1 minute|P-1Y|-infinity";
        String nets = "10.0.0.0/8|10.0.0.1/8|::ffff:1.2.3.4/128|2001:db8::/32|1.2.3|256.1.1.1|08:00:2b:01:02:03"
                + "|08002b:010203|0800.2b01.0203|08:00:2b:01:02:03:04:05";
        String shapes =
                "(1,2)|1,2|{1,2,3}|[(0,0),(1,1)]|((0,0),(1,1))|((0,0),(1,1),(1,0))|<(0,0),5>|(NaN,1)|(1e400,0)|((0,0))";
        String ranges = "[1,5)|(1,5]|[5,1]|empty|[,]|(,5)|{[1,2),[4,5)}|{}|[2024-01-01,2024-01-02)|[a,b]|[1.5,1.7]"
                + "|[\"2024-01-01 00:00+00\",)|{[1,3),[2,4)}";
        String arrays =
                "{1,2}|{1,NULL,3}|{\"a,b\",\"c\\\"d\"}|{{1,2},{3,4}}|{{1},{2,3}}|[2:3]={5,6}|{1,2|{a b , c}|{\"\"}|{,}";
        String texts =
                "trailing  |toolongforfive|äöüßé|ab  c|'; drop table x; --|(1,x)|(,)|\u0001|\u007f|\u2028|e\u0301|\ufeff|\ufffe";
        String json =
                "{\"a\": [1, 2.50, null]}|[1,]|{\"a\":1,\"a\":2}|1e400|\"\\u0000\"|\"\\ud83d\"|tru|true| 1 |\"é\\n\"";
        return Stream.of(
                        List.of("smallint|int|bigint|oid|numeric|numeric(4,2)|numeric(2,-2)|money|boolean", numbers),
                        List.of("real|double precision|float4", reals),
                        List.of("date|time|time(0)|timetz|timestamp|timestamp(2)|timestamptz|timestamptz(0)", times),
                        List.of("interval|interval(1)|interval year to month", spans),
                        List.of("inet|cidr|macaddr|macaddr8", nets),
                        List.of("point|line|lseg|box|path|polygon|circle", shapes),
                        List.of(
                                "int4range|int8range|numrange|daterange|tstzrange|int4multirange|nummultirange",
                                ranges),
                        List.of("int[]|text[]|numeric(4,2)[]|boolean[]|varchar(2)[]", arrays),
                        List.of("text|varchar(5)|char(5)|\"char\"|name|ugly_mood|ugly_short|ugly_pair|bytea", texts),
                        List.of("json|jsonb", json),
                        List.of(
                                "uuid",
                                "A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11|{a0eebc999c0b4ef8bb6d6bb9bd380a11}"
                                        + "|a0ee-bc99-9c0b-4ef8-bb6d-6bb9-bd38-0a11|a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a1"),
                        List.of("bit(4)|varbit|bit varying(3)", "1010|10101|B101|x'A|XF|102"),
                        List.of("tsvector|tsquery", "a fat cat|'a:1 b':2A|fat & rat|!(a|b) <-> c|a &|''quoted''"),
                        List.of(
                                "xml|jsonpath|pg_lsn|pg_snapshot",
                                "<a/>|<a>|a<b/>|$.a[*] ? (@ > 1)|$[|16/B374D848"
                                        + "|0/0|10:20:10,14|20:10:|pg_class|nothing_there"))
                .flatMap(entry -> Stream.of(entry.get(0).split("\\|")).map(type -> Arguments.of(type, entry.get(1))));
    }

    @ParameterizedTest
    @MethodSource("types")
    void storesAndRefusesWhatPostgresqlDoes(String type, String special) throws SQLException {
        List<String> values = new ArrayList<>(FOR_ALL);
        values.addAll(List.of(special.split("\\|")));
        String table = "ugly_" + Integer.toHexString(type.hashCode());
        service.execute("create table " + table + " (partition_id text, source_offset bigint, v " + type
                + ", primary key (partition_id, source_offset))");
        Map<Integer, String> refused = expect(table, values);
        String source = type.startsWith("json") && !type.equals("jsonpath")
                ? "{\"from\":\"/v\",\"encoding\":\"json\"}"
                : "\"/v\"";
        assertThat(client.put(
                                "/sinks/" + table,
                                "{\"type\":\"table\",\"partitions\":[\"few\",\"many\"],\"columns\":{\"v\":" + source
                                        + "}}")
                        .status())
                .isEqualTo(201);
        List<Integer> fine = IntStream.range(0, values.size())
                .filter(i -> !refused.containsKey(i))
                .boxed()
                .toList();

        // Few records go in by INSERT, many by COPY: those that are fine first, all of them afterwards.
        for (int from = 0; from < fine.size(); from += 20) {
            client.batch(table, "few", from, records(values, fine.subList(from, Math.min(fine.size(), from + 20))))
                    .isWritten("committed");
        }
        List<Integer> repeated = IntStream.range(0, 40 + fine.size())
                .map(i -> fine.get(i % fine.size()))
                .boxed()
                .toList();
        client.batch(table, "many", 0, records(values, repeated)).isWritten("committed");
        for (String partition : List.of("few", "many")) {
            assertThat(service.query("select e.source_offset, e.v::text, s.v::text from " + table + " e left join "
                            + table + " s on s.partition_id = '" + partition
                            + "' and s.source_offset = array_position('"
                            + fine.toString().replace('[', '{').replace(']', '}')
                            + "'::int[], e.source_offset::int) - 1"
                            + " where e.partition_id = 'expected'"
                            + " and (s.source_offset is null or e.v::text is distinct from s.v::text)"))
                    .as(type + ", " + partition + ": value, expected, stored")
                    .isEmpty();
        }
        List<Integer> all = IntStream.range(0, values.size()).boxed().toList();
        for (int from = 0; from < all.size(); from += 20) {
            List<Integer> some = all.subList(from, Math.min(all.size(), from + 20));
            assertRefused(table, "few", fine.size(), values, some, refused, !type.startsWith("bit"));
        }
        assertRefused(table, "many", repeated.size(), values, all, refused, !type.startsWith("bit"));
    }

    private static void assertRefused(
            String table,
            String partition,
            int offset,
            List<String> values,
            List<Integer> some,
            Map<Integer, String> refused,
            boolean codes) {
        List<String> expected = IntStream.range(0, some.size())
                .filter(i -> refused.containsKey(some.get(i)))
                .mapToObj(i -> values.get(some.get(i)) + ": " + (codes ? refused.get(some.get(i)) : ""))
                .toList();
        if (expected.isEmpty()) {
            return;
        }
        Answer answer =
                client.batch(table, partition, offset, records(values, some)).isProblem(422, "record-rejected");
        assertThat(answer.body()
                        .path("rejected")
                        .valueStream()
                        .map(record ->
                                values.get(some.get((int) (record.path("offset").longValue() - offset))) + ": "
                                        + (codes ? record.path("code").stringValue() : "")))
                .as(partition)
                .containsExactlyElementsOf(expected);
        assertThat(answer.body().path("complete").booleanValue()).isTrue();
    }

    /* Numbers are sent as numbers, every other time. */
    private static String records(List<String> values, List<Integer> some) {
        return some.stream()
                .map(i -> i % 2 == 0 && JSON_NUMBER.matcher(values.get(i)).matches()
                        ? values.get(i)
                        : JsonMapper.shared().writeValueAsString(values.get(i)))
                .map(value -> "{\"v\":" + value + "}")
                .collect(Collectors.joining(","));
    }

    /** Stores what PostgreSQL makes of each literal; returns the SQLSTATE of those that it refuses. */
    private static Map<Integer, String> expect(String table, List<String> values) throws SQLException {
        Map<Integer, String> refused = new LinkedHashMap<>();
        try (Connection connection = service.database().connect();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("set local DateStyle = 'ISO, YMD'; set local IntervalStyle = 'postgres';"
                    + " set local TimeZone = 'UTC'; set local lc_monetary = 'C'; set local xmloption = 'content'");
            for (int i = 0; i < values.size(); i++) {
                Savepoint before = connection.setSavepoint();
                try {
                    statement.execute("insert into " + table + " values ('expected', " + i + ", "
                            + statement.enquoteLiteral(values.get(i)) + ")");
                } catch (SQLException e) {
                    connection.rollback(before);
                    refused.put(i, e.getSQLState());
                }
            }
            connection.commit();
        }
        return refused;
    }
}
