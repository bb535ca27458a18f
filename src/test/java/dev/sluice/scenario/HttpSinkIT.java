package dev.sluice.scenario;

import static dev.sluice.scenario.Client.JSON;
import static dev.sluice.scenario.Client.partition;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.http.Receiver;
import dev.sluice.http.Reply;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A target outside: what the writer is told, and what is not held while a call is out. */
class HttpSinkIT {

    private Receiver receiver;
    private InProcess service;
    private Client client;

    @BeforeEach
    void start() {
        receiver = Receiver.ignoringKeys();
        service = InProcess.start(
                "sluice.sinks.hook.type=http",
                "sluice.sinks.hook.url=" + receiver.url("/in"),
                "sluice.sinks.hook.partitions=0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19",
                "sluice.sinks.hook.max-attempts=3",
                "sluice.sinks.hook.backoff=1ms",
                "sluice.sinks.hook.max-backoff=10ms",
                "sluice.sinks.hook.breaker-failures=1000",
                "sluice.sinks.any.type=http",
                "sluice.sinks.any.url=" + receiver.url("/any?key=hunter2"),
                "sluice.sinks.any.headers.Authorization=Bearer hunter3",
                "sluice.sinks.any.partitions=0",
                "sluice.sinks.any.order=any",
                "sluice.sinks.any.max-attempts=2",
                "sluice.sinks.any.backoff=1ms",
                "sluice.sinks.workers.type=http",
                "sluice.sinks.workers.url=" + receiver.url("/workers"),
                "sluice.sinks.workers.workers=2",
                "sluice.sinks.both.type=fanout",
                "sluice.sinks.both.targets=rows,child",
                "sluice.sinks.child.type=http",
                "sluice.sinks.child.url=" + receiver.url("/child"),
                "sluice.sinks.child.partitions=0",
                "sluice.sinks.rows.type=table",
                "sluice.sinks.rows.partitions=0");
        client = service.client();
    }

    @AfterEach
    void stop() {
        receiver.release();
        service.close();
        receiver.close();
    }

    private List<String> keys() {
        return receiver.requests().stream()
                .map(request -> request.header("Idempotency-Key"))
                .toList();
    }

    @Test
    void sendsEachBatchWithAKeyOfItsRange() {
        client.batch("hook", "0", 0, "1,2").isWritten("committed").has("guarantee", "at-least-once");
        client.batch("hook", "0", 1, "2,3").isWritten("trimmed");
        client.batch("hook", "0", 0, "1,2,3").isWritten("duplicate");
        client.post(partition("hook", "0"), JSON, "{\"first\":3,\"end\":9,\"offsets\":[4],\"records\":[5]}")
                .isWritten("committed");
        client.post(partition("hook", "0") + "?dryRun=true", JSON, Client.dense(9, "6"))
                .isWritten("committed");
        assertThat(keys()).containsExactly("hook/0/0-2", "hook/0/2-3", "hook/0/3-9");
        assertThat(receiver.effects()).containsExactly("{\"events\":[1,2]}", "{\"events\":[3]}", "{\"events\":[5]}");
    }

    @Test
    void tellsTheWriterWhenTriesAreUsedUpAndSendsTheSameKeyAgain() {
        receiver.answersAlways(Reply.of(429).header("Retry-After", "0"));
        client.batch("hook", "1", 0, "1").isProblem(503, "target-unavailable");
        client.snapshot("hook", "1").has("nextOffset", 0).has("version", 0);
        receiver.answersAlways(Reply.of(500));
        client.batch("hook", "1", 0, "1").isProblem(503, "outcome-unknown");
        receiver.answersAlways(Reply.of(201));
        client.batch("hook", "1", 0, "1").isWritten("committed").has("nextOffset", 1);
        assertThat(keys()).hasSize(7).containsOnly("hook/1/0-1");
    }

    @Test
    void tellsTheWriterWhatTheTargetRefuses() {
        receiver.answersAlways(Reply.of(400));
        Answer one = client.batch("hook", "2", 0, "1").isProblem(422, "record-rejected");
        assertThat(one.body().path("rejected").get(0).path("code").stringValue())
                .isEqualTo("400");
        Answer two = client.batch("hook", "2", 0, "1,2").isProblem(422, "record-rejected");
        assertThat(two.text("detail")).contains("400");
        assertThat(receiver.requests()).hasSize(2);
    }

