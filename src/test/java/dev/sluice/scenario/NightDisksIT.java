package dev.sluice.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.file.FaultyDisks;
import dev.sluice.postgres.PostgresForTests;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The night when the disk of a file sink is full: a real one where the machine lets a test mount it. */
class NightDisksIT {

    private static final String LARGE = "\"" + "x".repeat(20_000) + "\"";

    @TempDir
    static Path home;

    private static Optional<SmallDisk> disk = Optional.empty();
    private static InProcess service;
    private static Client client;

    @BeforeAll
    static void start() throws IOException {
        Path directory = Files.createDirectory(home.resolve("disk"));
        disk = SmallDisk.mount(directory, "size=1m");
        service = InProcess.on(
                PostgresForTests.freshDatabase(),
                disk.isPresent() ? List.of() : List.of(FaultyDisks.class),
                "sluice.health.failing-after=1s",
                "sluice.sinks.archive.type=file",
                "sluice.sinks.archive.partitions=0",
                "sluice.sinks.archive.directory=" + directory.resolve("archive"));
        client = service.client();
    }

    @AfterAll
    static void stop() {
        service.close();
        disk.ifPresent(SmallDisk::close);
    }

    private static void fill() {
        disk.ifPresentOrElse(SmallDisk::fill, FaultyDisks::fill);
    }

    private static void makeRoom() {
        disk.ifPresentOrElse(SmallDisk::makeRoom, FaultyDisks::makeRoom);
    }

    private static void awaitFailing(double value) {
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(
                        () -> assertThat(Scrape.of(client).one("sluice_sink_failing", "sink=archive", "activity=write"))
                                .isEqualTo(value));
    }

    private static double free() {
        return Scrape.of(client).one("sluice_disk_free_bytes", "what=sink", "sink=archive");
    }

    @Test
    void aFullDiskOfAFileSink() throws IOException {
        client.batch("archive", "0", 0, "0").isWritten("committed");
        assertThat(free()).isPositive();
        fill();
        client.batch("archive", "0", 1, LARGE).isProblem(503, "target-unavailable");
        awaitFailing(1);
        if (disk.isPresent()) {
            assertThat(free()).isLessThan(LARGE.length());
        }

        Runbook night = Runbook.of("A full disk of a file sink", client);
        assertThat(night.nextUntil(health -> health.at("/components/sinks/components/archive/status")
                                .asString("")
                                .equals("DOWN"))
                        .at("/components/sinks/components/archive/details/problem")
                        .stringValue())
                .contains("20003 bytes are needed", "archive");
        assertThat(night.next().at("/status/writes/message").stringValue()).contains("is full", "make room");
        night.next();
        client.batch("archive", "0", 1, LARGE).isProblem(503, "paused");
        makeRoom();
        night.next();
        client.batch("archive", "0", 1, LARGE).isWritten("committed");
        assertThat(night.nextIsEven().path("written").longValue()).isEqualTo(2);
        night.isDone();

        awaitFailing(0);
        client.batch("archive", "0", 2, "2").isWritten("committed");
        assertThat(Files.readAllLines(home.resolve("disk/archive/0.ndjson"))).containsExactly("0", LARGE, "2");
        await().atMost(Duration.ofSeconds(20))
                .until(() -> client.get("/actuator/health/alert").status() == 200);
    }
}
