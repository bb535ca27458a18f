package dev.sluice.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Several batches of a partition in flight, one of which is refused: what those behind it are told, and when. */
class WindowIT {

    private static final String[] PATIENT = {"Prefer", "wait=30"};

    private static InProcess service;
    private static Client client;

    @BeforeAll
    static void start() {
        service = InProcess.start(
                "sluice.sinks.events.type=table",
                "sluice.sinks.events.partitions=parked,late,mended,conflict,old,opened,dry,gap");
        client = service.client();
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    private static CompletableFuture<Answer> send(String partition, long offset, String records) {
        return client.postAsync(
                Client.partition("events", partition), Client.JSON, Client.dense(offset, records), PATIENT);
    }

    private static List<CompletableFuture<Answer>> sendBehind(String partition, long first, int batches) {
        return IntStream.range(0, batches)
                .mapToObj(i -> send(partition, first + i, "1"))
                .toList();
    }

    private static void isBlocked(CompletableFuture<Answer> sent, String type, long offset) {
        Answer answer = sent.orTimeout(15, TimeUnit.SECONDS).join();
        answer.isProblem(409, "offset-gap").has("retryable", true);
        assertThat(answer.body().path("blockedBy").path("type").stringValue("")).isEqualTo("/problems/" + type);
        assertThat(answer.body().path("blockedBy").path("offset").longValue()).isEqualTo(offset);
        assertThat(answer.body().path("detail").stringValue("")).contains(type);
    }

    @Test
    void tellsThoseThatWaitBehindARefusedBatchAtOnce() {
        List<CompletableFuture<Answer>> behind = sendBehind("parked", 2, 5);
        client.batch("events", "parked", 0, "1,\"\\u0000\"").isProblem(422, "record-rejected");
        behind.forEach(sent -> isBlocked(sent, "record-rejected", 0));
        assertThat(client.snapshot("events", "parked").number("nextOffset")).isZero();
    }

    @Test
    void tellsThoseThatComeAfterTheRefusal() {
        client.batch("events", "late", 0, "\"\\u0000\"").isProblem(422, "record-rejected");
        isBlocked(send("late", 1, "1"), "record-rejected", 0);
        Answer answer = send("late", 2, "1").join();
        assertThat(answer.response().headers().firstValue("Retry-After")).isPresent();
        assertThat(answer.response().headers().firstValue("Preference-Applied")).isEmpty();
    }

    @Test
    void letsThemWaitAgainOnceTheRefusedOffsetsAreSentAgain() {
        client.batch("events", "mended", 0, "1,\"\\u0000\"").isProblem(422, "record-rejected");
        isBlocked(send("mended", 2, "3"), "record-rejected", 0);
        client.batch("events", "mended", 0, "1").isWritten("committed");
        CompletableFuture<Answer> third = send("mended", 2, "3");
        client.batch("events", "mended", 1, "2").isWritten("committed");
        third.orTimeout(15, TimeUnit.SECONDS).join().isWritten("committed").has("nextOffset", 3);
    }

    @Test
    void namesAConflict() {
        client.batch("events", "conflict", 0, "1").isWritten("committed");
        client.batch("events", "conflict", 0, "2,3").isProblem(422, "offset-conflict");
        isBlocked(send("conflict", 2, "4"), "offset-conflict", 0);
    }

    /* A conflict with what is settled long since is nobody's predecessor, and hides none. */
    @Test
    void keepsTheRefusedBatchAheadInMind() {
        client.batch("events", "old", 0, "1,2,3").isWritten("committed");
        client.batch("events", "old", 3, "\"\\u0000\"").isProblem(422, "record-rejected");
        client.batch("events", "old", 0, "7").isProblem(422, "offset-conflict");
        isBlocked(send("old", 4, "5"), "record-rejected", 3);
    }

    @Test
    void beginsAnewOnceThePartitionIsOpened() {
        client.batch("events", "opened", 0, "\"\\u0000\"").isProblem(422, "record-rejected");
        long token = client.open("events", "opened", "{\"owner\":\"another\"}").number("fencingToken");
        String[] headers = {"Prefer", "wait=30", "Sluice-Fencing-Token", Long.toString(token)};
        CompletableFuture<Answer> second =
                client.postAsync(Client.partition("events", "opened"), Client.JSON, Client.dense(1, "2"), headers);
        client.batch("events", "opened", 0, "1", headers).isWritten("committed");
        second.orTimeout(15, TimeUnit.SECONDS).join().isWritten("committed");
    }

    /* What was only tried has no place in the stream. */
    @Test
    void isNotBlockedByADryRun() {
        client.post(Client.partition("events", "dry") + "?dryRun=true", Client.JSON, Client.dense(0, "\"\\u0000\""))
                .isProblem(422, "record-rejected");
        CompletableFuture<Answer> second = send("dry", 1, "2");
        client.batch("events", "dry", 0, "1").isWritten("committed");
        second.orTimeout(15, TimeUnit.SECONDS).join().isWritten("committed");
    }

    @Test
    void saysWhichWaitWasApplied() {
        long startedAt = System.nanoTime();
        Answer answer = client.batch("events", "gap", 1, "2", "Prefer", "wait=1");
        answer.isProblem(409, "offset-gap");
        assertThat(answer.body().has("blockedBy")).isFalse();
        assertThat(answer.response().headers().firstValue("Preference-Applied")).contains("wait=1");
        assertThat(answer.response().headers().firstValue("Retry-After")).contains("1");
        assertThat(Duration.ofNanos(System.nanoTime() - startedAt)).isGreaterThanOrEqualTo(Duration.ofSeconds(1));
        assertThat(client.batch("events", "gap", 1, "2").response().headers().firstValue("Preference-Applied"))
                .isEmpty();
    }
}
