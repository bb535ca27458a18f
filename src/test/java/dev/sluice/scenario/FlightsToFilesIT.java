package dev.sluice.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.postgres.PostgresForTests;
import dev.sluice.postgres.PostgresForTests.Database;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/** 20,000 flights by origin into twelve files through a buffer, and into a table beside them, in spite of kills. */
class FlightsToFilesIT {

    private static final Logger log = LoggerFactory.getLogger(FlightsToFilesIT.class);
    /** In no order that anybody would sort them into. */
    private static final List<String> PARTITIONS = List.of("n", "c", "m", "a", "z", "b", "y", "k", "d", "x", "e", "w");

    private static final Pattern ORIGIN = Pattern.compile("\"origin\":\"([^\"]*)\"");
    private static final List<Integer> TRY_AGAIN = List.of(429, 502, 503);
    private static final int BATCH = 1000;
    private static final int KILLS_WHILE_WRITING = 3;
    private static final int ACKNOWLEDGED_BETWEEN_KILLS = 4;

    private final Semaphore acknowledged = new Semaphore(0);
    private final long seed = Long.getLong("sluice.test.seed", System.nanoTime());

    /** A line of the example with what this test, and not the service, makes of it. */
    private record Flight(int offset, String origin, String line) {

        static Flight of(int offset, String line) {
            Matcher origin = ORIGIN.matcher(line);
            assertThat(origin.find()).isTrue();
            return new Flight(offset, origin.group(1), line);
        }

        String partition() {
            CRC32C crc = new CRC32C();
            crc.update(origin.getBytes(StandardCharsets.UTF_8));
            return PARTITIONS.get((int) (crc.getValue() % PARTITIONS.size()));
        }

        String keyed() {
            return "{\"key\":\"" + origin + "\",\"value\":" + line + "}";
        }
    }

    @Test
    void bringsEveryFlightOnceIntoTheTableAndIntoTheFileOfItsOrigin(@TempDir Path directory) throws IOException {
        log.info("seed {}", seed);
        List<Flight> flights = flights();
        Database database = PostgresForTests.freshDatabase();
        String partitions = String.join(",", PARTITIONS);
        try (ServiceProcess service = ServiceProcess.on(
                database,
                directory.resolve("service"),
                List.of("-Xmx256m"),
                "sluice.sinks.both.type=fanout",
                "sluice.sinks.both.targets=buffered,flights",
                "sluice.sinks.buffered.type=batching",
                "sluice.sinks.buffered.target=archive",
                "sluice.sinks.buffered.batch-size=70",
                "sluice.sinks.buffered.flush-interval=1s",
                "sluice.sinks.archive.type=file",
                "sluice.sinks.archive.directory=" + directory.resolve("archive"),
                "sluice.sinks.archive.partitions=" + partitions,
                "sluice.sinks.flights.type=table",
                "sluice.sinks.flights.data-type=json",
                "sluice.sinks.flights.partitions=" + partitions)) {
            CompletableFuture<Void> writer = CompletableFuture.runAsync(() -> write(service.client(), flights));
            for (int kill = 0; kill < KILLS_WHILE_WRITING; kill++) {
                acknowledged.acquireUninterruptibly(ACKNOWLEDGED_BETWEEN_KILLS);
                killAndStart(service);
            }
            writer.join();
            killAndStart(service); // with records that are accepted and not delivered

            for (String partition : PARTITIONS) {
                List<Flight> expected = flights.stream()
                        .filter(flight -> flight.partition().equals(partition))
                        .toList();
                assertThat(expected).isNotEmpty();
                drain(service.client(), partition, flights.size());
                assertTable(database, partition, expected);
                assertFile(directory.resolve("archive").resolve(partition + ".ndjson"), expected);
                for (String sink : List.of("both", "buffered", "archive", "flights")) {
                    assertReceiptsCover(service.client(), sink, partition, flights.size(), expected.size());
                }
            }
            assertThat(InProcess.query(database, "select count(*) from flights"))
                    .containsExactly("" + flights.size());
            assertThat(InProcess.query(database, "select count(*) from sluice.buffer"))
                    .containsExactly("0");
        }
    }

