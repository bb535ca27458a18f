package dev.sluice.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What a definition would do is shown before it does it. */
@Tag("conformance")
class DefinitionSamplesIT {

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

    private static String name() {
        return "p" + names.incrementAndGet();
    }

    private static JsonNode tried(String sink, String definition, String... samples) {
        Answer answer = client.put(
                "/sinks/" + sink + "?dryRun=true", Client.NDJSON, definition + "\n" + String.join("\n", samples));
        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
        return answer.body().path("samples");
    }

    @Test
    void showsTheRowsThatRecordsWouldBecome() {
        String sink = name();
        JsonNode samples = tried(
                sink,
                "{\"type\":\"table\",\"partitions\":[\"a\"],\"columns\":{\"id\":{\"from\":\"/id\",\"type\":\"bigint\"},"
                        + "\"price\":{\"from\":\"/price\",\"type\":\"numeric(6,2)\"},"
                        + "\"at\":{\"from\":\"/ms\",\"type\":\"timestamptz\",\"unit\":\"ms\"}}}",
                "{\"id\":1,\"price\":1.005,\"ms\":0}",
                "{\"id\":2,\"price\":123456}",
                "{\"id\":3,\"cost\":1}",
                "{\"id\":4}");
        assertThat(samples.size()).isEqualTo(4);
        assertThat(samples.path(0).path("effect").stringValue()).isEqualTo("written");
        assertThat(samples.path(0).path("row").toString())
                .isEqualTo("{\"partition_id\":\"a\",\"source_offset\":4611686018427387904,\"id\":1,\"price\":1.01,"
                        + "\"at\":\"1970-01-01T00:00:00+00:00\"}");
        assertThat(samples.path(1).path("effect").stringValue()).isEqualTo("rejected");
        assertThat(samples.path(1).at("/rejected/code").stringValue()).isEqualTo("22003");
        assertThat(samples.path(2).at("/rejected/message").stringValue()).contains("'cost' that no column takes");
        assertThat(samples.path(3).at("/row/price").isNull()).isTrue();
        assertThat(service.query("select to_regclass('" + sink + "')")).containsExactly("null");
        client.get("/sinks/" + sink).isProblem(404, "unknown-sink");
    }

    @Test
    void showsWhatChangesDo() {
        String table = name();
        service.execute("create table " + table + " (id int primary key, v text, n int default 3)");
        service.execute("insert into " + table + " values (1, 'old', 1)");
        JsonNode samples = tried(
                table,
                "{\"type\":\"table\",\"partitions\":[\"0\"],\"mode\":\"changes\",\"envelope\":\"debezium\",\"key\":[\"id\"],"
                        + "\"position\":\"none\",\"other-columns\":\"by-name\",\"truncates\":\"apply\"}",
                "{\"op\":\"u\",\"after\":{\"id\":1,\"v\":\"new\"}}",
                "{\"op\":\"d\",\"before\":{\"id\":1}}",
                "null",
                "{\"op\":\"c\",\"after\":{\"id\":2}}",
                "{\"op\":\"x\"}",
                "{\"op\":\"t\"}");
        assertThat(samples.valueStream().map(sample -> sample.path("effect").stringValue()))
                .containsExactly("written", "deleted", "none", "written", "rejected", "deleted");
        assertThat(samples.path(0).path("row").toString()).isEqualTo("{\"id\":1,\"v\":\"new\",\"n\":1}");
        assertThat(samples.path(3).path("row").toString()).isEqualTo("{\"id\":2,\"v\":null,\"n\":3}");
        assertThat(service.query("select * from " + table)).containsExactly("1 old 1");
    }

    @Test
    void triesRecordsOfOtherSinksToo() {
        JsonNode samples =
                tried(name(), "{\"type\":\"table\",\"partitions\":[\"0\"]}", "{\"a\":1}", "\"\\u0000\"", "[1, 2.50]");
        assertThat(samples.valueStream().map(sample -> sample.path("effect").stringValue()))
                .containsExactly("written", "rejected", "written");
        assertThat(samples.path(2).path("row").toString()).isEqualTo("{\"data\":[1,2.5]}");
        samples = tried(
                name(), "{\"type\":\"http\",\"partitions\":[\"0\"],\"url\":\"http://127.0.0.1:1/\"}", "{\"a\":1}");
        assertThat(samples.path(0).toString()).isEqualTo("{\"index\":0,\"effect\":\"written\"}");
    }

