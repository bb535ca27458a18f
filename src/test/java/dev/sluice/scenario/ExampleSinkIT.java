package dev.sluice.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.postgres.PostgresForTests;
import dev.sluice.postgres.PostgresForTests.Database;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The example of a sink of one's own: built as its author would, and run in the shipped jar. */
class ExampleSinkIT {

    private static final int RECORDS = 3_000;
    private static final int BATCH = 50;
    private static final int ACKNOWLEDGED_BEFORE_THE_KILL = 20;

    private static final String BROKEN_LINKS = """
            select partition_id || '/' || source_offset
              from (select *, lag(hash, 1, repeat('0', 64))
                                over (partition by sink, partition_id order by source_offset) as before
                      from public.audit) as chain
             where hash <> encode(sha256(convert_to(before || ' ' || source_offset || ' ' || entry, 'UTF8')), 'hex')""";

    private final Semaphore acknowledged = new Semaphore(0);

    @Test
    void isBuiltByItsAuthorAndRunsInTheShippedJar(@TempDir Path directory) throws IOException {
        Path jar = ExampleBuild.of("audit-sink", directory).build(PostgresForTests.freshDatabase());
        Database database = PostgresForTests.freshDatabase();
        try (ServiceProcess service = ServiceProcess.on(
                database,
                directory.resolve("service"),
                List.of("-Xmx256m", "-Dloader.path=" + jar),
                "sluice.sinks.trail.type=audit",
                "sluice.sinks.trail.actor-field=user",
                "sluice.sinks.trail.guarantee=exactly-once",
                "sluice.sinks.trail.partitions=eu,us")) {
            assertIsShown(service.client());
            assertTellsTheFieldAtFault(service.client());
            writeWhileBeingKilled(service);
            assertChainIsWhole(service.client(), database);
            assertGoesBack(service.client(), database);
        }
    }

    private static void assertIsShown(Client client) {
        JsonNode sink = client.get("/sinks").body().path("sinks").path(0);
        assertThat(sink.path("id").stringValue("")).as(sink.toString()).isEqualTo("trail");
        assertThat(sink.path("type").stringValue("")).isEqualTo("audit");
        assertThat(sink.path("guarantee").stringValue("")).isEqualTo("exactly-once");
    }

    private static void assertTellsTheFieldAtFault(Client client) {
        String bad = entry(0) + ",{\"user\":\"ada\",\"action\":\"log in\",\"at\":\"yesterday\"}";
        JsonNode rejected = client.batch("trail", "eu", 0, bad)
                .isProblem(422, "record-rejected")
                .body()
                .path("rejected");
        assertThat(rejected.size()).isEqualTo(1);
        assertThat(rejected.path(0).path("offset").longValue()).isEqualTo(1);
        assertThat(rejected.path(0).path("field").stringValue("")).isEqualTo("at");
        client.snapshot("trail", "eu").has("nextOffset", 0);
    }

    private void writeWhileBeingKilled(ServiceProcess service) {
        CompletableFuture<Void> writer = CompletableFuture.runAsync(() -> write(service.client()));
        acknowledged.acquireUninterruptibly(ACKNOWLEDGED_BEFORE_THE_KILL);
        service.kill();
        service.start();
        writer.join();
    }

    private void write(Client client) {
        long next = 0;
        while (next < RECORDS) {
            long from = next;
            String body = entries(from, Math.min(RECORDS, from + BATCH));
            next = untilAnswered(
                            () -> client.post(Client.partition("trail", "eu") + "?offset=" + from, Client.NDJSON, body))
                    .number("nextOffset");
            acknowledged.release();
        }
    }

    private static Answer untilAnswered(Supplier<Answer> request) {
        return await().atMost(Duration.ofMinutes(2))
                .pollInterval(Duration.ofMillis(20))
                .ignoreException(UncheckedIOException.class)
                .until(request::get, answer -> answer.status() == 200);
    }

    private static void assertChainIsWhole(Client client, Database database) {
        assertThat(
                        InProcess.query(
                                database,
                                "select entry from public.audit where sink = 'trail' and partition_id = 'eu' order by source_offset"))
                .isEqualTo(IntStream.range(0, RECORDS)
                        .mapToObj(ExampleSinkIT::entry)
                        .toList());
        assertThat(InProcess.query(database, BROKEN_LINKS)).isEmpty();
        JsonNode state = client.snapshot("trail", "eu").body().path("state");
        assertThat(state.path("entries").longValue()).isEqualTo(RECORDS);
        assertThat(state.path("head").stringValue(""))
                .isEqualTo(
                        InProcess.query(database, "select hash from public.audit order by source_offset desc limit 1")
                                .get(0));
    }

    private static void assertGoesBack(Client client, Database database) {
        client.batch("trail", "us", 0, entry(0)).isWritten("committed");
        String snapshot = client.snapshot("trail", "us").body().toString();
        client.batch("trail", "us", 1, entry(1)).isWritten("committed");
        client.open("trail", "us", "{\"owner\":\"replay\",\"resume\":" + snapshot + "}")
                .has("nextOffset", 1);
        client.batch("trail", "us", 1, entry(7), "Sluice-Fencing-Token", "1").isWritten("committed");
        assertThat(
                        InProcess.query(
                                database,
                                "select entry from public.audit where sink = 'trail' and partition_id = 'us' order by source_offset"))
                .containsExactly(entry(0), entry(7));
        assertThat(InProcess.query(database, BROKEN_LINKS)).isEmpty();
    }

    private static String entry(long number) {
        return "{\"user\":\"Zoë\",\"action\":\"read file " + number + "\",\"at\":\"2026-11-22T17:29:11Z\"}";
    }

    private static String entries(long from, long to) {
        return IntStream.range((int) from, (int) to)
                .mapToObj(ExampleSinkIT::entry)
                .collect(Collectors.joining("\n"));
    }
}
