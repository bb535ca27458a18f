package dev.sluice.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import tools.jackson.databind.JsonNode;

/** What fails for long shows in the health, in the sink's status, in a meter, and in one line of the log. */
@ExtendWith(OutputCaptureExtension.class)
class LastingFailuresIT {

    private static final String DISK_FULL = """
            create function %1$s_full() returns trigger language plpgsql as
                $$ begin raise exception 'could not extend file: No space left on device' using errcode = '53100'; end $$;
            create trigger full_disk before insert on %1$s for each row execute function %1$s_full()""";
    private static final String UNAVAILABLE = "\"unavailable\"";

    private static InProcess service;
    private static Client client;

    @BeforeAll
    static void start() {
        service = InProcess.with(
                MemorySinkType.class,
                "sluice.health.failing-after=1s",
                "sluice.sinks.calm.type=log",
                "sluice.sinks.calm.partitions=0",
                "sluice.sinks.rows.type=table",
                "sluice.sinks.rows.table=rows",
                "sluice.sinks.rows.partitions=0,1,2",
                "sluice.sinks.keyed.type=table",
                "sluice.sinks.keyed.table=keyed",
                "sluice.sinks.keyed.partitions=0,1,2",
                "sluice.sinks.whole.type=memory",
                "sluice.sinks.whole.partitions=lf0,lf1,lf2",
                "sluice.sinks.part.type=memory",
                "sluice.sinks.part.partitions=lp0,lp1,lp2",
                "sluice.sinks.writers.type=memory",
                "sluice.sinks.writers.partitions=lw0,lw1",
                "sluice.sinks.worked.type=memory",
                "sluice.sinks.worked.workers=1",
                "sluice.sinks.inner.type=memory",
                "sluice.sinks.inner.partitions=li0,li1",
                "sluice.sinks.buffer.type=batching",
                "sluice.sinks.buffer.target=inner",
                "sluice.sinks.buffer.flush-interval=50ms",
                "sluice.sinks.shelf.type=memory",
                "sluice.sinks.shelf.partitions=lx0,lx1,lx2",
                "sluice.sinks.waiting.type=batching",
                "sluice.sinks.waiting.target=shelf",
                "sluice.sinks.waiting.flush-interval=50ms",
                "sluice.sinks.leaf.type=memory",
                "sluice.sinks.leaf.partitions=ll0",
                "sluice.sinks.both.type=fanout",
                "sluice.sinks.both.targets=leaf");
        client = service.client();
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    @Test
    void tellsOfAFullDiskOfTheDatabaseOnceAndOfItsEndOnce(CapturedOutput output) {
        client.batch("rows", "0", 0, "1").isWritten("committed");
        service.execute(DISK_FULL.formatted("rows"));
        fails("rows", List.of("0", "1", "2"), "2");
        awaitStatus("rows", "DOWN");
        assertThat(problem("rows")).contains("nothing but failures since", "storage-unavailable", "No space left");
        Answer whole = client.get("/actuator/health/alert");
        assertThat(whole.status()).isEqualTo(503);
        assertThat(whole.body().path("status").stringValue()).isEqualTo("DEGRADED");
        await().untilAsserted(() ->
                assertThat(client.get("/actuator/health").status()).isEqualTo(200));
        assertThat(client.get("/actuator/health/readiness").status()).isEqualTo(200);
        assertThat(client.get("/actuator/health/liveness").status()).isEqualTo(200);
        JsonNode writes = client.get("/sinks/rows").body().at("/status/writes");
        assertThat(writes.path("failures").longValue()).isGreaterThanOrEqualTo(9);
        assertThat(writes.path("problem").stringValue()).isEqualTo("storage-unavailable");
        assertThat(writes.path("failingSince").stringValue()).isNotBlank();
        assertThat(writes.path("lastSuccess").stringValue()).isNotBlank();
        assertThat(writes.path("failingPartitionCount").longValue()).isEqualTo(3);
        assertThat(metric("sluice.failures?tag=sink:rows&tag=problem:storage-unavailable"))
                .isGreaterThanOrEqualTo(9);
        assertThat(metric("sluice.sink.failing?tag=sink:rows")).isEqualTo(1);

        awaitLine(output, "Sink rows has had nothing but failures since");
        service.execute("drop trigger full_disk on rows");
        client.batch("rows", "0", 1, "2").isWritten("committed");
        awaitStatus("rows", "UP");
        assertThat(lines(output, "Sink rows has had nothing but failures since"))
                .hasSize(1);
        assertThat(lines(output, "Sink rows succeeds again")).hasSize(1);
        assertThat(metric("sluice.sink.failing?tag=sink:rows")).isZero();
    }

    @Test
    void tellsOfATargetThatIsAway() {
        fails("whole", List.of("lf0", "lf1"), UNAVAILABLE);
        awaitStatus("whole", "DOWN");
        assertThat(problem("whole")).contains("target-unavailable, gone fishing");
        client.batch("whole", "lf2", 0, "1").isWritten("committed");
        awaitStatus("whole", "UP");
    }

    @Test
    void namesAPoisonedPartitionWhileOthersSucceed(CapturedOutput output) {
        for (int i = 0; i < 4; i++) {
            client.batch("part", "lp0", 0, UNAVAILABLE).isProblem(503, "target-unavailable");
            client.batch("part", "lp1", i, "1").isWritten("committed");
        }
        await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> {
            client.batch("part", "lp0", 0, UNAVAILABLE);
            client.post(Client.partition("part", "lp1"), Client.JSON, Client.dense(offset("lp1"), "1"));
            assertThat(status("part")).isEqualTo("DEGRADED");
        });
        assertThat(problem("part")).contains("1 partition fails: 'lp0' since", "gone fishing");
        JsonNode failing = client.get("/sinks/part").body().at("/status/writes/failingPartitions");
        assertThat(failing).hasSize(1);
        assertThat(failing.at("/0/partition").stringValue()).isEqualTo("lp0");
        await().untilAsserted(() -> assertThat(lines(output, "Sink part: partition 'lp0' has been failing"))
                .hasSize(1));
        client.batch("part", "lp0", 0, "1").isWritten("committed");
        awaitStatus("part", "UP");
        assertThat(lines(output, "Sink part: partition 'lp0' succeeds again")).hasSize(1);
    }

