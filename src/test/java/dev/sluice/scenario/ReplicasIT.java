package dev.sluice.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.postgres.PostgresForTests;
import dev.sluice.postgres.PostgresForTests.Database;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Two service processes on one database, and writers that neither agree with each other nor stick to one of them. */
@Tag("conformance")
class ReplicasIT {

    private static final Logger log = LoggerFactory.getLogger(ReplicasIT.class);
    private static final int PARTITIONS = 2;
    private static final int WRITERS_PER_PARTITION = 3;
    private static final long RECORDS = 4_000;

    private final long seed = Long.getLong("sluice.test.seed", System.nanoTime());

    @Test
    void writeTheSamePartitionsAtOnceWithoutLossOrDouble(@TempDir Path directory) {
        log.info("seed {}", seed);
        Database database = PostgresForTests.freshDatabase();
        String[] settings = {"sluice.sinks.s.type=table", "sluice.sinks.s.partitions=0,1"};
        try (ServiceProcess one = ServiceProcess.on(database, directory.resolve("one"), List.of("-Xmx192m"), settings);
                ServiceProcess two =
                        ServiceProcess.on(database, directory.resolve("two"), List.of("-Xmx192m"), settings)) {
            ExecutorService threads = Executors.newFixedThreadPool(PARTITIONS * WRITERS_PER_PARTITION);
            List<CompletableFuture<Void>> writers = new ArrayList<>();
            for (int i = 0; i < PARTITIONS * WRITERS_PER_PARTITION; i++) {
                Random random = new Random(seed + i);
                String partition = Integer.toString(i % PARTITIONS);
                writers.add(CompletableFuture.runAsync(
                        () -> write(List.of(one.client(), two.client()), partition, random), threads));
            }
            outliveAStoppedReplica(database, one, two);
            CompletableFuture.allOf(writers.toArray(CompletableFuture<?>[]::new))
                    .join();
            threads.shutdown();

            for (int part = 0; part < PARTITIONS; part++) {
                assertStored(database, part);
                one.client().snapshot("s", "" + part).has("nextOffset", RECORDS);
                two.client().snapshot("s", "" + part).has("nextOffset", RECORDS);
            }
        }
    }

    /** A stopped process may hold a row lock: the database ends its transaction, and the other replica goes on. */
    private static void outliveAStoppedReplica(Database database, ServiceProcess one, ServiceProcess two) {
        await().atMost(Duration.ofMinutes(1)).until(() -> committed(database) > RECORDS / 10);
        one.signal("STOP");
        try {
            for (String partition : new String[] {"0", "1"}) {
                await().atMost(Duration.ofSeconds(40)).untilAsserted(() -> {
                    long next = two.client().snapshot("s", partition).number("nextOffset");
                    Answer answer = two.client().batch("s", partition, next, record(next));
                    assertThat(answer.status()).as(answer.body().toString()).isEqualTo(200);
                });
            }
        } finally {
            one.signal("CONT");
        }
    }

    private static long committed(Database database) {
        return Long.parseLong(
                InProcess.query(database, "select count(*) from s").get(0));
    }

    private static void write(List<Client> replicas, String partition, Random random) {
        long next = 0;
        while (next < RECORDS) {
            long from = Math.max(0, next + random.nextInt(40) - 20);
            long to = Math.min(RECORDS, from + 1 + random.nextInt(60));
            if (to <= from) {
                next = RECORDS - 1;
                continue;
            }
            String records =
                    LongStream.range(from, to).mapToObj(ReplicasIT::record).collect(Collectors.joining(","));
            Client client = replicas.get(random.nextInt(replicas.size()));
            Answer answer;
            try {
                answer = client.batch("s", partition, from, records);
            } catch (UncheckedIOException e) {
                continue; // the stopped replica has cut the connection when it woke up: send it again
            }
            switch (answer.status()) {
                case 200 -> {
                    assertThat(answer.number("nextOffset")).isGreaterThanOrEqualTo(to);
                    next = Math.max(next, answer.number("nextOffset"));
                }
                case 409 -> next = answer.isProblem(409, "offset-gap").number("expectedOffset");
                case 429 -> answer.isProblem(429, "busy");
                default -> answer.isProblem(503, answer.text("type").substring("/problems/".length()));
            }
        }
    }

    private static String record(long offset) {
        return "{\"o\":" + offset + "}";
    }

    private static void assertStored(Database database, int part) {
        List<String> stored = InProcess.query(
                database,
                "select source_offset || ' ' || (data ->> 'o') from s where partition_id = '" + part
                        + "' order by source_offset");
        assertThat(stored)
                .containsExactlyElementsOf(
                        LongStream.range(0, RECORDS).mapToObj(o -> o + " " + o).toList());
        assertThat(InProcess.query(
                        database,
                        "select sum(record_count), min(first_offset), max(end_offset) from sluice.receipt"
                                + " where partition_id = '" + part + "'"))
                .containsExactly(RECORDS + " 0 " + RECORDS);
    }
}