    @Test
    void blamesTheTargetForWhatIsNoRecordsFault() {
        receiver.answersAlways(Reply.of(401));
        for (Answer answer : List.of(
                client.batch("hook", "5", 0, "1"),
                client.batch("hook", "5", 0, "1,2"),
                client.post(partition("any", "0"), JSON, "{\"offsets\":[5,2],\"records\":[5,2]}"),
                client.post(partition("workers", "0"), JSON, "[1]"))) {
            answer.isProblem(503, "target-unavailable").has("retryable", true);
            assertThat(answer.text("detail")).contains("answered 401", "header-files");
        }
        Answer partial = client.batch("both", "0", 0, "1").isProblem(502, "partial-failure");
        partial.has("retryable", true);
        assertThat(client.get("/actuator/health").body().toString()).contains("answered 401");
        receiver.answersAlways(Reply.of(415));
        client.batch("hook", "5", 0, "1").isProblem(500, "target-broken").has("retryable", false);
        receiver.answersAlways(Reply.of(413));
        client.batch("hook", "5", 0, "1,2").isProblem(413, "too-large").has("retryable", false);
        client.post(partition("workers", "0"), JSON, "[1,2]").isProblem(413, "too-large");
        client.batch("hook", "5", 0, "1").isProblem(422, "record-rejected");
        receiver.answersAlways(Reply.ok());
        client.batch("hook", "5", 0, "1").isWritten("committed");
        assertThat(client.get("/sinks/hook").body().path("status").has("refusal"))
                .isFalse();
    }

