package dev.sluice.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.postgres.PostgresForTests;
import dev.sluice.postgres.PostgresForTests.Database;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an operator pauses does not flow, on any replica, until they want it to; nothing is lost meanwhile. */
class PauseIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static InProcess one;
    private static InProcess two;
    private static int used;

    private String ev;
    private String other;
    private String out;
    private String buffered;
    private String hourly;
    private String both;

    @BeforeAll
    static void start() {
        Database database = PostgresForTests.freshDatabase();
        one = InProcess.on(database, List.of());
        two = InProcess.on(database, List.of());
    }

    @AfterAll
    static void stop() {
        one.close();
        two.close();
    }

    @BeforeEach
    void define() {
        String test = "p" + used++;
        ev = define(test + "ev", "\"type\":\"table\",\"partitions\":[\"0\",\"1\"]");
        other = define(test + "other", "\"type\":\"table\",\"partitions\":[\"0\",\"1\"]");
        out = define(test + "out", "\"type\":\"log\",\"workers\":2");
        buffered = define(
                test + "buffered", "\"type\":\"batching\",\"target\":\"" + ev + "\",\"flush-interval\":\"50ms\"");
        hourly =
                define(test + "hourly", "\"type\":\"batching\",\"target\":\"" + other + "\",\"flush-interval\":\"1h\"");
        both = define(test + "both", "\"type\":\"fanout\",\"targets\":[\"" + ev + "\",\"" + other + "\"]");
    }

    private static String define(String sink, String more) {
        Answer answer = one.client().put("/sinks/" + sink, "{" + more + "}");
        assertThat(answer.status()).as(answer.body().toString()).isEqualTo(201);
        return sink;
    }

    private Answer act(String path, String body) {
        return one.client().post("/sinks/" + path, Client.JSON, body);
    }

    private Answer pause(String what, String scope) {
        Answer answer = act(scope + "/pause", "{\"what\":\"" + what + "\",\"reason\":\"disk is being swapped\"}");
        assertThat(answer.status()).as(answer.body().toString()).isEqualTo(200);
        return answer.has("effectiveOn", "2/2");
    }

    private Answer resume(String scope) {
        Answer answer = act(scope + "/resume", "{\"reason\":\"done\"}");
        assertThat(answer.status()).as(answer.body().toString()).isEqualTo(200);
        return answer;
    }

    private void delivered(String sink, String partition, long offset) {
        await().atMost(PATIENCE)
                .until(() -> one.client().snapshot(sink, partition).number("deliveredOffset") == offset);
    }

    @Test
    void refusesEveryKindOfWriteOnEveryReplicaAndLetsReadsGoOn() {
        one.client().batch(ev, "0", 0, "1").isWritten("committed");
        Answer paused = pause("intake", ev);
        assertThat(paused.body().at("/control/0/what").stringValue()).isEqualTo("intake");
        assertThat(paused.body().at("/control/0/state").stringValue()).isEqualTo("paused");
        pause("intake", out);
        for (InProcess replica : List.of(one, two)) {
            Client client = replica.client();
            Answer refused = client.batch(ev, "0", 1, "2").isProblem(503, "paused");
            refused.has("paused", ev).has("by", "anonymous").has("reason", "disk is being swapped");
            assertThat(Instant.parse(refused.text("since")))
                    .isBeforeOrEqualTo(Instant.now().plusSeconds(60));
            assertThat(refused.text("detail")).contains("disk is being swapped", "POST /sinks/" + ev + "/resume");
            client.batch(ev, "1", 0, "2").isProblem(503, "paused");
            client.post("/sinks/" + ev + "/partitions/0?dryRun=true", Client.JSON, Client.dense(1, "2"))
                    .isProblem(503, "paused");
            client.post(
                            "/sinks/" + ev + "/records",
                            Client.JSON,
                            "{\"offset\":0,\"records\":[{\"key\":\"a\",\"value\":1}]}")
                    .isProblem(503, "paused");
            client.post("/sinks/" + out + "/partitions/1", Client.JSON, "{\"records\":[1]}")
                    .isProblem(503, "paused");
            client.snapshot(ev, "0").has("nextOffset", 1);
            assertThat(client.get("/sinks/" + ev + "/partitions/0/receipts").status())
                    .isEqualTo(200);
            assertThat(client.get("/sinks/" + ev + "/partitions/0")
                            .body()
                            .at("/control/0/state")
                            .stringValue())
                    .isEqualTo("paused");
            Answer shown = client.get("/sinks/" + ev).has("effectiveOn", "2/2");
            assertThat(shown.body().at("/control/0/reason").stringValue()).isEqualTo("disk is being swapped");
            client.batch(other, "0", client.snapshot(other, "0").number("nextOffset"), "1")
                    .isWritten("committed");
        }
        long token = two.client().open(ev, "0", "{\"owner\":\"w\"}").number("fencingToken");
        assertThat(resume(ev).body().path("control")).isEmpty();
        two.client()
                .batch(ev, "0", 1, "2", "Sluice-Fencing-Token", Long.toString(token))
                .isWritten("committed");
        assertThat(two.client().get("/sinks/" + ev).body().has("control")).isFalse();
        two.client()
                .post("/sinks/" + out + "/partitions/1", Client.JSON, "{\"records\":[1]}")
                .isProblem(503, "paused");
    }

    /* What has begun before may end; what begins after the answer is refused, whichever replica it comes to. */
    @Test
    void takesNothingThatComesAfterItIsEffectiveEverywhere() {
        AtomicBoolean effective = new AtomicBoolean();
        AtomicBoolean over = new AtomicBoolean();
        AtomicLong takenLate = new AtomicLong();
        AtomicLong refusedLate = new AtomicLong();
        List<CompletableFuture<Void>> writers = new ArrayList<>();
        for (InProcess replica : List.of(one, two)) {
            String partition = replica == one ? "0" : "1";
            writers.add(CompletableFuture.runAsync(() -> {
                long next = 0;
                while (!over.get()) {
                    boolean late = effective.get();
                    boolean taken =
                            replica.client().batch(ev, partition, next, "1").status() == 200;
                    next += taken ? 1 : 0;
                    if (late) {
                        (taken ? takenLate : refusedLate).incrementAndGet();
                    }
                }
            }));
        }
        await().atMost(PATIENCE)
                .until(() -> one.client().snapshot(ev, "0").number("nextOffset") > 5
                        && one.client().snapshot(ev, "1").number("nextOffset") > 5);
        pause("both", ev);
        effective.set(true);
        await().atMost(PATIENCE).until(() -> refusedLate.get() > 20);
        over.set(true);
        writers.forEach(CompletableFuture::join);
        assertThat(takenLate).hasValue(0);
    }

    @Test
    void pausesOnePartitionAndWithItWhatNeedsAll() {
        pause("intake", ev + "/partitions/0");
        two.client().batch(ev, "0", 0, "1").isProblem(503, "paused").has("paused", ev + "/0");
        two.client().batch(ev, "1", 0, "1").isWritten("committed");
        Answer refused = two.client()
                .post(
                        "/sinks/" + ev + "/records",
                        Client.JSON,
                        "{\"offset\":1,\"records\":[{\"key\":\"a\",\"value\":1}]}")
                .isProblem(503, "paused");
        assertThat(refused.text("detail")).contains("POST /sinks/" + ev + "/partitions/0/resume");
        pause("intake", ev);
        resume(ev);
        two.client().batch(ev, "1", 1, "1").isWritten("committed");
        two.client().batch(ev, "0", 0, "1").isProblem(503, "paused");
        resume(ev + "/partitions/0").has("effectiveOn", "2/2");
        two.client().batch(ev, "0", 0, "1").isWritten("committed");
    }

    @Test
    void endsByItselfWhenItsTimeIsUp() {
        String until = Instant.now().plusSeconds(2).toString();
        act(ev + "/pause", "{\"what\":\"intake\",\"until\":\"" + until + "\",\"reason\":\"short\"}")
                .has("effectiveOn", "2/2");
        Answer refused = two.client().batch(ev, "0", 0, "1").isProblem(503, "paused");
        assertThat(Long.parseLong(
                        refused.response().headers().firstValue("Retry-After").orElseThrow()))
                .isBetween(1L, 3L);
        await().atMost(PATIENCE).until(() -> two.client().batch(ev, "0", 0, "1").status() == 200);
        assertThat(Instant.now()).isAfterOrEqualTo(Instant.parse(until));
        assertThat(one.client().get("/sinks/" + ev).body().has("control")).isFalse();
    }

    @Test
    void holdsBackWhatABufferHasAcceptedWhileItsDeliveryIsPaused() {
        pause("delivery", buffered);
        two.client().batch(buffered, "0", 0, "1,2").isWritten("committed");
        pause("delivery", buffered + "/partitions/1");
        resume(buffered).has("effectiveOn", "2/2");
        one.client().batch(buffered, "1", 0, "3,4").isWritten("committed");
        delivered(buffered, "0", 2);
        one.client().snapshot(ev, "1").has("nextOffset", 0);
        one.client().snapshot(buffered, "1").has("deliveredOffset", 0).has("nextOffset", 2);
        resume(buffered + "/partitions/1");
        delivered(buffered, "1", 2);
        assertThat(one.query("select partition_id, source_offset, data from " + ev + " order by 1, 2"))
                .containsExactly("0 0 1", "0 1 2", "1 0 3", "1 1 4");
    }

    @Test
    void letsWhatABufferHasWaitWhileItsTargetIsPaused() {
        pause("intake", ev);
        one.client().batch(buffered, "0", 0, "1,2").isWritten("committed");
        two.client().batch(buffered, "0", 2, "3").isWritten("committed");
        pause("delivery", hourly); // by now the buffer has been looked at several times
        one.client().snapshot(buffered, "0").has("deliveredOffset", 0);
        assertThat(one.client().get("/sinks/" + buffered).body().at("/status/failing"))
                .isEmpty();
        assertThat(one.client().get("/actuator/health/alert").status()).isEqualTo(200);
        resume(ev);
        delivered(buffered, "0", 3);
        assertThat(one.query("select source_offset, data from " + ev + " order by 1"))
                .containsExactly("0 1", "1 2", "2 3");
    }

    @Test
    void sparesAllSinksOfAFanOutWhileOneOfThemIsPaused() {
        pause("intake", other + "/partitions/0");
        two.client().batch(both, "0", 0, "1").isProblem(503, "paused").has("paused", other + "/0");
        two.client().snapshot(ev, "0").has("nextOffset", 0);
        two.client().batch(both, "1", 0, "1").isWritten("committed");
        resume(other + "/partitions/0");
        two.client().batch(both, "0", 0, "1").isWritten("committed");
    }

    @Test
    void drainsWhateverTheFlushIntervalAndTellsWhatIsLeft() {
        one.client().batch(hourly, "0", 0, "1,2").isWritten("committed");
        one.client().batch(hourly, "1", 0, "3").isWritten("committed");
        pause("intake", other);
        pause("delivery", hourly + "/partitions/1");
        Answer draining = act(hourly + "/drain", "{\"reason\":\"move\"}").has("effectiveOn", "2/2");
        assertThat(draining.body().at("/control/0/state").stringValue()).isEqualTo("draining");
        assertThat(draining.body().path("control"))
                .as("no delivery is paused any more")
                .hasSize(1);
        assertThat(one.client()
                        .get("/sinks/" + hourly)
                        .body()
                        .at("/control/0/left")
                        .longValue())
                .isEqualTo(3);
        assertThat(two.client()
                        .get("/sinks/" + hourly + "/partitions/1")
                        .body()
                        .at("/control/0/state")
                        .stringValue())
                .isEqualTo("draining");
        two.client().batch(hourly, "0", 2, "4").isProblem(503, "paused");
        resume(other);
        await().atMost(PATIENCE)
                .until(() -> two.client()
                        .get("/sinks/" + hourly)
                        .body()
                        .at("/control/0/state")
                        .stringValue()
                        .equals("drained"));
        assertThat(one.client()
                        .get("/sinks/" + hourly)
                        .body()
                        .at("/control/0/left")
                        .longValue())
                .isZero();
        assertThat(one.query("select count(*) from " + other)).containsExactly("3");
        resume(hourly);
        one.client().batch(hourly, "0", 2, "4").isWritten("committed");
    }

    @Test
    void holdsForAReplicaThatStartsLaterAndGoesWithTheSink() {
        pause("intake", ev + "/partitions/1");
        one.client().put("/sinks/gone", "{\"type\":\"table\",\"partitions\":[\"0\"]}");
        pause("intake", "gone");
        try (InProcess three = InProcess.on(one.database(), List.of())) {
            three.client().batch(ev, "1", 0, "1").isProblem(503, "paused");
            act(ev + "/resume", "{\"reason\":\"nothing to resume\"}");
            act(ev + "/partitions/1/resume", "{\"reason\":\"go\"}").has("effectiveOn", "3/3");
        }
        assertThat(one.client().method("DELETE", "/sinks/gone").status()).isEqualTo(204);
        one.client().put("/sinks/gone", "{\"type\":\"table\",\"partitions\":[\"0\"]}");
        await().atMost(PATIENCE)
                .until(() -> two.client().batch("gone", "0", 0, "1").status() == 200);
    }

    /* One that was stopped does not count as living, and must not go on from what it knew. */
    @Test
    void isSeenByAReplicaThatWasStoppedMeanwhile(@TempDir Path directory) {
        try (ServiceProcess stopped = ServiceProcess.on(one.database(), directory, List.of("-Xmx192m"))) {
            stopped.client().batch(ev, "0", 0, "1").isWritten("committed");
            stopped.signal("STOP");
            try {
                Answer first = act(ev + "/pause", "{\"what\":\"intake\",\"reason\":\"first\"}");
                assertThat(first.text("effectiveOn")).isIn("2/3", "2/2");
                await().atMost(PATIENCE)
                        .until(() -> one.client()
                                .get("/sinks/" + ev)
                                .text("effectiveOn")
                                .equals("2/2"));
            } finally {
                stopped.signal("CONT");
            }
            stopped.client().batch(ev, "0", 1, "2").isProblem(503, "paused");
        }
        await().atMost(PATIENCE) // until it counts no more
                .until(() ->
                        one.client().get("/sinks/" + ev).text("effectiveOn").equals("2/2"));
    }

    @Test
    void refusesABatchWhoseBodyArrivesAfterThePause() {
        CountDownLatch rest = new CountDownLatch(1);
        byte[] body = Client.dense(0, "1").getBytes(StandardCharsets.UTF_8);
        InputStream slow = new InputStream() {
            private int at;

            @Override
            public int read() throws IOException {
                if (at == body.length - 1) {
                    try {
                        rest.await();
                    } catch (InterruptedException e) {
                        throw new IOException(e);
                    }
                }
                return at == body.length ? -1 : body[at++];
            }

            @Override
            public int read(byte[] into, int offset, int length) throws IOException {
                int next = read();
                if (next < 0) {
                    return -1;
                }
                into[offset] = (byte) next;
                return 1;
            }
        };
        CompletableFuture<Answer> answer = CompletableFuture.supplyAsync(() ->
                one.client().post(Client.partition(ev, "0"), Client.JSON, BodyPublishers.ofInputStream(() -> slow)));
        await().atMost(PATIENCE)
                .until(() -> one.client()
                                .get("/actuator/metrics/sluice.admission.requests")
                                .body()
                                .at("/measurements/0/value")
                                .doubleValue()
                        > 0);
        pause("intake", ev);
        rest.countDown();
        answer.join().isProblem(503, "paused");
        one.client().snapshot(ev, "0").has("nextOffset", 0);
    }

    @Test
    void actsOnlyOnWhatWasLookedAtAndTellsWhatItWouldDo() {
        one.client().batch(ev, "0", 0, "1").isWritten("committed");
        String body = "{\"what\":\"intake\",\"reason\":\"x\",\"ifVersion\":%d}";
        act(ev + "/partitions/0/pause", body.formatted(0))
                .isProblem(409, "version-conflict")
                .has("version", 1);
        act(ev + "/pause", body.formatted(0))
                .isProblem(409, "version-conflict")
                .has("version", one.client().get("/sinks/" + ev).number("revision"));
        Answer tried =
                act(ev + "/partitions/0/pause?dryRun=true", body.formatted(1)).has("dryRun", true);
        assertThat(tried.body().path("control")).hasSize(1);
        assertThat(tried.body().has("auditId")).isFalse();
        one.client().batch(ev, "0", 1, "1").isWritten("committed");
        Answer done = act(ev + "/partitions/0/pause", body.formatted(2));
        Answer audit = one.client().get("/audit?action=pause&sink=" + ev);
        assertThat(audit.body().path("entries")).hasSize(1);
        assertThat(audit.body().at("/entries/0/id").longValue()).isEqualTo(done.number("auditId"));
        assertThat(audit.body().at("/entries/0/action").stringValue()).isEqualTo("pause");
        assertThat(audit.body().at("/entries/0/before")).isEmpty();
        assertThat(audit.body().at("/entries/0/after")).hasSize(1);
        resume(ev); // nothing is paused there: the partition is
        assertThat(one.client().get("/audit?action=resume&sink=" + ev).body().path("entries"))
                .isEmpty();

        act(ev + "/pause", "{\"what\":\"intake\"}").isProblem(400, "malformed-request");
        act(ev + "/pause", "{\"reason\":\"x\"}").isProblem(400, "malformed-request");
        act(ev + "/pause", "{\"what\":\"all\",\"reason\":\"x\"}").isProblem(400, "malformed-request");
        act(ev + "/pause", "{\"what\":\"delivery\",\"reason\":\"x\"}").isProblem(400, "malformed-request");
        act(ev + "/pause", "{\"what\":\"intake\",\"reason\":\"x\",\"until\":\"2020-01-01T00:00:00Z\"}")
                .isProblem(400, "malformed-request");
        act(ev + "/pause", "{\"what\":\"intake\",\"reason\":\"x\",\"untill\":\"2020-01-01T00:00:00Z\"}")
                .isProblem(400, "malformed-request");
        act(ev + "v/pause", body.formatted(0)).isProblem(404, "unknown-sink");
        act(ev + "/partitions/7/pause", body.formatted(0)).isProblem(404, "unknown-partition");
    }

    @Test
    void pausesNothingThatCannotBeKeptInTheTrail() {
        one.execute("alter table sluice.audit add constraint full_disk check (id < 0) not valid");
        Answer failed = act(ev + "/pause", "{\"what\":\"intake\",\"reason\":\"x\"}");
        one.execute("alter table sluice.audit drop constraint full_disk");
        assertThat(failed.status()).isGreaterThanOrEqualTo(400);
        one.client().batch(ev, "0", 0, "1").isWritten("committed");
        assertThat(one.query("select count(*) from sluice.control where sink = '" + ev + "'"))
                .containsExactly("0");
    }
}
