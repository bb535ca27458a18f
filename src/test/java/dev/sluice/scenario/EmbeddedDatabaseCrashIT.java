package dev.sluice.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.postgres.PostgresForTests;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.util.FileSystemUtils;

/** The embedded PostgreSQL is killed, stopped and frozen for real, under a service with writers. */
class EmbeddedDatabaseCrashIT {

    private static final int WRITERS = 4;
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private Path directory;

    @BeforeEach
    void makeDirectory() {
        directory = PostgresForTests.openDirectory();
    }

    @AfterEach
    void removeDirectory() throws IOException {
        FileSystemUtils.deleteRecursively(directory);
    }

    @Test
    void startsAKilledServerAgainAndKeepsWhatWasAcknowledged() throws Exception {
        try (ServiceProcess service = start()) {
            int port = port();
            AtomicBoolean ended = new AtomicBoolean();
            ExecutorService threads = Executors.newFixedThreadPool(WRITERS);
            List<AtomicLong> acknowledged = new ArrayList<>();
            List<CompletableFuture<Void>> writers = new ArrayList<>();
            for (int i = 0; i < WRITERS; i++) {
                String partition = Integer.toString(i);
                AtomicLong reached = new AtomicLong();
                acknowledged.add(reached);
                writers.add(
                        CompletableFuture.runAsync(() -> write(service.client(), partition, reached, ended), threads));
            }
            awaitProgress(acknowledged);
            for (int kill = 0; kill < 2; kill++) {
                long killed = kill();
                await().atMost(PATIENCE).until(() -> postmaster() != killed && postmaster() > 0);
                awaitProgress(acknowledged);
            }
            // Stopped by an operator in order, which the service cannot tell from other ends.
            signal("INT", postmaster());
            await().atMost(PATIENCE)
                    .until(() -> log().lines()
                                    .filter(line -> line.contains("runs again on 127.0.0.1:" + port))
                                    .count()
                            == 3);
            awaitProgress(acknowledged);
            ended.set(true);
            writers.forEach(CompletableFuture::join);
            threads.shutdown();

            for (int i = 0; i < WRITERS; i++) {
                assertThat(stored(port, Integer.toString(i)))
                        .as("partition " + i)
                        .isEqualTo(acknowledged.get(i).get() + " "
                                + acknowledged.get(i).get() + " "
                                + (acknowledged.get(i).get() - 1));
            }
            assertThat(service.client().get("/actuator/health/liveness").status())
                    .isEqualTo(200);
            await().atMost(PATIENCE)
                    .until(() -> service.client().get("/actuator/health").status() == 200);
            assertThat(log()).contains("starting it again (start 1 of 5 within 600 s)", "(start 2 of 5 within 600 s)");
        }
        assertThat(Files.exists(cluster().resolve("postmaster.pid"))).isFalse();
        assertThat(log().lines().filter(line -> line.contains("is gone"))).hasSize(3);
    }

    @Test
    void saysThatItIsToBeReplacedWhereTheServerCannotComeBack() throws Exception {
        try (ServiceProcess service = start("sluice.postgres.restarts=2")) {
            service.client().batch("events", "0", 0, "1").isWritten("committed");
            long server = postmaster();
            // First, or it is started again before its data is away.
            Files.move(cluster(), cluster().resolveSibling("elsewhere"));
            signal("KILL", server);
            await().atMost(PATIENCE)
                    .until(() ->
                            service.client().get("/actuator/health/liveness").status() == 503);
            service.client().batch("events", "0", 1, "2").isProblem(503, "storage-unavailable");
            assertThat(log())
                    .contains(
                            "is not started again any more (start 2 of 2 within 600 s",
                            "the liveness of this process is DOWN")
                    .doesNotContain("(start 3");
            assertThat(service.client().get("/actuator/health/readiness").status())
                    .isEqualTo(200);
        }
    }

    @Test
    void startsAServerAgainThatIsKilledWhileItStarts() throws Exception {
        try (ServiceProcess service = start()) {
            service.client().batch("events", "0", 0, "1").isWritten("committed");
            long first = kill();
            await().pollInterval(Duration.ofMillis(5))
                    .atMost(PATIENCE)
                    .until(() -> postmaster() != first && postmaster() > 0);
            long second = kill();
            await().atMost(PATIENCE).until(() -> postmaster() != second && postmaster() > 0);
            await().atMost(PATIENCE)
                    .untilAsserted(
                            () -> service.client().batch("events", "0", 1, "2").isWritten("committed"));
            assertThat(service.client().get("/actuator/health/liveness").status())
                    .isEqualTo(200);
        }
    }

