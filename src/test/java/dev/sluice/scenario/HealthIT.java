package dev.sluice.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.sluice.postgres.DedicatedPostgres;
import dev.sluice.postgres.PostgresForTests;
import dev.sluice.postgres.PostgresForTests.Database;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.FileSystemUtils;

/** Readiness tells of faults of one process, and of nothing that would take all of them away at once. */
class HealthIT {

    private static final String WAITS_FOR_THE_SCHEMA =
            "select pid from pg_stat_activity where wait_event_type = 'Lock' and query ilike 'create schema%'";

    @TempDir
    static Path directory;

    private static Path files;
    private static Path spool;
    private static Path home;
    private static DedicatedPostgres postgres;
    private static InProcess service;
    private static Client client;

    @BeforeAll
    static void start() throws IOException {
        files = directory.resolve("files");
        spool = Files.createDirectory(directory.resolve("spool"));
        home = PostgresForTests.openDirectory();
        postgres = PostgresForTests.dedicated(home);
        service = InProcess.on(
                new Database(postgres.url(), postgres.username(), postgres.password(), postgres.toString()),
                List.of(),
                "sluice.sinks.events.type=table",
                "sluice.sinks.events.partitions=0,1",
                "sluice.sinks.archive.type=file",
                "sluice.sinks.archive.partitions=0",
                "sluice.sinks.archive.directory=" + files,
                "sluice.sinks.lines.type=file",
                "sluice.sinks.lines.workers=1",
                "sluice.sinks.lines.directory=" + files,
                "sluice.spool.directory=" + spool);
        client = service.client();
    }

    @AfterAll
    static void stop() throws IOException {
        service.close();
        postgres.close();
        FileSystemUtils.deleteRecursively(home);
    }

    @AfterEach
    void isReadyAgain() {
        assertThat(readiness().status()).as(readiness().body().toString()).isEqualTo(200);
    }

    @Test
    void staysReadyAndAliveWhileTheDatabaseIsAway() {
        client.batch("events", "0", 0, "1").isWritten("committed");
        postgres.stopImmediately();
        try {
            client.batch("events", "0", 1, "2").isProblem(503, "storage-unavailable");
            assertThat(readiness().status()).isEqualTo(200);
            assertThat(liveness()).isEqualTo(200);
            await().atMost(Duration.ofSeconds(10))
                    .untilAsserted(() ->
                            assertThat(client.get("/actuator/health").status()).isEqualTo(503));
            assertThat(readiness().status()).isEqualTo(200);
        } finally {
            postgres.restart();
        }
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> client.batch("events", "0", 1, "2").isWritten("committed"));
    }

    @Test
    void isNotReadyWithoutTheDirectoryOfAFileSink() throws IOException {
        client.batch("archive", "0", 0, "1").isWritten("committed");
        Path elsewhere = Files.move(files, directory.resolve("elsewhere"));
        try {
            Answer answer = readiness();
            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.body().at("/components/localTargets/status").stringValue())
                    .isEqualTo("DOWN");
            assertThat(answer.body()
                            .at("/components/localTargets/details/archive")
                            .stringValue())
                    .contains(files + " is not a directory (any more)");
            assertThat(answer.body()
                            .at("/components/localTargets/details/lines")
                            .stringValue())
                    .contains("is not a directory");
            assertThat(answer.body()
                            .at("/components/localTargets/details/events")
                            .isMissingNode())
                    .isTrue();
            assertThat(liveness()).isEqualTo(200);
            client.batch("events", "1", 0, "1").isWritten("committed");
        } finally {
            Files.move(elsewhere, files);
        }
    }

    @Test
    void isNotReadyWithADirectoryThatCannotBeWrittenTo() throws IOException {
        for (Path path : List.of(files, spool)) {
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("r-xr-xr-x"));
            try {
                // Root may write whatever the mode says, and is ready.
                assertThat(readiness().status()).isEqualTo(Files.isWritable(path) ? 200 : 503);
            } finally {
                Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
            }
        }
    }

    @Test
    void isNotReadyWithoutTheDirectoryOfTheSpool() throws IOException {
        FileSystemUtils.deleteRecursively(spool);
        try {
            Answer answer = readiness();
            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.body().at("/components/spool/details/problem").stringValue())
                    .contains("sluice.spool.directory (" + spool + ") is not a directory that can be written to");
            assertThat(liveness()).isEqualTo(200);
        } finally {
            Files.createDirectory(spool);
        }
    }

    @Test
    void isNotReadyBeforeTheMigrationIsDone() throws SQLException, IOException {
        Database database = PostgresForTests.freshDatabase();
        Client other = new Client(freePort());
        try (Connection holder = database.connect();
                Statement statement = holder.createStatement()) {
            holder.setAutoCommit(false);
            statement.execute("create schema sluice");
            CompletableFuture<InProcess> starting = CompletableFuture.supplyAsync(
                    () -> InProcess.on(database, List.of(), "server.port=" + other.port()));
            await().atMost(Duration.ofMinutes(1))
                    .until(() ->
                            !InProcess.query(database, WAITS_FOR_THE_SCHEMA).isEmpty());
            assertThatExceptionOfType(UncheckedIOException.class)
                    .isThrownBy(() -> other.get("/actuator/health/readiness"))
                    .withCauseInstanceOf(ConnectException.class);
            holder.rollback();
            try (InProcess started = starting.join()) {
                assertThat(started.client().get("/actuator/health/readiness").status())
                        .isEqualTo(200);
            }
        }
    }

    private static Answer readiness() {
        return client.get("/actuator/health/readiness");
    }

    private static int liveness() {
        return client.get("/actuator/health/liveness").status();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