    @Test
    void holdsNeitherConnectionNorTransactionWhileCallsAreOut() {
        receiver.answersAlways(Reply.ok().sent(Reply.Manner.LATE));
        List<CompletableFuture<Answer>> stalled = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            stalled.add(client.postAsync(partition("hook", "" + i), JSON, Client.dense(0, "1")));
        }
        await().atMost(Duration.ofSeconds(30)).until(() -> receiver.requests().size() == 20);
        assertThat(client.get("/actuator/metrics/hikaricp.connections.active")
                        .body()
                        .path("measurements")
                        .get(0)
                        .path("value")
                        .doubleValue())
                .isLessThanOrEqualTo(1);
        assertThat(service.query("select count(*) from pg_stat_activity where state like 'idle in transaction%'"
                        + " and datname = current_database()"))
                .containsExactly("0");
        client.batch("rows", "0", 0, "1").isWritten("committed");
        receiver.release();
        stalled.forEach(answer -> answer.join().isWritten("committed"));
    }

    @Test
    void leavesThePartitionToTheReplicaThatIsSending() {
        service.execute("insert into sluice.replica values ('other', now() + interval '1 hour');"
                + "insert into sluice.claim values ('hook', '3', 'other')");
        client.batch("hook", "3", 0, "1").isProblem(429, "busy");
        client.open("hook", "3", "{\"owner\":\"me\"}").isProblem(429, "busy");
        assertThat(receiver.requests()).isEmpty();
        service.execute("update sluice.replica set alive_until = now() where id = 'other'");
        client.batch("hook", "3", 0, "1").isWritten("committed");
        client.open("hook", "3", "{\"owner\":\"me\"}").has("fencingToken", 1);
    }

    @Test
    void doesNotCommitForAReplicaThatWasTakenForDead() {
        receiver.answersAlways(Reply.ok().sent(Reply.Manner.LATE));
        CompletableFuture<Answer> stalled = client.postAsync(partition("hook", "4"), JSON, Client.dense(0, "1"));
        await().atMost(Duration.ofSeconds(30)).until(() -> receiver.requests().size() == 1);
        service.execute("update sluice.claim set replica = 'other' where sink = 'hook' and partition_id = '4'");
        receiver.answersAlways(Reply.of(200));
        receiver.release();
        stalled.join().isProblem(503, "outcome-unknown");
        client.snapshot("hook", "4").has("nextOffset", 0);
        client.batch("hook", "4", 0, "1").isWritten("committed");
        assertThat(keys()).containsOnly("hook/4/0-1");
    }

    @Test
    void sendsOtherKeysInAnotherLife() {
        String definition =
                "{\"type\":\"http\",\"partitions\":[\"0\"],\"url\":\"%s\"}".formatted(receiver.url("/lives"));
        assertThat(client.put("/sinks/lives", definition).status()).isEqualTo(201);
        client.batch("lives", "0", 0, "1").isWritten("committed");
        assertThat(client.method("DELETE", "/sinks/lives").status()).isEqualTo(204);
        assertThat(client.put("/sinks/lives", definition).status()).isEqualTo(201);
        client.batch("lives", "0", 0, "2").isProblem(428, "fencing-token-required");
        String token =
                Long.toString(client.open("lives", "0", "{\"owner\":\"me\"}").number("fencingToken"));
        client.batch("lives", "0", 0, "2", "Sluice-Fencing-Token", token).isWritten("committed");
        assertThat(keys()).containsExactly("lives/0/0-1", "lives/0/0-1/1");
    }

    @Test
    void showsNeitherHeadersNorTheQueryOfTheUrl() {
        Answer sink = client.get("/sinks/any");
        assertThat(sink.body().toString())
                .contains("/any?***", "circuitBreaker", "closed")
                .doesNotContain("hunter");
        receiver.answersAlways(Reply.of(500).body("hunter2 hunter3"));
        Answer failed = client.batch("any", "0", 0, "1").isProblem(503, "outcome-unknown");
        assertThat(failed.body().toString()).doesNotContain("hunter");
        assertThat(client.get("/actuator/health").body().toString()).doesNotContain("hunter");
        assertThat(receiver.requests().get(0).target()).isEqualTo("/any?key=hunter2");
        assertThat(receiver.requests().get(0).header("Authorization")).isEqualTo("Bearer hunter3");
    }

    @Test
    void sendsRecordsInAnyOrderInRuns() {
        client.post(partition("any", "0"), JSON, "{\"offsets\":[5,6,2],\"records\":[5,6,2]}")
                .isWritten("committed");
        client.post(partition("any", "0"), JSON, "{\"offsets\":[5,2,3],\"records\":[5,2,3]}")
                .isWritten("trimmed")
                .has("written", 1);
        assertThat(keys()).containsExactly("any/0/2-3", "any/0/5-7", "any/0/3-4");
    }

    @Test
    void deliversToWorkersWithoutPositions() {
        client.post(partition("workers", "1"), JSON, "{\"records\":[1,2]}")
                .isWritten("written")
                .has("written", 2)
                .has("guarantee", "at-least-once");
        client.post(partition("workers", "0"), JSON, "[3]").isWritten("written");
        client.post(partition("workers", "0"), Client.NDJSON, "4\n5\n").isWritten("written");
        assertThat(receiver.effects()).containsExactly("{\"events\":[1,2]}", "{\"events\":[3]}", "{\"events\":[4,5]}");
        client.batch("workers", "0", 0, "1").isProblem(400, "malformed-batch");
        client.post(partition("workers", "0") + "?offset=0", JSON, "[1]").isProblem(400, "malformed-batch");
        client.post(partition("workers", "0"), JSON, "[1]", "Sluice-Fencing-Token", "1")
                .isProblem(400, "malformed-batch");
        client.post(partition("workers", "2"), JSON, "[1]").isProblem(404, "unknown-partition");
        client.snapshot("workers", "0").isProblem(404, "stateless");
        client.open("workers", "0", "{\"owner\":\"me\"}").isProblem(404, "stateless");
        client.get(partition("workers", "0") + "/receipts").isProblem(404, "stateless");
        client.post("/sinks/workers/records", JSON, "{\"offset\":0,\"records\":[]}")
                .isProblem(404, "stateless");
        client.get("/sinks/workers").has("guarantee", "at-least-once");
        receiver.answersAlways(Reply.of(400));
        client.post(partition("workers", "0"), JSON, "[1]").isProblem(422, "record-rejected");
    }
}
