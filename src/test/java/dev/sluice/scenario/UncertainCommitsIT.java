package dev.sluice.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.postgres.DedicatedPostgres;
import dev.sluice.postgres.PostgresForTests;
import dev.sluice.postgres.PostgresForTests.Database;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A commit that waits for the synchronous standby when the database is killed can be read after the restart, although
 * the standby does not have it. Whoever acts on it must not go further than a failover can take back.
 */
class UncertainCommitsIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    static Path home;

    @TempDir
    static Path directory;

    private static DedicatedPostgres postgres;
    private static InProcess service;
    private static Client client;

    @BeforeAll
    static void start() {
        postgres = PostgresForTests.dedicated(home);
        service = InProcess.on(
                new Database(postgres.url(), postgres.username(), postgres.password(), "dedicated"),
                List.of(),
                "sluice.sinks.segments.type=file",
                "sluice.sinks.segments.layout=segments",
                "sluice.sinks.segments.directory=" + directory.resolve("segments"),
                "sluice.sinks.segments.partitions=0",
                "sluice.sinks.single.type=file",
                "sluice.sinks.single.layout=single",
                "sluice.sinks.single.directory=" + directory.resolve("single"),
                "sluice.sinks.single.partitions=0");
        client = service.client();
    }

    @AfterEach
    void heal() {
        postgres.forgetStandby();
    }

    @AfterAll
    static void stop() {
        service.close();
        postgres.close();
    }

    @Test
    void noFileIsMade() {
        postgres.loseStandby();
        killWhileItWaits(write("segments", 0, "0,1")).isProblem(503, "outcome-unknown");
        assertThat(service.query("select state is not null from sluice.snapshot where sink = 'segments'"))
                .containsExactly("t");

        CompletableFuture<Answer> repeated = write("segments", 0, "0,1");
        awaitTheWait();
        assertThat(directory.resolve("segments")).isEmptyDirectory();
        killWhileItWaits(repeated).isProblem(503, "storage-unavailable");

        failOver("delete from sluice.snapshot where sink = 'segments'");
        await().atMost(PATIENCE)
                .untilAsserted(() -> client.batch("segments", "0", 0, "0,1").isWritten("committed"));
    }

    @Test
    void nothingIsCutFromAFile() throws IOException {
        client.batch("single", "0", 0, "0,1").isWritten("committed");
        String toThere =
                "{\"owner\":\"me\",\"resume\":" + client.snapshot("single", "0").body() + "}";
        client.batch("single", "0", 2, "2,3").isWritten("committed");
        service.execute("create table kept as select * from sluice.snapshot where sink = 'single'");

        postgres.loseStandby();
        killWhileItWaits(client.postAsync(Client.partition("single", "0") + "/open", Client.JSON, toThere))
                .isProblem(503, "outcome-unknown");
        assertThat(service.query("select next_offset from sluice.snapshot where sink = 'single'"))
                .containsExactly("2");

        CompletableFuture<Answer> writtenAnew = write("single", 2, "\"two\"", "Sluice-Fencing-Token", "1");
        awaitTheWait();
        assertThat(Files.readAllLines(directory.resolve("single/0.ndjson"))).containsExactly("0", "1", "2", "3");
        killWhileItWaits(writtenAnew).isProblem(503, "storage-unavailable");

        failOver("delete from sluice.snapshot where sink = 'single'; insert into sluice.snapshot select * from kept");
        await().atMost(PATIENCE)
                .untilAsserted(() -> client.batch("single", "0", 4, "4").isWritten("committed"));
        assertThat(Files.readAllLines(directory.resolve("single/0.ndjson"))).containsExactly("0", "1", "2", "3", "4");
    }

    private static CompletableFuture<Answer> write(String sink, long offset, String records, String... headers) {
        return client.postAsync(Client.partition(sink, "0"), Client.JSON, Client.dense(offset, records), headers);
    }

    private static void awaitTheWait() {
        await().atMost(PATIENCE).until(() -> postgres.waitForTheStandby("application_name = 'sluice'"));
    }

    /** Kills the database and starts it again: what waited is visible then. */
    private static Answer killWhileItWaits(CompletableFuture<Answer> request) {
        awaitTheWait();
        postgres.stopImmediately();
        postgres.restart();
        return request.join();
    }

    /** Leaves the database as the standby is that has nothing of what waited for it. */
    private static void failOver(String asTheStandbyIs) {
        postgres.forgetStandby();
        service.execute(asTheStandbyIs);
    }
}
