package dev.sluice.scenario;

import static dev.sluice.scenario.Client.JSON;
import static dev.sluice.scenario.Client.NDJSON;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Offsets beyond 2^53 survive a client whose numbers are doubles. */
class IntegersIT {

    /* The first integer that no double has: it becomes the one before. */
    private static final String WIDE = "9007199254740993";
    private static final double MOST_EXACT = 9007199254740992d;
    private static final String[] AS_STRINGS = {"Sluice-Integers", "string"};

    private static InProcess service;
    private static Client client;

    @BeforeAll
    static void start() {
        service = InProcess.with(
                MemorySinkType.class,
                "sluice.sinks.rows.type=table",
                "sluice.sinks.rows.partitions=0,1,2,3,tail",
                "sluice.sinks.kept.type=table",
                "sluice.sinks.kept.partitions=0",
                "sluice.sinks.kept.on-rejected=dead-letter",
                "sluice.sinks.keyed.type=table",
                "sluice.sinks.keyed.partitions=0",
                "sluice.sinks.any.type=table",
                "sluice.sinks.any.partitions=0",
                "sluice.sinks.any.order=any",
                "sluice.sinks.stateful.type=memory",
                "sluice.sinks.stateful.partitions=wide");
        client = service.client();
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    /** What a parser makes of the answer that has doubles and nothing else. */
    private static JsonNode asDoubles(Answer answer) {
        String text = new String(answer.response().body(), StandardCharsets.UTF_8);
        JsonNode exact = JsonMapper.shared().readTree(text);
        all(exact)
                .filter(JsonNode::isNumber)
                .forEach(number -> assertThat(number.doubleValue()).as(text).isLessThan(MOST_EXACT));
        return exact;
    }

    private static Stream<JsonNode> all(JsonNode node) {
        return Stream.concat(Stream.of(node), node.valueStream().flatMap(IntegersIT::all));
    }

    private static void advance(String partition) {
        client.post(
                        Client.partition("rows", partition),
                        JSON,
                        "{\"offsets\":[],\"first\":\"0\",\"end\":\"" + WIDE + "\",\"records\":[]}")
                .isWritten("committed");
    }

    @Test
    void wouldBeRoundedWithoutBeingAskedFor() {
        advance("0");
        JsonNode number = client.snapshot("rows", "0").body().path("nextOffset");
        assertThat(number.isIntegralNumber()).isTrue();
        assertThat((long) number.doubleValue()).isNotEqualTo(Long.parseLong(WIDE));
        assertThat(client.get("/sinks/rows/partitions/0/snapshot", "Sluice-Integers", "number")
                        .body())
                .isEqualTo(client.snapshot("rows", "0").body());
    }

    @Test
    void letsAWriterGoOnWithWhatItWasTold() {
        advance("1");
        JsonNode snapshot = asDoubles(client.get("/sinks/rows/partitions/1/snapshot", AS_STRINGS));
        for (int batch = 0; batch < 3; batch++) {
            String body = "{\"offset\":" + snapshot.path("nextOffset") + ",\"records\":[" + batch + "]}";
            Answer written = client.post("/sinks/rows/partitions/1", JSON, body, AS_STRINGS);
            written.isWritten("committed")
                    .has("offset", snapshot.path("nextOffset").stringValue());
            snapshot = asDoubles(written);
        }
        assertThat(service.query("select source_offset from rows where partition_id = '1' order by 1"))
                .containsExactly("9007199254740993", "9007199254740994", "9007199254740995");
        String repeated = "{\"offset\":\"" + WIDE + "\",\"records\":[0]}";
        Answer duplicate = client.post("/sinks/rows/partitions/1", JSON, repeated, AS_STRINGS);
        duplicate.isWritten("duplicate").has("end", "9007199254740994").has("duplicates", 1);
        asDoubles(duplicate);
    }

    @Test
    void writesThemAsStringsInListsAndReceipts() {
        advance("2");
        client.batch("rows", "2", Long.parseLong(WIDE), "1").isWritten("committed");
        JsonNode receipts = asDoubles(client.get("/sinks/rows/partitions/2/receipts", AS_STRINGS));
        assertThat(receipts.at("/receipts/1/first").stringValue()).isEqualTo(WIDE);
        assertThat(receipts.at("/receipts/1/records").isIntegralNumber()).isTrue();
        assertThat(asDoubles(client.get("/sinks/rows/partitions?prefix=2", AS_STRINGS))
                        .at("/partitions/0/snapshot/nextOffset")
                        .stringValue())
                .isEqualTo("9007199254740994");
        assertThat(asDoubles(client.get("/sinks/rows/partitions/2", AS_STRINGS))
                        .at("/snapshot/version")
                        .stringValue())
                .isEqualTo("2");
    }

    @Test
    void writesThemAsStringsInProblems() {
        advance("3");
        String path = "/sinks/rows/partitions/3";
        JsonNode gap =
                asDoubles(client.post(path, JSON, "{\"offset\":\"9007199254740999\",\"records\":[1]}", AS_STRINGS)
                        .isProblem(409, "offset-gap"));
        assertThat(gap.path("expectedOffset").stringValue()).isEqualTo(WIDE);
        client.post(path, JSON, "{\"offset\":" + gap.path("expectedOffset") + ",\"records\":[1]}")
                .isWritten("committed");
        asDoubles(client.post(path, JSON, "{\"offset\":\"" + WIDE + "\",\"records\":[2]}", AS_STRINGS)
                .isProblem(422, "offset-conflict")
                .has("offset", WIDE));
        asDoubles(client.post(path, NDJSON, "1\n2\n\u0001", AS_STRINGS).isProblem(428, "offset-required"));
        JsonNode opened = asDoubles(client.post(path + "/open", JSON, "{\"owner\":\"me\"}", AS_STRINGS));
        assertThat(opened.path("fencingToken").stringValue()).isEqualTo("1");
        asDoubles(client.post(path + "/open", JSON, "{\"owner\":\"me\",\"ifFencingToken\":\"7\"}", AS_STRINGS)
                .isProblem(412, "fenced")
                .has("fencingToken", "1"));
        JsonNode back = asDoubles(client.post(
                path + "/open",
                JSON,
                "{\"owner\":\"me\",\"ifFencingToken\":" + opened.path("fencingToken") + ",\"resume\":{\"nextOffset\":\""
                        + WIDE + "\",\"fencingToken\":\"1\",\"version\":\"2\"}}",
                AS_STRINGS));
        assertThat(back.path("nextOffset").stringValue()).isEqualTo(WIDE);
    }

    @Test
    void takesStringsInEveryFormOfABatch() {
        client.post(
                        "/sinks/keyed/records",
                        JSON,
                        "{\"offset\":\"0\",\"records\":[{\"key\":\"a\",\"value\":1}]}",
                        AS_STRINGS)
                .isWritten("committed")
                .has("nextOffset", "1")
                .has("written", 1);
        client.post(
                        "/sinks/any/partitions/0?offsets=inline",
                        NDJSON,
                        "{\"offset\":\"" + WIDE + "\",\"value\":1}\n{\"value\":2,\"offset\":\"0\"}",
                        AS_STRINGS)
                .isWritten("committed")
                .has("nextOffset", "1");
        client.post("/sinks/any/partitions/0", JSON, "{\"offsets\":[\"5\",\"2\"],\"records\":[1,2]}")
                .isWritten("committed");
        assertThat(service.query("select source_offset from \"any\" order by 1"))
                .containsExactly("0", "2", "5", WIDE);
    }

    @Test
    void takesAPartitionForAPartitionWhateverItsName() {
        advance("tail");
        asDoubles(client.post(
                        "/sinks/rows/partitions/tail",
                        JSON,
                        "{\"offset\":\"" + WIDE + "\",\"records\":[1]}",
                        AS_STRINGS)
                .isWritten("committed")
                .has("offset", WIDE));
        asDoubles(client.get("/sinks/rows/partitions/tail", AS_STRINGS));
    }

    @Test
    void writesThemAsStringsWhereAnAnswerIsSentAsItIsMade() {
        client.post(
                        "/sinks/kept/partitions/0",
                        JSON,
                        "{\"offsets\":[\"" + WIDE + "\"],\"first\":\"0\",\"end\":\"9007199254740994\",\"records\":"
                                + "[{\"offset\":7,\"t\":\"\\u0000\"}]}")
                .isWritten("committed");
        service.execute("insert into kept (partition_id, source_offset, data) values ('0', " + WIDE + ", '1')");
        String range = "{\"from\":\"" + WIDE + "\",\"to\":\"9007199254740994\"}";
        JsonNode verified = asDoubles(client.post("/sinks/kept/partitions/0/verify", JSON, range, AS_STRINGS));
        assertThat(verified.path("from").stringValue()).isEqualTo(WIDE);
        assertThat(verified.path("to").stringValue()).isEqualTo("9007199254740994");
        assertThat(verified.at("/first/0/offset").stringValue()).isEqualTo(WIDE);
        assertThat(verified.at("/differences/surplus").isIntegralNumber()).isTrue();
        client.post("/sinks/kept/partitions/0/verify", JSON, "{}", AS_STRINGS).isProblem(400, "malformed-request");
        client.post("/sinks/nobody/partitions/0/verify", JSON, range, AS_STRINGS)
                .isProblem(404, "unknown-sink");

        Answer exported = client.get("/sinks/kept/dead-letters.ndjson", AS_STRINGS);
        String lines = new String(exported.response().body(), StandardCharsets.UTF_8);
        assertThat(lines.lines()).hasSize(1);
        assertThat(asDoubles(exported).path("offset").stringValue()).isEqualTo(WIDE);
        assertThat(lines).contains("\"record\":{\"offset\":7,").endsWith("}\n");

        client.post(
                        "/sinks/kept/partitions/0/reset",
                        JSON,
                        "{\"nextOffset\":\"9007199254740999\",\"reason\":\"r\"}",
                        AS_STRINGS)
                .has("nextOffset", "9007199254740999");
        JsonNode act = asDoubles(client.get("/audit?sink=kept&action=reset", AS_STRINGS))
                .at("/entries/0");
        assertThat(act.at("/before/nextOffset").stringValue()).isEqualTo("9007199254740994");
        assertThat(act.at("/after/nextOffset").stringValue()).isEqualTo("9007199254740999");
        assertThat(act.at("/after/fencingToken").stringValue()).isEqualTo("1");
        assertThat(act.at("/request/nextOffset").stringValue()).isEqualTo("9007199254740999");
    }

    @Test
    void leavesAStateAsItIs() {
        client.batch("stateful", "wide", 0, "1,2").isWritten("committed");
        JsonNode snapshot = asDoubles(client.get("/sinks/stateful/partitions/wide/snapshot", AS_STRINGS));
        assertThat(snapshot.path("version").stringValue()).isEqualTo("1");
        assertThat(snapshot.path("state").toString()).isEqualTo("{\"version\":1,\"length\":2}");
        assertThat(client.open("stateful", "wide", "{\"owner\":\"me\",\"resume\":" + snapshot + "}")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void refusesAnotherForm() {
        client.get("/sinks", "Sluice-Integers", "hex").isProblem(400, "malformed-request");
        client.batch("rows", "0", 0, "1", "Sluice-Integers", "hex").isProblem(400, "malformed-request");
        assertThat(client.get("/sinks/nobody", AS_STRINGS)
                        .isProblem(404, "unknown-sink")
                        .body()
                        .path("status")
                        .isIntegralNumber())
                .isTrue();
    }
}
