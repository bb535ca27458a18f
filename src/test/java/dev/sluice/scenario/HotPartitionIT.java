package dev.sluice.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Many batches for one partition at once. */
class HotPartitionIT {

    private static InProcess service;
    private static Client client;

    @BeforeAll
    static void start() {
        service = InProcess.start(
                "sluice.sinks.events.type=table",
                "sluice.sinks.events.partitions=hot,cold,held,full,poisoned,early",
                "sluice.lanes.max-waiting=50",
                "sluice.lanes.max-parked=45");
        client = service.client();
        service.execute(
                "alter table events add constraint no_sixteen" + " check (partition_id <> 'poisoned' or data <> '16')");
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    @Test
    void queuesInTheProcessAndCommitsTogetherWhatHasWaited() throws SQLException {
        client.batch("events", "hot", 0, "0").isWritten("committed");
        List<CompletableFuture<Answer>> answers = new ArrayList<>();
        try (Connection holder = service.database().connect();
                Statement statement = holder.createStatement()) {
            holder.setAutoCommit(false);
            statement.execute("select from sluice.snapshot where partition_id = 'hot' for update");
            for (int i = 40; i > 0; i--) {
                answers.add(client.postAsync(
                        Client.partition("events", "hot"), Client.JSON, Client.dense(i, "" + i), "Prefer", "wait=20"));
            }
            await().until(() -> service.waitingForLocks().size() == 1);
            client.batch("events", "cold", 0, "1").isWritten("committed");
            assertThat(service.waitingForLocks())
                    .as("connections that wait for the row")
                    .hasSize(1);
            holder.rollback();
        }
        long highest = 0;
        for (CompletableFuture<Answer> answer : answers) {
            highest = Math.max(highest, answer.join().isWritten("committed").number("version"));
        }
        assertThat(highest).as("each batch has a version of its own").isEqualTo(41);
        assertThat(service.query("select count(*) from events where partition_id = 'hot'"))
                .containsExactly("41");
        assertThat(service.query(
                        "select count(distinct xmin::text) < 20 from sluice.receipt where partition_id = 'hot'"))
                .as("committed in groups")
                .containsExactly("t");
    }

    @Test
    void answersBusyWhenAnotherReplicaHoldsTheRowTooLong() throws SQLException {
        client.batch("events", "held", 0, "0").isWritten("committed");
        try (Connection holder = service.database().connect();
                Statement statement = holder.createStatement()) {
            holder.setAutoCommit(false);
            statement.execute("select from sluice.snapshot where partition_id = 'held' for update");
            client.batch("events", "held", 1, "1").isProblem(429, "busy").has("partition", "held");
            holder.rollback();
        }
        client.batch("events", "held", 1, "1").isWritten("committed");
    }

    @Test
    void answersBusyWhenTooManyBatchesWait() throws SQLException {
        client.batch("events", "full", 0, "0").isWritten("committed");
        List<CompletableFuture<Answer>> answers = new ArrayList<>();
        try (Connection holder = service.database().connect();
                Statement statement = holder.createStatement()) {
            holder.setAutoCommit(false);
            statement.execute("select from sluice.snapshot where partition_id = 'full' for update");
            for (int i = 1; i <= 80; i++) {
                answers.add(client.postAsync(
                        Client.partition("events", "full"), Client.JSON, Client.dense(i, "" + i), "Prefer", "wait=2"));
                if (i == 1) {
                    // From now on nobody goes with the first, and 50 may wait.
                    await().until(() -> !service.waitingForLocks().isEmpty());
                }
            }
            // Before the row's lock is given up, which is busy as well.
            await().atMost(Duration.ofSeconds(4)).until(() -> answers.stream().anyMatch(CompletableFuture::isDone));
            holder.rollback();
        }
        assertThat(answers.stream().map(CompletableFuture::join).filter(answer -> answer.status() == 429))
                .isNotEmpty()
                .allSatisfy(answer -> answer.isProblem(429, "busy"));
        long committed =
                Long.parseLong(service.query("select next_offset from sluice.snapshot where partition_id = 'full'")
                        .get(0));
        assertThat(service.query("select count(*) from events where partition_id = 'full'"))
                .containsExactly(Long.toString(committed));
    }

    @Test
    void neverKeepsTheBatchOutThatOthersWaitFor() {
        List<CompletableFuture<Answer>> answers = new ArrayList<>();
        for (int i = 1; i <= 60; i++) {
            answers.add(client.postAsync(
                    Client.partition("events", "early"), Client.JSON, Client.dense(i, "" + i), "Prefer", "wait=20"));
        }
        await().until(() -> answers.stream().filter(CompletableFuture::isDone).count() >= 60 - 45);
        assertThat(answers.stream().filter(CompletableFuture::isDone).map(CompletableFuture::join))
                .allSatisfy(answer -> assertThat(answer.status()).isIn(409, 429));
        client.batch("events", "early", 0, "0").isWritten("committed");
        assertThat(client.get("/actuator/health/liveness").status()).isEqualTo(200);
    }

    @Test
    void letsTheNeighboursOfABadBatchPass() throws SQLException {
        client.batch("events", "poisoned", 0, "0").isWritten("committed");
        long token = client.open("events", "poisoned", "{\"owner\":\"a\"}").number("fencingToken");
        String path = Client.partition("events", "poisoned");
        String current = Long.toString(token);
        List<CompletableFuture<Answer>> good = new ArrayList<>();
        CompletableFuture<Answer> bad;
        CompletableFuture<Answer> conflicting;
        CompletableFuture<Answer> unknown;
        try (Connection holder = service.database().connect();
                Statement statement = holder.createStatement()) {
            holder.setAutoCommit(false);
            statement.execute("select from sluice.snapshot where partition_id = 'poisoned' for update");
            for (int i = 1; i <= 20; i++) {
                if (i != 16) {
                    good.add(client.postAsync(
                            path,
                            Client.JSON,
                            Client.dense(i, "" + i),
                            "Prefer",
                            "wait=5",
                            "Sluice-Fencing-Token",
                            current));
                }
            }
            bad = client.postAsync(
                    path, Client.JSON, Client.dense(16, "16"), "Prefer", "wait=5", "Sluice-Fencing-Token", current);
            conflicting = client.postAsync(path, Client.JSON, Client.dense(0, "7"), "Sluice-Fencing-Token", current);
            unknown = client.postAsync(path, Client.JSON, Client.dense(1, "1"), "Sluice-Fencing-Token", "99");
            await().until(() -> service.waitingForLocks().size() == 1);
            holder.rollback();
        }
        bad.join().isProblem(422, "record-rejected");
        assertThat(bad.join().body().path("rejected").get(0).path("code").stringValue())
                .isEqualTo("23514");
        conflicting.join().isProblem(422, "offset-conflict").has("offset", 0);
        unknown.join().isProblem(412, "unknown-fencing-token");
        long written = good.stream()
                .map(CompletableFuture::join)
                .filter(answer -> answer.status() == 200)
                .count();
        assertThat(written).as("what comes before the bad one").isEqualTo(15);
        assertThat(service.query("select count(*), max(source_offset) from events where partition_id = 'poisoned'"))
                .containsExactly("16 15");
    }
}