    @Test
    void doesNotCountWhatIsAWritersFault() {
        for (int i = 0; i < 5; i++) {
            client.batch("writers", "lw0", 7, "1").isProblem(409, "offset-gap");
            client.batch("writers", "lw0", 0, "\"refused\"").isProblem(422, "record-rejected");
            client.post(Client.partition("writers", "lw0"), Client.JSON, "{").isProblem(400, "malformed-batch");
            client.batch("writers", "lw0", 0, "1", "Sluice-Fencing-Token", "9").isProblem(412, "unknown-fencing-token");
        }
        assertThat(client.get("/sinks/writers")
                        .body()
                        .at("/status/writes/failingSince")
                        .isMissingNode())
                .isTrue();
    }

    @Test
    void anAnsweredRepetitionEndsWhatWasUnknown() {
        client.batch("writers", "lw1", 0, "1").isWritten("committed");
        client.batch("writers", "lw1", 1, "\"unknown\"").isProblem(503, "outcome-unknown");
        awaitStatus("writers", "DOWN");
        client.batch("writers", "lw1", 0, "1").isWritten("duplicate");
        awaitStatus("writers", "UP");
    }

    @Test
    void tellsOfWorkersKeyedWritesDeliveriesAndFanouts(CapturedOutput output) {
        client.post(Client.partition("worked", "0"), Client.NDJSON, "\"bug\"\n").isProblem(500, "internal-error");
        service.execute(DISK_FULL.formatted("keyed"));
        client.post("/sinks/keyed/records?offset=0", Client.NDJSON, "{\"key\":\"a\",\"value\":1}\n")
                .isProblem(503, "storage-unavailable");
        client.batch("buffer", "li0", 0, "\"refused\"").isWritten("committed");
        client.batch("both", "ll0", 0, UNAVAILABLE).isProblem(502, "partial-failure");

        awaitStatus("worked", "DOWN");
        awaitStatus("keyed", "DOWN");
        awaitStatus("buffer", "DOWN");
        awaitStatus("both", "DOWN");
        awaitStatus("leaf", "DOWN");
        assertThat(problem("worked")).contains("internal-error");
        assertThat(problem("buffer")).contains("deliveries: nothing but failures since", "record-rejected");
        assertThat(problem("both")).contains("partial-failure");
        // What the buffer's target refuses is not that target's fault.
        assertThat(status("inner")).isEqualTo("UP");
        awaitLine(output, "The delivery of sink buffer has had nothing but failures");

        client.batch("buffer", "li1", 0, "1").isWritten("committed");
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(status("buffer")).isEqualTo("DEGRADED"));
    }

    @Test
    void findsThePartitionsOfABufferWhoseDeliveryFails() {
        client.batch("waiting", "lx0", 0, "1").isWritten("committed");
        client.batch("waiting", "lx1", 0, "\"refused\"").isWritten("committed");
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(client.get("/sinks/waiting/partitions?failing=true")
                                .body()
                                .path("partitions")
                                .valueStream()
                                .map(partition -> partition.path("partition").stringValue()))
                        .containsExactly("lx1"));
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(metric("sluice.partitions?tag=sink:waiting&tag=state:failing"))
                        .isEqualTo(1));
        assertThat(client.get("/sinks/waiting").body().at("/totals/failing").longValue())
                .isEqualTo(1);
    }

    /* Three writers, three tries each. */
    private static void fails(String sink, List<String> partitions, String record) {
        IntStream.range(0, 3)
                .forEach(i -> partitions.forEach(partition -> assertThat(
                                client.batch(sink, partition, offset(sink, partition), record)
                                        .status())
                        .isEqualTo(503)));
    }

    private static long offset(String partition) {
        return offset("part", partition);
    }

    private static long offset(String sink, String partition) {
        return client.snapshot(sink, partition).number("nextOffset");
    }

    private static void awaitStatus(String sink, String expected) {
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(status(sink)).isEqualTo(expected));
    }

    private static void awaitLine(CapturedOutput output, String text) {
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(lines(output, text)).hasSize(1));
    }

    private static String status(String sink) {
        return component(sink).path("status").stringValue();
    }

    private static String problem(String sink) {
        return component(sink).at("/details/problem").stringValue();
    }

    private static JsonNode component(String sink) {
        return client.get("/actuator/health/alert").body().at("/components/sinks/components/" + sink);
    }

    private static double metric(String query) {
        return client.get("/actuator/metrics/" + query)
                .body()
                .at("/measurements/0/value")
                .doubleValue();
    }

    private static List<String> lines(CapturedOutput output, String text) {
        return output.getOut().lines().filter(line -> line.contains(text)).toList();
    }
}
