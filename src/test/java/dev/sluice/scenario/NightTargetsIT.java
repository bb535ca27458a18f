package dev.sluice.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.http.Receiver;
import dev.sluice.http.Reply;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The night with targets outside: one that is dead, and one that takes the token no more. */
class NightTargetsIT {

    private static final String OLD = "Bearer the-old-one";
    private static final String NEW = "Bearer the-new-one";
    private static final JsonMapper JSON = new JsonMapper();

    @TempDir
    static Path directory;

    private static final Receiver guarded = Receiver.honouringKeys();
    private static Path token;
    private static InProcess service;
    private static Client client;

    @BeforeAll
    static void start() throws IOException {
        token = Files.writeString(directory.resolve("crm-token"), OLD);
        service = InProcess.start(
                "sluice.health.failing-after=1s",
                "sluice.sinks.crm.type=http",
                "sluice.sinks.crm.partitions=0",
                "sluice.sinks.crm.url=" + guarded.url("/crm"),
                "sluice.sinks.crm.target-honours-key=true",
                "sluice.sinks.crm.header-files.Authorization=" + token,
                "sluice.sinks.to-crm.type=batching",
                "sluice.sinks.to-crm.target=crm",
                "sluice.sinks.to-crm.flush-interval=100ms");
        client = service.client();
    }

    @AfterAll
    static void stop() {
        service.close();
        guarded.close();
    }

    private static void put(String sink, String definition) {
        Answer answer = client.put("/sinks/" + sink, "{" + definition + "}");
        assertThat(answer.status()).as(answer.body().toString()).isEqualTo(201);
    }

    private static void awaitDelivered(String sink, long offset) {
        await().atMost(Duration.ofSeconds(60))
                .until(() -> client.snapshot(sink, "0").number("deliveredOffset") == offset);
    }

    private static double meter(String name, String... labels) {
        return Scrape.of(client).one(name, labels);
    }

    private static void awaitFailing(double value, String sink, String activity) {
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(meter("sluice_sink_failing", "sink=" + sink, "activity=" + activity))
                        .isEqualTo(value));
    }

    /** Returns what took effect, in its order. */
    private static List<String> records(Receiver... receivers) {
        return Stream.of(receivers)
                .flatMap(receiver -> receiver.effects().stream())
                .flatMap(body -> JSON.readTree(body).path("events").valueStream())
                .map(JsonNode::toString)
                .toList();
    }

    @Test
    void aDeadHttpTarget() {
        Receiver alive = Receiver.honouringKeys();
        put(
                "api",
                "\"type\":\"http\",\"partitions\":[\"0\"],\"url\":\"" + alive.url("/in")
                        + "\",\"target-honours-key\":true,\"max-attempts\":2,\"breaker-wait\":\"1s\"");
        put("outbox", "\"type\":\"batching\",\"target\":\"api\",\"flush-interval\":\"1s\"");
        client.batch("outbox", "0", 0, "0").isWritten("committed");
        awaitDelivered("outbox", 1);
        alive.close();
        client.batch("outbox", "0", 1, "1,2").isWritten("committed");
        awaitFailing(1, "outbox", "delivery");
        client.batch("outbox", "0", 3, "3").isWritten("committed");
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(meter("sluice_buffer_fullest", "sink=outbox"))
                        .isEqualTo(3));
        double waited = meter("sluice_buffer_oldest_seconds", "sink=outbox");
        assertThat(waited).isPositive();
        await().atMost(Duration.ofSeconds(20))
                .until(() -> meter("sluice_buffer_oldest_seconds", "sink=outbox") > waited + 1);

        Runbook night = Runbook.of("A dead HTTP target", client);
        JsonNode lagging = night.next().path("sinks");
        assertThat(lagging).hasSize(1);
        assertThat(lagging.at("/0/id").stringValue()).isEqualTo("outbox");
        assertThat(lagging.at("/0/status/undeliveredRecords").longValue()).isEqualTo(3);
        assertThat(lagging.at("/0/status/deliveries/problem").stringValue()).isEqualTo("target-unavailable");
        JsonNode partition = night.next().at("/partitions/0/snapshot");
        assertThat(partition.path("nextOffset").longValue()).isEqualTo(4);
        assertThat(partition.path("deliveredOffset").longValue()).isEqualTo(1);
        night.next();
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() ->
                        assertThat(meter("sluice_buffer_limit", "sink=outbox")).isEqualTo(5_000_000));
        try (Receiver back = alive.replacement()) {
            night.nextUntil(sink -> sink.at("/status/undeliveredRecords").longValue() == 0);
            awaitDelivered("outbox", 4);
            night.nextIsEven();
            assertThat(night.nextIsEven().path("written").longValue()).isEqualTo(4);
            night.isDone();

            client.batch("outbox", "0", 4, "4").isWritten("committed");
            awaitDelivered("outbox", 5);
            awaitFailing(0, "outbox", "delivery");
            assertThat(records(alive, back)).containsExactly("0", "1", "2", "3", "4");
        }
    }

    @Test
    void anExpiredToken() throws IOException {
        guarded.answersBy(request -> Reply.of(request.header("Authorization").equals(OLD) ? 200 : 401));
        put(
                "billing",
                "\"type\":\"http\",\"partitions\":[\"0\"],\"url\":\"" + guarded.url("/billing")
                        + "\",\"target-honours-key\":true,\"headers\":{\"Authorization\":\"" + OLD + "\"}");
        client.batch("to-crm", "0", 0, "0").isWritten("committed");
        awaitDelivered("to-crm", 1);
        client.batch("billing", "0", 0, "10").isWritten("committed");

        guarded.answersBy(request -> Reply.of(request.header("Authorization").equals(NEW) ? 200 : 401));
        client.batch("to-crm", "0", 1, "1").isWritten("committed");
        assertThat(client.batch("billing", "0", 1, "11")
                        .isProblem(503, "target-unavailable")
                        .text("detail"))
                .contains("answered 401");
        awaitFailing(1, "to-crm", "delivery");
        awaitFailing(1, "billing", "write");

        Runbook night =
                Runbook.of("An expired token", client).with("TOKEN", token).with("URL", guarded.url("/billing"));
        JsonNode failing = night.next().path("sinks");
        assertThat(failing.valueStream().map(sink -> sink.path("id").stringValue()))
                .contains("crm", "to-crm", "billing");
        assertThat(failing.valueStream()
                        .filter(sink -> List.of("crm", "billing")
                                .contains(sink.path("id").stringValue()))
                        .map(sink -> sink.at("/status/refusal").stringValue()))
                .allMatch(refusal -> refusal.contains("answered 401"));
        night.next();
        assertThat(Files.readString(token)).isEqualTo(NEW);
        assertThat(night.next().at("/settings/headers/Authorization").stringValue())
                .isEqualTo("***");
        client.batch("billing", "0", 1, "11").isWritten("committed");
        night.nextUntil(sink -> sink.at("/status/refusal").isMissingNode());
        awaitDelivered("to-crm", 2);
        night.nextIsEven();
        assertThat(night.nextIsEven().path("written").longValue()).isEqualTo(2);
        assertThat(night.nextIsEven().path("written").longValue()).isEqualTo(2);
        night.isDone();

        client.batch("to-crm", "0", 2, "2").isWritten("committed");
        awaitDelivered("to-crm", 3);
        client.batch("billing", "0", 2, "12").isWritten("committed");
        awaitFailing(0, "to-crm", "delivery");
        awaitFailing(0, "billing", "write");
        assertThat(records(guarded)).containsExactlyInAnyOrder("0", "10", "11", "1", "2", "12");
    }
}
