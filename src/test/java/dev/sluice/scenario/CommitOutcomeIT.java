package dev.sluice.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.postgres.DedicatedPostgres;
import dev.sluice.postgres.PostgresForTests;
import dev.sluice.postgres.PostgresForTests.Database;
import dev.sluice.scenario.CommitProxy.Cut;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a writer is told when the database, the network or the standby fails around the COMMIT. */
class CommitOutcomeIT {

    private static final String PARTITIONS = "sluice.sinks.events.partitions=0,1,2,3,4,5,6,7";
    private static final String HELD_BY_SILENCE =
            "select pid from pg_stat_activity" + " where state = 'idle in transaction' and application_name = 'sluice'";

    @TempDir
    static Path directory;

    private static DedicatedPostgres postgres;
    private static CommitProxy proxy;
    private static Database database;
    private static InProcess service;
    private static Client client;
    private static int used;

    @BeforeAll
    static void start() throws IOException {
        postgres = PostgresForTests.dedicated(directory);
        int port = URI.create(postgres.url().substring("jdbc:".length())).getPort();
        proxy = new CommitProxy(port);
        database = new Database(postgres.url(), postgres.username(), postgres.password(), "dedicated");
        String proxied = postgres.url().replace(":" + port, ":" + proxy.port());
        service = InProcess.on(
                new Database(
                        proxied + (proxied.contains("?") ? "&" : "?") + "prepareThreshold=0",
                        postgres.username(),
                        postgres.password(),
                        "proxy"),
                List.of(),
                "sluice.sinks.events.type=table",
                PARTITIONS);
        client = service.client();
    }

    @AfterAll
    static void stop() throws IOException {
        service.close();
        proxy.close();
        postgres.close();
    }

    @AfterEach
    void heal() {
        postgres.forgetStandby();
    }

    private static String partition() {
        return Integer.toString(used++);
    }

    private static List<String> stored(String partition) {
        return InProcess.query(
                database, "select data from events where partition_id = '" + partition + "' order by source_offset");
    }

    @Test
    void saysThatTheOutcomeIsUnknownWhenTheAnswerToTheCommitIsLost() {
        String part = partition();
        client.batch("events", part, 0, "1").isWritten("committed");
        proxy.cutNext(Cut.AFTER_COMMIT);
        client.batch("events", part, 1, "2,3").isProblem(503, "outcome-unknown");
        client.batch("events", part, 1, "2,3").isWritten("duplicate").has("verified", true);
        client.batch("events", part, 3, "4").isWritten("committed");
        assertThat(stored(part)).containsExactly("1", "2", "3", "4");
    }

    @Test
    void saysThatTheOutcomeIsUnknownWhenTheCommitMayNotHaveArrived() {
        String part = partition();
        client.batch("events", part, 0, "1").isWritten("committed");
        proxy.cutNext(Cut.BEFORE_COMMIT);
        client.batch("events", part, 1, "2,3").isProblem(503, "outcome-unknown");
        client.batch("events", part, 1, "2,3").isWritten("committed");
        assertThat(stored(part)).containsExactly("1", "2", "3");
    }

    @Test
    void goesOnElsewhereWhenAReplicaFallsSilentInTheMidstOfATransaction() {
        String part = partition();
        client.batch("events", part, 0, "1").isWritten("committed");
        try (InProcess other = InProcess.on(database, List.of(), "sluice.sinks.events.type=table", PARTITIONS)) {
            proxy.cutNext(Cut.SILENCE);
            CompletableFuture<Answer> silent =
                    client.postAsync(Client.partition("events", part), Client.JSON, Client.dense(1, "2"));
            await().until(() -> !InProcess.query(database, HELD_BY_SILENCE).isEmpty());
            other.client().batch("events", part, 1, "2").isProblem(429, "busy");
            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(
                            () -> other.client().batch("events", part, 1, "2").isWritten("committed"));
            proxy.endSilence();
            // The server has ended the session before it saw the COMMIT, and said so.
            silent.join().isProblem(503, "storage-unavailable");
        }
        client.batch("events", part, 1, "2").isWritten("duplicate");
        assertThat(stored(part)).containsExactly("1", "2");
    }

    @Test
    void takesAWarningAtTheCommitForAnUnknownOutcome() {
        String part = partition();
        postgres.loseStandby();
        CompletableFuture<Answer> answer =
                client.postAsync(Client.partition("events", part), Client.JSON, Client.dense(0, "1,2"));
        cancelTheWaitForTheStandby();
        answer.join().isProblem(503, "outcome-unknown");
        heal();
        client.batch("events", part, 0, "1,2").isWritten("duplicate");
        assertThat(stored(part)).containsExactly("1", "2");
    }

    @Test
    void answersADuplicateOnlyOnceItIsAsDurableAsTheFirst() {
        String part = partition();
        client.batch("events", part, 0, "1").isWritten("committed");
        postgres.loseStandby();
        CompletableFuture<Answer> answer =
                client.postAsync(Client.partition("events", part), Client.JSON, Client.dense(0, "1"));
        cancelTheWaitForTheStandby();
        answer.join().isProblem(503, "outcome-unknown");
    }

    private static void cancelTheWaitForTheStandby() {
        await().atMost(Duration.ofSeconds(30))
                .until(() -> postgres.cancelTheWaitForTheStandby("application_name = 'sluice'") > 0);
    }

    @Test
    void saysThatTheDatabaseIsUnavailableAndGoesOnWhenItIsBack() {
        String part = partition();
        client.batch("events", part, 0, "1").isWritten("committed");
        postgres.stopImmediately();
        try {
            client.batch("events", part, 1, "2").isProblem(503, "storage-unavailable");
            client.snapshot("events", part).isProblem(503, "storage-unavailable");
            assertThat(client.get("/actuator/health/liveness").status()).isEqualTo(200);
            assertThat(client.get("/actuator/health/readiness").status()).isEqualTo(200);
            await().atMost(Duration.ofSeconds(10))
                    .until(() -> client.get("/actuator/health").status() == 503);
        } finally {
            postgres.restart();
        }
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> client.batch("events", part, 0, "1,2").isWritten("trimmed"));
        assertThat(stored(part)).containsExactly("1", "2");
    }

    @Test
    void decidesFromCommittedRowsWhateverIsolationTheDatabaseDefaultsTo() {
        String part = partition();
        postgres.execute("alter database sluice set default_transaction_isolation = 'repeatable read'");
        try (InProcess other = InProcess.on(database, List.of(), "sluice.sinks.events.type=table", PARTITIONS)) {
            for (int i = 0; i < 50; i++) {
                String record = Integer.toString(i);
                CompletableFuture<Answer> here =
                        client.postAsync(Client.partition("events", part), Client.JSON, Client.dense(i, record));
                Answer there = other.client().batch("events", part, i, record);
                assertThat(List.of(here.join().text("status"), there.text("status")))
                        .containsExactlyInAnyOrder("committed", "duplicate");
            }
        } finally {
            postgres.execute("alter database sluice reset default_transaction_isolation");
        }
    }
}