    @Test
    void killsAServerThatHangsAndStartsItAgain() throws Exception {
        try (ServiceProcess service = start()) {
            service.client().batch("events", "0", 0, "1").isWritten("committed");
            long hung = postmaster();
            List<ProcessHandle> all = new ArrayList<>(
                    ProcessHandle.of(hung).orElseThrow().descendants().toList());
            signal("STOP", hung);
            for (ProcessHandle child : all) {
                signal("STOP", child.pid());
            }
            await().atMost(PATIENCE).until(() -> postmaster() != hung && postmaster() > 0);
            await().atMost(PATIENCE)
                    .untilAsserted(
                            () -> service.client().batch("events", "0", 1, "2").isWritten("committed"));
            assertThat(log()).contains("has not answered a connection 6 times, for 5 s each: killing it");
        }
    }

    @Test
    void takesNoShutdownForACrashAndLetsACrashDuringItBe() throws Exception {
        ServiceProcess service = start();
        try {
            service.client().batch("events", "0", 0, "1").isWritten("committed");
            // A batch that waits for its predecessor keeps the shutdown waiting.
            CompletableFuture<Answer> waiting = service.client()
                    .postAsync(Client.partition("events", "0"), Client.JSON, Client.dense(5, "1"), "Prefer", "wait=10");
            await().until(() -> service.client()
                            .get("/actuator/metrics/sluice.admission.requests")
                            .body()
                            .at("/measurements/0/value")
                            .doubleValue()
                    >= 1);
            service.signal("TERM");
            await().atMost(PATIENCE).until(() -> log().contains("graceful shutdown"));
            kill();
            waiting.handle((answer, failure) -> answer).join();
        } finally {
            service.close();
        }
        assertThat(log()).doesNotContain("is gone");
        assertThat(ProcessHandle.allProcesses()
                        .filter(process -> process.info()
                                .commandLine()
                                .filter(line -> line.contains(cluster().toString()))
                                .isPresent()))
                .isEmpty();
    }

    private ServiceProcess start(String... settings) {
        List<String> all = new ArrayList<>(List.of(settings));
        all.add("sluice.postgres.directory=" + directory.resolve("data"));
        all.add("sluice.sinks.events.type=table");
        all.add("sluice.sinks.events.partitions=0,1,2,3");
        return ServiceProcess.embedded(directory, all.toArray(String[]::new));
    }

    private Path cluster() {
        return directory.resolve("data/cluster");
    }

    /** Returns the number of the server's process, 0 where there is none. */
    private long postmaster() {
        try {
            long pid = Long.parseLong(
                    Files.readAllLines(cluster().resolve("postmaster.pid")).get(0));
            return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isPresent() ? pid : 0;
        } catch (IOException | IndexOutOfBoundsException | NumberFormatException e) {
            return 0;
        }
    }

    private int port() throws IOException {
        return Integer.parseInt(
                Files.readAllLines(cluster().resolve("postmaster.pid")).get(3));
    }

    private long kill() {
        long pid = postmaster();
        ProcessHandle process = ProcessHandle.of(pid).orElseThrow();
        process.destroyForcibly();
        process.onExit().join();
        return pid;
    }

    private static void signal(String name, long pid) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + name, Long.toString(pid)).start().waitFor();
    }

    private String log() {
        try {
            return Files.readString(directory.resolve("service.log"));
        } catch (IOException e) {
            return "";
        }
    }

    private static void awaitProgress(List<AtomicLong> acknowledged) {
        List<Long> before = acknowledged.stream().map(AtomicLong::get).toList();
        await().atMost(PATIENCE).until(() -> {
            for (int i = 0; i < before.size(); i++) {
                if (acknowledged.get(i).get() < before.get(i) + 5) {
                    return false;
                }
            }
            return true;
        });
    }

    private static void write(Client client, String partition, AtomicLong acknowledged, AtomicBoolean ended) {
        while (!ended.get()) {
            long offset = acknowledged.get();
            Answer answer = client.batch("events", partition, offset, Long.toString(offset));
            if (answer.status() == 200) {
                acknowledged.set(offset + 1);
            } else {
                assertThat(answer.status()).as(answer.body().toString()).isEqualTo(503);
            }
        }
    }

    /** Returns the number of rows, of different offsets, and the highest offset. */
    private String stored(int port, String partition) throws SQLException, IOException {
        String password = Files.readString(directory.resolve("data/password")).strip();
        try (Connection connection = DriverManager.getConnection(
                        "jdbc:postgresql://127.0.0.1:" + port + "/sluice", "sluice", password);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select count(*) || ' ' || count(distinct source_offset) || ' '"
                        + " || max(source_offset) from public.events where partition_id = '" + partition + "'")) {
            row.next();
            return row.getString(1);
        }
    }
}
