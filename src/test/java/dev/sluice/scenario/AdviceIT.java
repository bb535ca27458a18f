package dev.sluice.scenario;

import static dev.sluice.scenario.Client.JSON;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Advice is given where it can be followed, and nowhere else. */
class AdviceIT {

    private static InProcess service;
    private static Client client;

    @BeforeAll
    static void start() {
        service = InProcess.start(
                "sluice.sinks.rows.type=table",
                "sluice.sinks.rows.partitions=0,1,2",
                "sluice.sinks.lines.type=log",
                "sluice.sinks.lines.partitions=0,1,2",
                "sluice.sinks.both.type=fanout",
                "sluice.sinks.both.targets=rows,lines",
                "sluice.sinks.outer.type=fanout",
                "sluice.sinks.outer.targets=both");
        client = service.client();
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    private static String childsDetail(Answer answer, String sink) {
        return answer.isProblem(502, "partial-failure")
                .body()
                .path("children")
                .valueStream()
                .filter(child -> child.path("sink").stringValue().equals(sink))
                .findFirst()
                .orElseThrow()
                .path("detail")
                .stringValue();
    }

    @Test
    void tellsToTakeBackWhatCanBeTakenBackOnly() {
        client.batch("rows", "0", 0, "1").isWritten("committed");
        client.batch("lines", "1", 0, "1").isWritten("committed");
        assertThat(childsDetail(client.batch("both", "0", 0, "2"), "rows"))
                .contains("POST /sinks/rows/partitions/0/open", "\"resume\": {\"nextOffset\": 0}")
                .doesNotContain("state");
        assertThat(childsDetail(client.batch("both", "1", 0, "2"), "lines"))
                .contains("same bytes", "cannot take back")
                .doesNotContain("resume");
        client.batch("both", "2", 0, "1").isWritten("committed");
        assertThat(childsDetail(client.batch("outer", "2", 0, "2"), "both"))
                .contains("same bytes", "cannot take back")
                .doesNotContain("resume");
    }

    @Test
    void tellsKeyedWritersOfNoHoles() {
        String bad = "{\"offset\":0,\"records\":[{\"key\":\"a\",\"value\":\"\\u0000\"}]}";
        assertThat(client.post("/sinks/rows/records", JSON, bad)
                        .isProblem(422, "record-rejected")
                        .text("detail"))
                .contains("a stream with keys has no holes")
                .doesNotContain("declare");
        assertThat(client.batch("lines", "0", 5, "1")
                        .isProblem(409, "offset-gap")
                        .text("detail"))
                .contains("advances to its first offset");
        assertThat(client.post("/sinks/lines/records", JSON, "{\"offset\":5,\"records\":[{\"key\":\"a\",\"value\":1}]}")
                        .isProblem(409, "offset-gap")
                        .text("detail"))
                .contains("advances each partition to its first offset");
        assertThat(client.post("/sinks/lines/records", JSON, "[]")
                        .isProblem(428, "offset-required")
                        .text("detail"))
                .contains("GET the sink's partitions")
                .doesNotContain("the partition's snapshot");
    }

    @Test
    void namesNobodyWhoHasNotOpenedThePartition() {
        String definition = "{\"type\":\"table\",\"partitions\":[\"0\"],\"table\":\"%s\"}";
        client.put("/sinks/anew", definition.formatted("first"));
        client.batch("anew", "0", 0, "1").isWritten("committed");
        client.method("DELETE", "/sinks/anew");
        client.put("/sinks/anew", definition.formatted("second"));
        Answer required = client.batch("anew", "0", 1, "2").isProblem(428, "fencing-token-required");
        assertThat(required.text("detail")).contains("was deleted and defined anew", "/open");
        assertThat(required.body().toString()).doesNotContain("(deleted)");
        Answer fenced =
                client.batch("anew", "0", 1, "2", "Sluice-Fencing-Token", "0").isProblem(412, "fenced");
        assertThat(fenced.body().toString()).contains("defined anew").doesNotContain("(deleted)");
        client.open("anew", "0", "{\"owner\":\"next\"}").has("nextOffset", 0);
        assertThat(client.batch("anew", "0", 0, "2")
                        .isProblem(428, "fencing-token-required")
                        .text("detail"))
                .contains("opened by 'next'");
    }
}
