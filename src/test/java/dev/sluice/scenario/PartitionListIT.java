package dev.sluice.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.partition.WriteCounters;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Long lists of partitions come in pages and cost no memory that stays. */
class PartitionListIT {

    private static final int MANY = 12_500;
    private static final String LIST = "/sinks/many/partitions";

    private static InProcess service;
    private static Client client;

    @BeforeAll
    static void start() {
        service = InProcess.start(
                "sluice.sinks.many.type=table",
                "sluice.sinks.many.partitions="
                        + IntStream.range(0, MANY).mapToObj(i -> "p" + i).collect(Collectors.joining(",")) + ",a+b,a+c",
                "sluice.sinks.lines.type=log",
                "sluice.sinks.lines.workers=3");
        client = service.client();
        client.batch("many", "p7", 0, "1,2").isWritten("committed");
        client.batch("many", "p12001", 0, "1").isWritten("committed");
        client.open("many", "a+c", "{\"owner\":\"somebody\"}").has("fencingToken", 1);
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    private static List<String> names(Answer page) {
        assertThat(page.status()).as(page.body().toString()).isEqualTo(200);
        return page.body()
                .path("partitions")
                .valueStream()
                .map(partition -> partition.path("partition").stringValue())
                .toList();
    }

    private static List<String> all(String query) {
        List<String> names = new ArrayList<>();
        String from = "";
        for (int page = 0; page < 50; page++) {
            Answer answer = client.get(LIST + "?" + query + from);
            names.addAll(names(answer));
            JsonNode next = answer.body().path("next");
            if (next.isMissingNode()) {
                return names;
            }
            from = "&from=" + next.stringValue();
        }
        throw new AssertionError("the list has no end: " + names.size());
    }

    @Test
    void givesAThousandAtATimeInTheOrderOfTheDefinition() {
        Answer first = client.get(LIST);
        assertThat(names(first)).hasSize(1_000).startsWith("p0", "p1").endsWith("p999");
        first.has("sink", "many").has("next", "p1000");
        JsonNode seventh = first.body().path("partitions").get(7);
        assertThat(seventh.at("/snapshot/nextOffset").longValue()).isEqualTo(2);
        assertThat(seventh.at("/counters/records").longValue()).isEqualTo(2);
        assertThat(client.get(LIST + "?from=p12499").body().propertyNames()).doesNotContain("next");
        assertThat(all("limit=10000")).hasSize(MANY + 2).startsWith("p0").endsWith("a+b", "a+c");
        assertThat(all("limit=1000")).hasSize(MANY + 2).doesNotHaveDuplicates();
    }

    @Test
    void givesThoseWhoseNamesBeginAlike() {
        assertThat(all("prefix=p1249&limit=4"))
                .hasSize(11)
                .startsWith("p1249", "p12490")
                .endsWith("p12499");
        assertThat(all("prefix=a%2B")).containsExactly("a+b", "a+c");
        assertThat(all("prefix=a+&from=a+c")).containsExactly("a+c");
        assertThat(all("prefix=nothing")).isEmpty();
    }

    @Test
    void givesThoseThatWereUsed() {
        assertThat(all("used=true")).containsExactly("p7", "p12001", "a+c");
        assertThat(all("used=true&limit=1")).containsExactly("p7", "p12001", "a+c");
        assertThat(all("used=true&prefix=p12")).containsExactly("p12001");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "limit=0",
                "limit=10001",
                "limit=x",
                "used=yes",
                "prefx=p",
                "from=p1&from=p2",
                "prefix",
                "limit=-1"
            })
    void refusesOtherParameters(String query) {
        client.get(LIST + "?" + query).isProblem(400, "malformed-request");
    }

    @Test
    void refusesToGoOnAtAPartitionThatThereIsNot() {
        assertThat(client.get(LIST + "?from=p12500")
                        .isProblem(404, "unknown-partition")
                        .body()
                        .path("nearest")
                        .toString())
                .contains("\"p1");
    }

    @Test
    void listsWorkersWithoutSnapshots() {
        Answer answer = client.get("/sinks/lines/partitions?limit=2");
        assertThat(names(answer)).containsExactly("0", "1");
        answer.has("next", "2");
        client.get("/sinks/lines/partitions?used=true").isProblem(400, "malformed-request");
    }

    @Test
    void keepsNothingOfWhatWasOnlyLookedAt() {
        all("limit=10000");
        client.get("/sinks/many/partitions/p99");
        assertThat(service.bean(WriteCounters.class).size()).isLessThan(20);
    }

    @Test
    void keepsNoMetersOfSinksThatAreGone() {
        MeterRegistry meters = service.bean(MeterRegistry.class);
        for (int i = 0; i < 3; i++) {
            client.put("/sinks/short" + i, "{\"type\":\"log\",\"workers\":1}");
            client.post("/sinks/short" + i + "/partitions/0", Client.JSON, "[1]")
                    .isWritten("written");
            String sink = "short" + i;
            // A batch is counted when its answer is on its way already.
            await().until(() -> meters.find("sluice.batches").tag("sink", sink).meter() != null);
            assertThat(client.method("DELETE", "/sinks/short" + i).status()).isEqualTo(204);
            assertThat(meters.find("sluice.batches").tag("sink", "short" + i).meter())
                    .isNull();
            client.post("/sinks/short" + i + "/partitions/0", Client.JSON, "[1]")
                    .isProblem(404, "unknown-sink");
        }
        await().until(() -> meters.find("sluice.batches").tag("sink", "many").meter() != null);
        assertThat(service.bean(WriteCounters.class).size()).isLessThan(20);
    }
}
