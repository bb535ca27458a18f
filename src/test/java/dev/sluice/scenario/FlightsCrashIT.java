package dev.sluice.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.postgres.PostgresForTests;
import dev.sluice.postgres.PostgresForTests.Database;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/** The main job on real data: 20,000 flights, four writers, and a service that is killed again and again. */
class FlightsCrashIT {

    private static final Logger log = LoggerFactory.getLogger(FlightsCrashIT.class);
    private static final int PARTITIONS = 4;
    private static final int KILLS = 5;
    private static final int ACKNOWLEDGED_BETWEEN_KILLS = 6;
    private static final int BATCH = 500;

    private final Semaphore acknowledged = new Semaphore(0);
    private final long seed = Long.getLong("sluice.test.seed", System.nanoTime());

    @Test
    void deliversEveryFlightOnceAndInOrderInSpiteOfKills(@TempDir Path directory) throws IOException {
        log.info("seed {}", seed);
        List<List<String>> flights = flights();
        Database database = PostgresForTests.freshDatabase();
        try (ServiceProcess service = ServiceProcess.on(
                database,
                directory,
                List.of("-Xmx256m"),
                "sluice.sinks.flights.type=table",
                "sluice.sinks.flights.partitions=0,1,2,3",
                "sluice.sinks.flights.data-type=json")) {
            long[] tokens = writeWhileBeingKilled(service, flights);

            for (int part = 0; part < PARTITIONS; part++) {
                assertStored(database, part, flights.get(part));
                assertReceiptsCover(service.client(), part, flights.get(part).size());
                assertReplaysAreRecognised(service.client(), part, flights.get(part), tokens[part]);
            }
        }
    }

    private long[] writeWhileBeingKilled(ServiceProcess service, List<List<String>> flights) {
        ExecutorService writers = Executors.newFixedThreadPool(PARTITIONS);
        List<CompletableFuture<Long>> tokens = new ArrayList<>();
        for (int part = 0; part < PARTITIONS; part++) {
            int partition = part;
            tokens.add(CompletableFuture.supplyAsync(() -> write(service, partition, flights.get(partition)), writers));
        }
        for (int kill = 0; kill < KILLS; kill++) {
            acknowledged.acquireUninterruptibly(ACKNOWLEDGED_BETWEEN_KILLS);
            service.kill();
            service.start();
        }
        long[] found = tokens.stream().mapToLong(CompletableFuture::join).toArray();
        writers.shutdown();
        return found;
    }

    /** Writes until everything is acknowledged; returns the fencing token. */
    private long write(ServiceProcess service, int part, List<String> records) {
        Random random = new Random(seed + part);
        Client client = service.client();
        String partition = Integer.toString(part);
        long token = untilAnswered(() -> client.open("flights", partition, "{\"owner\":\"writer-" + part + "\"}"))
                .number("fencingToken");
        int next = 0;
        boolean replay = false;
        while (next < records.size()) {
            // After a failure: ask where it stands, go back a little, cut otherwise.
            int from = replay ? Math.max(0, next - random.nextInt(200)) : next;
            int to = Math.min(records.size(), from + (replay ? 100 + random.nextInt(2 * BATCH) : BATCH));
            String body = String.join("\n", records.subList(from, to));
            try {
                Answer answer = client.post(
                        Client.partition("flights", partition) + "?offset=" + from,
                        Client.NDJSON,
                        body,
                        "Sluice-Fencing-Token",
                        Long.toString(token));
                assertThat(answer.status()).as(answer.body().toString()).isIn(200, 503);
                replay = answer.status() != 200;
                if (!replay) {
                    next = (int) answer.number("nextOffset");
                    acknowledged.release();
                    continue;
                }
            } catch (UncheckedIOException e) {
                replay = true;
            }
            int before = next;
            next = (int)
                    untilAnswered(() -> client.snapshot("flights", partition)).number("nextOffset");
            assertThat(next).as("what was acknowledged stays").isGreaterThanOrEqualTo(before);
        }
        return token;
    }

    private static Answer untilAnswered(Supplier<Answer> request) {
        return await().atMost(Duration.ofMinutes(2))
                .ignoreException(UncheckedIOException.class)
                .until(request::get, answer -> answer.status() == 200);
    }

    private static void assertStored(Database database, int part, List<String> expected) {
        List<String> stored = InProcess.query(
                database,
                "select source_offset || ' ' || data from flights where partition_id = '" + part
                        + "' order by source_offset");
        assertThat(stored).hasSameSizeAs(expected);
        for (int i = 0; i < expected.size(); i++) {
            assertThat(stored.get(i)).isEqualTo(i + " " + expected.get(i));
        }
    }

    private static void assertReceiptsCover(Client client, int part, int size) {
        Answer answer = client.get(Client.partition("flights", "" + part) + "/receipts");
        long reached = 0;
        for (JsonNode receipt : answer.body().path("receipts")) {
            assertThat(receipt.path("first").longValue()).isEqualTo(reached);
            reached = receipt.path("end").longValue();
            assertThat(receipt.path("records").longValue())
                    .isEqualTo(reached - receipt.path("first").longValue());
        }
        assertThat(reached).isEqualTo(size);
    }

    private static void assertReplaysAreRecognised(Client client, int part, List<String> flights, long token) {
        String path = Client.partition("flights", "" + part);
        String current = Long.toString(token);
        String all = String.join("\n", flights);
        client.post(path + "?offset=0", Client.NDJSON, all, "Sluice-Fencing-Token", current)
                .isWritten("duplicate")
                .has("duplicates", flights.size())
                .has("verified", true);
        List<String> changed = new ArrayList<>(flights);
        changed.set(1234, changed.get(1234).replaceFirst("\"delay\":-?\\d+", "\"delay\":99999"));
        client.post(path + "?offset=0", Client.NDJSON, String.join("\n", changed), "Sluice-Fencing-Token", current)
                .isProblem(422, "offset-conflict")
                .has("offset", 1234);
        client.post(path + "?offset=" + (flights.size() + 7), Client.NDJSON, "1", "Sluice-Fencing-Token", current)
                .isProblem(409, "offset-gap")
                .has("expectedOffset", flights.size());
        client.open("flights", "" + part, "{\"owner\":\"successor\"}").has("fencingToken", token + 1);
        client.post(path + "?offset=0", Client.NDJSON, all, "Sluice-Fencing-Token", current)
                .isProblem(412, "fenced")
                .has("owner", "successor")
                .has("nextOffset", flights.size());
    }

    private static List<List<String>> flights() throws IOException {
        List<List<String>> partitions = new ArrayList<>();
        for (int i = 0; i < PARTITIONS; i++) {
            partitions.add(new ArrayList<>());
        }
        List<String> lines = Files.readAllLines(Path.of("src/examples/flights-20k.ndjson"));
        for (int i = 0; i < lines.size(); i++) {
            partitions.get(i % PARTITIONS).add(lines.get(i));
        }
        assertThat(lines).hasSize(20_000);
        return partitions;
    }
}