    @Test
    void triesRecordsOfSinksThatHaveSome() {
        String sink = name();
        String definition = "{\"type\":\"table\",\"partitions\":[\"0\"],\"other-members\":\"add-columns\","
                + "\"columns\":{\"id\":{\"from\":\"/id\",\"type\":\"int\"}}}";
        assertThat(client.put("/sinks/" + sink, definition).status()).isEqualTo(201);
        client.batch(sink, "0", 0, "{\"id\":1},{\"id\":2}").isWritten("committed");
        JsonNode samples = tried(sink, definition, "{\"id\":1}", "{\"id\":1,\"new\":2}", "{\"id\":1,\"ctid\":2}");
        assertThat(samples.valueStream().map(sample -> sample.path("effect").stringValue()))
                .containsExactly("written", "written", "rejected");
        assertThat(service.query("select count(*) from " + sink)).containsExactly("2");
    }

    @Test
    void tellsWhatIsWrongWithTheTable() {
        String table = name();
        service.execute("create table " + table + " (id int)");
        String definition =
                "{\"type\":\"table\",\"partitions\":[\"0\"],\"position\":\"none\",\"columns\":{\"nope\":\"/id\"}}";
        client.put("/sinks/" + table + "?dryRun=true", Client.JSON, definition).isProblem(422, "invalid-definition");
        client.put("/sinks/" + table + "?dryRun=true", Client.NDJSON, definition)
                .isProblem(400, "malformed-request");
        client.put("/sinks/" + table + "?dryRun=true", Client.NDJSON, definition + "\n{\"id\":}")
                .isProblem(400, "malformed-batch");
        client.put("/sinks/" + table, Client.NDJSON, definition + "\n{\"id\":1}")
                .isProblem(415, "unsupported-media-type");
        client.put("/sinks/" + table + "?dryRun=true", Client.NDJSON, definition + "\n1".repeat(101))
                .isProblem(400, "malformed-request");
    }

    @Test
    void proposesColumnsThatTakeTheRecordsTheyWereInferredFrom() {
        String sink = name();
        String records =
                "{\"id\":1,\"ok\":true,\"price\":1,\"at\":\"2024-01-01T00:00:00.5+02:00\",\"day\":\"2024-02-29\","
                        + "\"u\":\"a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11\",\"tags\":[\"x\"],\"o\":{\"a\":1},\"mixed\":1,\"never\":null}\n"
                        + "{\"id\":9223372036854775807,\"price\":2.5,\"mixed\":\"x\",\"at\":null,\"local\":\"2024-01-01T00:00:00\","
                        + "\"a/b~\":\"\"}";
        Answer proposal = client.post("/sinks/" + sink + "/infer", Client.NDJSON, records);
        assertThat(proposal.status()).isEqualTo(200);
        assertThat(proposal.body().path("columns").toString())
                .isEqualTo(
                        "{\"id\":{\"from\":\"/id\",\"type\":\"bigint\"},\"ok\":{\"from\":\"/ok\",\"type\":\"boolean\"},"
                                + "\"price\":{\"from\":\"/price\",\"type\":\"numeric\"},\"at\":{\"from\":\"/at\",\"type\":\"timestamptz\"},"
                                + "\"day\":{\"from\":\"/day\",\"type\":\"date\"},\"u\":{\"from\":\"/u\",\"type\":\"uuid\"},"
                                + "\"tags\":{\"from\":\"/tags\",\"type\":\"jsonb\"},\"o\":{\"from\":\"/o\",\"type\":\"jsonb\"},"
                                + "\"mixed\":{\"from\":\"/mixed\",\"type\":\"text\"},\"local\":{\"from\":\"/local\",\"type\":\"text\"},"
                                + "\"a/b~\":{\"from\":\"/a~1b~0\",\"type\":\"text\"}}");
        String definition = proposal.body()
                .toString()
                .replace("\"type\":\"table\"", "\"type\":\"table\",\"other-members\":\"ignore\"");
        assertThat(client.put("/sinks/" + sink, definition).status()).isEqualTo(201);
        client.post(Client.partition(sink, "0") + "?offset=0", Client.NDJSON, records)
                .isWritten("committed");
        assertThat(service.query("select count(*) from " + sink)).containsExactly("2");
        client.post("/sinks/" + sink + "/infer", Client.JSON, "[{\"a\":1}]").has("type", "table");
        String odd = name();
        String oddRecord = "{\"partition_id\":1,\"\":2,\"ctid\":3,\"" + "n".repeat(70) + "\":4,\"[x]\":5,\"_x_\":6}";
        proposal = client.post("/sinks/" + odd + "/infer", Client.NDJSON, oddRecord);
        assertThat(client.put("/sinks/" + odd, proposal.body().toString()).status())
                .isEqualTo(201);
        client.post(Client.partition(odd, "0") + "?offset=0", Client.NDJSON, oddRecord)
                .isWritten("committed");
        client.post("/sinks/" + sink + "/infer", Client.JSON, "{\"a\":").isProblem(400, "malformed-batch");
        client.post("/sinks/a%20name/infer", Client.JSON, "[{\"a\":1}]").isProblem(422, "invalid-definition");
    }
}
