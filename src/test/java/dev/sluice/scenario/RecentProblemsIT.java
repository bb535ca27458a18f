package dev.sluice.scenario;

import static dev.sluice.scenario.Client.JSON;
import static dev.sluice.scenario.Client.NDJSON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** What was refused lately is remembered, without what was in the bodies. */
class RecentProblemsIT {

    private InProcess service;
    private Client client;

    @BeforeEach
    void start() {
        service = InProcess.with(
                MemorySinkType.class,
                "sluice.sinks.rows.type=table",
                "sluice.sinks.rows.partitions=0,a.b",
                "sluice.sinks.other.type=memory",
                "sluice.sinks.other.partitions=rp0");
        client = service.client();
    }

    @AfterEach
    void stop() {
        service.close();
    }

    private JsonNode recent(String query) {
        Answer answer = client.get("/problems/recent" + query);
        assertThat(answer.status()).as(answer.body().toString()).isEqualTo(200);
        return answer.body();
    }

    /* A problem is remembered when its answer is on its way already. */
    private void awaitProblems(int count) {
        await().until(() -> recent("").path("problems").size() == count);
    }

    @Test
    void tellsThemByTypeWithTheLastOne() {
        assertThat(recent("").path("problems").size()).isZero();
        client.batch("rows", "0", 0, "1").isWritten("committed");
        client.batch("rows", "0", 7, "1").isProblem(409, "offset-gap");
        client.batch("rows", "a.b", 9, "1").isProblem(409, "offset-gap");
        client.batch("rows", "0", 0, "2").isProblem(422, "offset-conflict");
        client.batch("other", "rp0", 0, "\"unavailable\"").isProblem(503, "target-unavailable");
        client.get("/sinks/nobody").isProblem(404, "unknown-sink");
        client.get("/sinks;x=1").isProblem(400, "malformed-request");
        awaitProblems(6);
        JsonNode all = recent("");
        assertThat(all.path("since").stringValue()).startsWith("20");
        JsonNode gaps = all.path("types")
                .valueStream()
                .filter(type -> type.path("type").stringValue().equals("offset-gap"))
                .findFirst()
                .orElseThrow();
        assertThat(gaps.path("count").longValue()).isEqualTo(2);
        assertThat(gaps.path("total").longValue()).isEqualTo(2);
        assertThat(gaps.path("firstAt").stringValue())
                .isLessThanOrEqualTo(gaps.path("lastAt").stringValue());
        assertThat(gaps.at("/sample/partition").stringValue()).isEqualTo("a.b");
        assertThat(gaps.at("/sample/sink").stringValue()).isEqualTo("rows");
        assertThat(gaps.at("/sample/status").intValue()).isEqualTo(409);
        assertThat(gaps.at("/sample/detail").stringValue()).contains("begins at 9", "next offset is 0");
        assertThat(all.at("/problems/0/type").stringValue()).isEqualTo("malformed-request");
    }

    @Test
    void showsThoseOfASinkOrAType() {
        client.batch("rows", "0", 7, "1").isProblem(409, "offset-gap");
        client.batch("rows", "nothing", 7, "1").isProblem(404, "unknown-partition");
        client.batch("other", "rp0", 5, "1").isProblem(409, "offset-gap");
        awaitProblems(3);
        assertThat(recent("?sink=rows").path("problems").size()).isEqualTo(2);
        assertThat(recent("?sink=rows&type=offset-gap").path("problems").size()).isEqualTo(1);
        assertThat(recent("?type=/problems/offset-gap").at("/types/0/count").longValue())
                .isEqualTo(2);
        assertThat(recent("?limit=1").path("problems").size()).isEqualTo(1);
        assertThat(recent("?limit=1").at("/problems/0/sink").stringValue()).isEqualTo("other");
        assertThat(recent("?sink=nobody").path("types").size()).isZero();
    }

    @Test
    void remembersNothingThatWasInABody() {
        service.execute("alter table rows add constraint small check (data::text not like '%secret%')");
        client.batch("rows", "0", 0, "\"secret-1\"").isProblem(422, "record-rejected");
        client.post("/sinks/rows/partitions/0", JSON, "{\"secret-2\":1}").isProblem(428, "offset-required");
        client.post("/sinks/rows/partitions/0", JSON, "{\"secret-5\":[1]}").isProblem(400, "malformed-batch");
        client.post("/sinks/rows/partitions/0?offset=0", NDJSON, "1\nsecret-3").isProblem(400, "malformed-batch");
        client.post("/sinks/rows/partitions/0", JSON, "{\"offset\":\"secret-4\",\"records\":[]}")
                .isProblem(400, "malformed-batch");
        awaitProblems(5);
        JsonNode all = recent("");
        assertThat(all.toString()).doesNotContain("secret").contains("byteOffset");
        assertThat(recent("?type=record-rejected").at("/problems/0/detail").stringValue())
                .isEqualTo("The target refuses records, complete true");
    }

    @Test
    void keepsAThousandAndTheRareOnesAmongThem() {
        client.get("/sinks/nobody").isProblem(404, "unknown-sink");
        for (int i = 0; i < 1_100; i++) {
            client.batch("rows", "0", 7, "1").isProblem(409, "offset-gap");
        }
        await().until(() ->
                recent("?limit=0&type=offset-gap").at("/types/0/total").longValue() == 1_100);
        assertThat(recent("?limit=1000").path("problems").size()).isEqualTo(1_000);
        assertThat(recent("?type=offset-gap").at("/types/0/count").longValue()).isEqualTo(999);
        assertThat(recent("?type=unknown-sink").at("/types/0/count").longValue())
                .isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"?limit=1001", "?limit=x", "?type=offset-gaps", "?partition=0"})
    void refusesWhatItDoesNotUnderstand(String query) {
        client.get("/problems/recent" + query).isProblem(400, "malformed-request");
    }
}