    private static void killAndStart(ServiceProcess service) {
        service.kill();
        service.start();
    }

    private void write(Client client, List<Flight> flights) {
        Random random = new Random(seed);
        int next = 0;
        boolean replay = false;
        while (next < flights.size()) {
            // After a failure: go back a little, cut otherwise.
            int from = replay ? Math.max(0, next - random.nextInt(BATCH)) : next;
            int to = Math.min(flights.size(), from + (replay ? BATCH + random.nextInt(BATCH) : BATCH));
            Answer answer = untilTaken(client, from, flights.subList(from, to));
            replay = answer == null;
            if (answer != null) {
                next = (int) answer.number("nextOffset");
                assertThat(next).isGreaterThanOrEqualTo(to);
                acknowledged.release();
            }
        }
        acknowledged.release(KILLS_WHILE_WRITING * ACKNOWLEDGED_BETWEEN_KILLS); // no killer waits for ever
    }

    /** Repeats a batch until it is taken; null once the connection is lost. */
    private static Answer untilTaken(Client client, int offset, List<Flight> batch) {
        String body = String.join("\n", batch.stream().map(Flight::keyed).toList());
        try {
            return await().atMost(Duration.ofMinutes(1))
                    .pollInterval(Duration.ofMillis(100))
                    .until(() -> client.post("/sinks/both/records?offset=" + offset, Client.NDJSON, body), answer -> {
                        assertThat(answer.status() == 200 || TRY_AGAIN.contains(answer.status()))
                                .as(answer.body().toString())
                                .isTrue();
                        return answer.status() == 200;
                    });
        } catch (UncheckedIOException e) {
            await().atMost(Duration.ofMinutes(2))
                    .ignoreException(UncheckedIOException.class)
                    .until(() -> client.get("/actuator/health/readiness").status() == 200);
            return null;
        }
    }

    private static void drain(Client client, String partition, long end) {
        await().atMost(Duration.ofMinutes(1))
                .until(() -> client.snapshot("buffered", partition)
                        .text("deliveredOffset")
                        .equals(Long.toString(end)));
    }

    private static void assertTable(Database database, String partition, List<Flight> expected) {
        assertThat(InProcess.query(
                        database,
                        "select source_offset, data from flights where partition_id = '" + partition
                                + "' order by source_offset"))
                .isEqualTo(expected.stream()
                        .map(flight -> flight.offset() + " " + flight.line())
                        .toList());
    }

    private static void assertFile(Path file, List<Flight> expected) throws IOException {
        StringBuilder lines = new StringBuilder();
        expected.forEach(flight -> lines.append(flight.line()).append('\n'));
        assertThat(Files.readString(file)).isEqualTo(lines.toString());
    }

    private static void assertReceiptsCover(Client client, String sink, String partition, int end, int records) {
        long reached = 0;
        long counted = 0;
        while (reached < end) {
            JsonNode page = client.get(Client.partition(sink, partition) + "/receipts?from=" + reached)
                    .body()
                    .path("receipts");
            assertThat(page.size())
                    .as("receipts of " + sink + " from " + reached)
                    .isPositive();
            for (JsonNode receipt : page) {
                assertThat(receipt.path("first").longValue()).isEqualTo(reached);
                reached = receipt.path("end").longValue();
                counted += receipt.path("records").longValue();
            }
        }
        assertThat(reached).isEqualTo(end);
        assertThat(counted).isEqualTo(records);
    }

    private static List<Flight> flights() throws IOException {
        List<String> lines = Files.readAllLines(Path.of("src/examples/flights-20k.ndjson"));
        List<Flight> flights = new ArrayList<>();
        lines.forEach(line -> flights.add(Flight.of(flights.size(), line)));
        assertThat(flights).hasSize(20_000);
        return flights;
    }
}
