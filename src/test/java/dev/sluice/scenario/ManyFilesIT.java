package dev.sluice.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.postgres.PostgresForTests;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Many more partitions in files than the process may have files open, killed in the middle. */
class ManyFilesIT {

    private static final int OPEN = 400;
    private static final int PARTITIONS = 500;
    private static final int WRITERS = 6;
    private static final int ROUNDS = 3;

    private final Semaphore acknowledged = new Semaphore(0);

    @Test
    void writesEveryRecordOnceToItsFile(@TempDir Path directory) throws IOException {
        Path single = directory.resolve("single");
        Path segments = directory.resolve("segments");
        String partitions = String.join(
                ",", IntStream.range(0, PARTITIONS).mapToObj(Integer::toString).toList());
        try (ServiceProcess service = ServiceProcess.limited(
                OPEN,
                PostgresForTests.freshDatabase(),
                directory.resolve("service"),
                "sluice.sinks.single.type=file",
                "sluice.sinks.single.directory=" + single,
                "sluice.sinks.single.partitions=" + partitions,
                "sluice.sinks.segments.type=file",
                "sluice.sinks.segments.layout=segments",
                "sluice.sinks.segments.directory=" + segments,
                "sluice.sinks.segments.partitions=" + partitions)) {
            Client client = service.client(); // connections take descriptors, too
            CompletableFuture<?>[] writers = IntStream.range(0, WRITERS)
                    .mapToObj(writer -> CompletableFuture.runAsync(() -> write(client, writer)))
                    .toArray(CompletableFuture[]::new);
            acknowledged.acquireUninterruptibly(PARTITIONS); // all are open, or would be
            service.kill();
            service.start();
            CompletableFuture.allOf(writers).join();
            assertThat(open(service)).isLessThan(OPEN);
            assertThat(client.get("/actuator/health").status()).isEqualTo(200);
            for (int partition = 0; partition < PARTITIONS; partition++) {
                String expected = expected(partition);
                assertThat(Files.readString(single.resolve(partition + ".ndjson")))
                        .isEqualTo(expected);
                assertThat(committed(client, segments, partition)).isEqualTo(expected);
            }
        }
    }

    private static long open(ServiceProcess service) throws IOException {
        try (Stream<Path> descriptors = Files.list(Path.of("/proc", Long.toString(service.pid()), "fd"))) {
            return descriptors.count();
        }
    }

    private void write(Client client, int writer) {
        for (int round = 0; round < ROUNDS; round++) {
            for (int partition = writer; partition < PARTITIONS; partition += WRITERS) {
                for (String sink : List.of("single", "segments")) {
                    untilTaken(client, sink, partition, round);
                    acknowledged.release();
                }
            }
        }
    }

    private static void untilTaken(Client client, String sink, int partition, int round) {
        await().atMost(Duration.ofMinutes(3))
                .pollInterval(Duration.ofMillis(100))
                .ignoreException(UncheckedIOException.class)
                .until(() -> {
                    Answer answer = client.batch(sink, Integer.toString(partition), round, record(partition, round));
                    assertThat(answer.status()).as(answer.body().toString()).isIn(200, 429, 503);
                    return answer.status() == 200;
                });
    }

    private static String record(int partition, int round) {
        return "{\"partition\":" + partition + ",\"round\":" + round + "}";
    }

    private static String expected(int partition) {
        StringBuilder lines = new StringBuilder();
        IntStream.range(0, ROUNDS)
                .forEach(round -> lines.append(record(partition, round)).append('\n'));
        return lines.toString();
    }

    /* A segment that is in no manifest does not count: the kill may have left some. */
    private static String committed(Client client, Path directory, int partition) throws IOException {
        StringBuilder all = new StringBuilder();
        for (JsonNode segment :
                client.snapshot("segments", Integer.toString(partition)).body().at("/state/segments")) {
            byte[] bytes =
                    Files.readAllBytes(directory.resolve(segment.path("name").stringValue()));
            all.append(new String(bytes, 0, segment.path("bytes").intValue(), StandardCharsets.UTF_8));
        }
        return all.toString();
    }
}
