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
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
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
        noFileIsMade("segments", directory.resolve("segments"));
    }

    @Test
    void noFileIsMadeForASinkThatBeginsAnew() {
        define("anew", "before");
        client.batch("anew", "0", 0, "0").isWritten("committed");
        assertThat(client.method("DELETE", "/sinks/anew").status()).isEqualTo(204);
        define("anew", "after");
        noFileIsMade("anew", directory.resolve("after"));
    }

    private static void noFileIsMade(String sink, Path where) {
        String token = Long.toString(client.snapshot(sink, "0").number("fencingToken"));
        Supplier<CompletableFuture<Answer>> first = () -> write(sink, 0, "0,1", "Sluice-Fencing-Token", token);

        leaveStandbyBehind(sink);
        kill(untilItWaits(first)).isProblem(503, "outcome-unknown");
        assertThat(service.query("select state is not null from sluice.snapshot where sink = '" + sink + "'"))
                .containsExactly("t");

        CompletableFuture<Answer> repeated = untilItWaits(first);
        assertThat(where).isEmptyDirectory();
        kill(repeated).isProblem(503, "storage-unavailable");

        failOver(sink);
        await().atMost(PATIENCE).untilAsserted(() -> first.get().join().isWritten("committed"));
    }

    @Test
    void nothingIsCutFromAFile() throws IOException {
        client.batch("single", "0", 0, "0,1").isWritten("committed");
        String toThere =
                "{\"owner\":\"me\",\"resume\":" + client.snapshot("single", "0").body() + "}";
        client.batch("single", "0", 2, "2,3").isWritten("committed");

        leaveStandbyBehind("single");
        kill(untilItWaits(() -> client.postAsync(Client.partition("single", "0") + "/open", Client.JSON, toThere)))
                .isProblem(503, "outcome-unknown");
        assertThat(service.query("select next_offset from sluice.snapshot where sink = 'single'"))
                .containsExactly("2");

        CompletableFuture<Answer> writtenAnew =
                untilItWaits(() -> write("single", 2, "\"two\"", "Sluice-Fencing-Token", "1"));
        assertThat(Files.readAllLines(directory.resolve("single/0.ndjson"))).containsExactly("0", "1", "2", "3");
        kill(writtenAnew).isProblem(503, "storage-unavailable");

        failOver("single");
        await().atMost(PATIENCE)
                .untilAsserted(() -> client.batch("single", "0", 4, "4").isWritten("committed"));
        assertThat(Files.readAllLines(directory.resolve("single/0.ndjson"))).containsExactly("0", "1", "2", "3", "4");
    }

    private static void define(String sink, String where) {
        client.put(
                "/sinks/" + sink,
                "{\"type\":\"file\",\"layout\":\"segments\",\"partitions\":[\"0\"],\"directory\":\"%s\"}"
                        .formatted(directory.resolve(where)));
    }

    private static CompletableFuture<Answer> write(String sink, long offset, String records, String... headers) {
        return client.postAsync(Client.partition(sink, "0"), Client.JSON, Client.dense(offset, records), headers);
    }

    /**
     * Sends a request whose commit waits for the standby by now. It may take several: a connection of the pool that died
     * with the database fails the request that is the first to use it.
     */
    private static CompletableFuture<Answer> untilItWaits(Supplier<CompletableFuture<Answer>> request) {
        AtomicReference<CompletableFuture<Answer>> last = new AtomicReference<>(request.get());
        await().atMost(PATIENCE).until(() -> {
            if (last.get().isDone()) {
                last.get().join().isProblem(503, "storage-unavailable");
                last.set(request.get());
            }
            return postgres.waitForTheStandby("application_name = 'sluice'");
        });
        return last.get();
    }

    /** Kills the database in the midst of a request and starts it again: what waited is visible then. */
    private static Answer kill(CompletableFuture<Answer> waiting) {
        postgres.stopImmediately();
        postgres.restart();
        return waiting.join();
    }

    /** From now on the standby gets nothing any more, and commits wait for it. */
    private static void leaveStandbyBehind(String sink) {
        service.execute(
                "create table standby_" + sink + " as select * from sluice.snapshot where sink = '" + sink + "'");
        postgres.loseStandby();
    }

    /** Leaves the database as the standby is, which has nothing of what waited for it. */
    private static void failOver(String sink) {
        postgres.forgetStandby();
        service.execute("delete from sluice.snapshot where sink = '" + sink
                + "'; insert into sluice.snapshot select * from standby_" + sink);
    }
}
