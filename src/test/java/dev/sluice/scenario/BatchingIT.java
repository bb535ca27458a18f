package dev.sluice.scenario;

import static dev.sluice.scenario.Client.JSON;
import static dev.sluice.scenario.Client.partition;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** Accepted now, delivered later: by count, by bytes and by time; two watermarks; a bounded backlog. */
@ExtendWith(OutputCaptureExtension.class)
class BatchingIT {

    private static InProcess service;
    private static Client client;

    @BeforeAll
    static void start() {
        service = InProcess.with(
                MemorySinkType.class,
                "sluice.sinks.rows.type=table",
                "sluice.sinks.rows.partitions=0,1,2,3,4,5,6,7,8,9,10,11,12",
                "sluice.sinks.memory.type=memory",
                "sluice.sinks.memory.partitions=b0,b1",
                "sluice.sinks.by-count.type=batching",
                "sluice.sinks.by-count.target=rows",
                "sluice.sinks.by-count.batch-size=3",
                "sluice.sinks.by-count.flush-interval=1h",
                "sluice.sinks.by-count.max-backlog=5",
                "sluice.sinks.by-bytes.type=batching",
                "sluice.sinks.by-bytes.target=rows",
                "sluice.sinks.by-bytes.batch-bytes=10B",
                "sluice.sinks.by-bytes.flush-interval=1h",
                "sluice.sinks.by-time.type=batching",
                "sluice.sinks.by-time.target=rows",
                "sluice.sinks.by-time.flush-interval=300ms",
                "sluice.sinks.into-small.type=fanout",
                "sluice.sinks.into-small.targets=by-count",
                "sluice.sinks.to-memory.type=batching",
                "sluice.sinks.to-memory.target=memory",
                "sluice.sinks.to-memory.flush-interval=50ms");
        client = service.client();
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    private static List<String> rows(String partition) {
        return service.query(
                "select source_offset, data from rows where partition_id = '" + partition + "' order by source_offset");
    }

    private static String values(long from, long to) {
        return LongStream.range(from, to).mapToObj(Long::toString).collect(Collectors.joining(","));
    }

    private static void awaitDelivered(String sink, String partition, long offset) {
        await().atMost(Duration.ofSeconds(20))
                .until(() ->
                        client.snapshot(sink, partition).text("deliveredOffset").equals(Long.toString(offset)));
    }

    @Test
    void deliversByCountAndKeepsTheRestUntilThereAreEnough() {
        client.batch("by-count", "0", 0, "0,1")
                .isWritten("committed")
                .has("nextOffset", 2)
                .has("deliveredOffset", 0)
                .has("guarantee", "exactly-once");
        client.batch("by-count", "0", 2, "2,3").isWritten("committed").has("nextOffset", 4);
        awaitDelivered("by-count", "0", 3);
        assertThat(rows("0")).containsExactly("0 0", "1 1", "2 2");
        client.snapshot("rows", "0").has("nextOffset", 3);
        client.batch("by-count", "0", 0, "0,1,2,3").isWritten("duplicate").has("deliveredOffset", 3);
        assertThat(service.query("select count(*) from sluice.buffer where sink = 'by-count' and partition_id = '0'"))
                .containsExactly("1");
    }

    @Test
    void deliversByBytes() {
        client.batch("by-bytes", "1", 0, "\"aaaa\",\"bbbb\",\"cccc\"").isWritten("committed");
        awaitDelivered("by-bytes", "1", 2);
        assertThat(rows("1"))
                .as("two of six bytes each do not fit into ten, one alone is not enough")
                .hasSize(2);
        assertThat(service.query("select end_offset from sluice.receipt where sink = 'rows' and partition_id = '1'"))
                .containsExactly("1", "2");
    }

    @Test
    void deliversByTimeWithoutAnotherBatchAndSettlesHolesToo() {
        client.post(partition("by-time", "2"), JSON, "{\"first\":0,\"end\":10,\"offsets\":[3,5],\"records\":[3,5]}")
                .isWritten("committed")
                .has("nextOffset", 10);
        awaitDelivered("by-time", "2", 10);
        assertThat(rows("2")).containsExactly("3 3", "5 5");
        client.snapshot("rows", "2").has("nextOffset", 10);
        client.post(partition("by-time", "2"), JSON, "{\"first\":10,\"end\":20,\"offsets\":[],\"records\":[]}")
                .isWritten("committed");
        awaitDelivered("by-time", "2", 20);
    }

    @Test
    void answersOnceDeliveredOrTellsBothWatermarks() {
        client.post(partition("by-time", "3") + "?ack=delivered", JSON, Client.dense(0, "1,2"))
                .isWritten("committed")
                .has("deliveredOffset", 2);
        assertThat(rows("3")).hasSize(2);
        Answer waits = client.post(
                partition("by-count", "3") + "?ack=delivered", JSON, Client.dense(0, "1"), "Prefer", "wait=1");
        assertThat(waits.status()).isEqualTo(202);
        waits.has("nextOffset", 1).has("deliveredOffset", 0);
        client.post(partition("rows", "4") + "?ack=delivered", JSON, Client.dense(0, "1"))
                .isWritten("committed");
        client.post(partition("rows", "4") + "?ack=maybe", JSON, Client.dense(1, "1"))
                .isProblem(400, "malformed-batch");
    }

    @Test
    void refusesMoreThanTheBacklogMayHold() {
        service.execute("alter table rows add constraint blocked check (partition_id <> '5') not valid");
        client.batch("by-count", "5", 0, values(0, 5)).isWritten("committed");
        Answer busy = client.batch("by-count", "5", 5, "5").isProblem(429, "busy");
        assertThat(busy.text("detail")).contains("5 records", "max-backlog=5");
        await().atMost(Duration.ofSeconds(20))
                .until(() -> client.get("/actuator/health").body().toString().contains("blocked"));
        client.snapshot("by-count", "5").has("nextOffset", 5);
        service.execute("alter table rows drop constraint blocked");
        awaitDelivered("by-count", "5", 3);
        client.batch("by-count", "5", 5, "5").isWritten("committed");
        awaitDelivered("by-count", "5", 6);
        assertThat(rows("5")).containsExactly("0 0", "1 1", "2 2", "3 3", "4 4", "5 5");
    }

    @Test
    void refusesForGoodWhatNoBufferCanEverHold() {
        Answer refused = client.batch("by-count", "6", 0, values(0, 6)).isProblem(413, "too-large");
        assertThat(refused.text("detail")).contains("max-backlog=5");
        client.snapshot("by-count", "6").has("version", 0);
    }

    @Test
    void goesBackAsFarAsNothingIsDelivered() {
        client.batch("by-count", "6", 0, values(0, 3)).isWritten("committed");
        awaitDelivered("by-count", "6", 3);
        client.batch("by-count", "6", 3, "3,4").isWritten("committed");
        client.open("by-count", "6", "{\"owner\":\"me\",\"resume\":{\"nextOffset\":2}}")
                .isProblem(409, "not-rewindable");
        client.open("by-count", "6", "{\"owner\":\"me\",\"resume\":{\"nextOffset\":4}}")
                .has("nextOffset", 4);
        String[] token = {"Sluice-Fencing-Token", "1"};
        client.batch("by-count", "6", 4, "44,55", token).isWritten("committed");
        awaitDelivered("by-count", "6", 6);
        assertThat(rows("6")).containsExactly("0 0", "1 1", "2 2", "3 3", "4 44", "5 55");
    }

    @Test
    void flushesNothingBecauseItIsClosedOrOpenedAgain() {
        client.batch("by-count", "8", 0, "0,1").isWritten("committed");
        assertThat(client.method("POST", partition("by-count", "8") + "/close").status())
                .isEqualTo(200);
        client.open("by-count", "8", "{\"owner\":\"me\"}").has("nextOffset", 2);
        client.batch("by-time", "9", 0, "1").isWritten("committed");
        awaitDelivered("by-time", "9", 1); // what comes later has been delivered meanwhile
        client.snapshot("rows", "8").has("nextOffset", 0);
        assertThat(rows("8")).isEmpty();
        client.batch("by-count", "8", 2, "2", "Sluice-Fencing-Token", "1").isWritten("committed");
        awaitDelivered("by-count", "8", 3);
        assertThat(rows("8")).containsExactly("0 0", "1 1", "2 2");
        assertThat(service.query("select first_offset, end_offset from sluice.receipt where sink = 'rows'"
                        + " and partition_id = '8'"))
                .as("in one batch, once there were enough")
                .containsExactly("0 3");
    }

    @Test
    void drainsWhatADeadProcessHasAcceptedInTheBoundsThatItIntended() {
        service.execute("""
                insert into sluice.snapshot (sink, partition_id, next_offset, version) values ('by-count', '7', 5, 1);
                insert into sluice.buffer (sink, partition_id, source_offset, data)
                     select 'by-count', '7', n, convert_to(n::text, 'UTF8') from generate_series(0, 4) n;
                insert into sluice.delivery (sink, partition_id, intent_end, backlog_records, backlog_bytes)
                     values ('by-count', '7', 2, 5, 5)""");
        awaitDelivered("by-count", "7", 5);
        assertThat(rows("7")).hasSize(5);
        assertThat(service.query("select first_offset, end_offset from sluice.receipt where sink = 'rows'"
                        + " and partition_id = '7' order by 1"))
                .as("the intent as it was, then the rest")
                .containsExactly("0 2", "2 5");
    }

    @Test
    void deliversToASinkWithoutATransactionOfItsOwn() {
        client.batch("to-memory", "b0", 0, "1,2").isWritten("committed");
        awaitDelivered("to-memory", "b0", 2);
        assertThat(MemorySinkType.TARGET.get("memory/b0")).containsExactly("1", "2");
    }

    private static String failing(String sink, String partition) {
        return client.get("/sinks/" + sink)
                .body()
                .path("status")
                .path("failing")
                .path(partition)
                .asString("");
    }

    @Test
    void saysWhatStandsInTheWayOfTheDelivery() {
        client.batch("by-time", "12", 0, "1,2").isWritten("committed");
        awaitDelivered("by-time", "12", 2);
        client.open("rows", "12", "{\"owner\":\"me\",\"resume\":{\"nextOffset\":0}}");
        client.batch("by-time", "12", 2, "3").isWritten("committed");
        await().atMost(Duration.ofSeconds(20))
                .until(() -> failing("by-time", "12").contains("before the batch [2, 3)"));
        client.batch("rows", "12", 0, "1,2", "Sluice-Fencing-Token", "1").isWritten("committed");
        awaitDelivered("by-time", "12", 3);

        client.batch("rows", "12", 3, "44", "Sluice-Fencing-Token", "1").isWritten("committed");
        client.batch("by-time", "12", 3, "4").isWritten("committed");
        await().atMost(Duration.ofSeconds(20))
                .until(() -> failing("by-time", "12").contains("something else was committed there at offset 3"));
        client.open("rows", "12", "{\"owner\":\"me\",\"resume\":{\"nextOffset\":3}}");
        awaitDelivered("by-time", "12", 4);
        await().atMost(Duration.ofSeconds(20))
                .until(() -> failing("by-time", "12").isEmpty());
        assertThat(rows("12")).containsExactly("0 1", "1 2", "2 3", "3 4");
    }

    @Test
    void handsTheFullBacklogOfATargetOnToTheWriter() {
        client.batch("into-small", "10", 0, values(0, 2)).isWritten("committed");
        Answer full = client.batch("into-small", "10", 2, values(2, 7)).isProblem(502, "partial-failure");
        full.has("retryable", true);
        assertThat(full.body().path("children").get(0).path("problem").stringValue())
                .isEqualTo("busy");
    }

    @Test
    void tellsHowManyAcknowledgedRecordsAForcedDeletionThrowsAway(CapturedOutput output) {
        client.put("/sinks/doomed", "{\"type\":\"batching\",\"target\":\"rows\",\"flush-interval\":\"1h\"}");
        client.batch("doomed", "12", 0, "1,2,3").isWritten("committed");
        client.batch("doomed", "0", 0, "1,2").isWritten("committed");
        assertThat(client.method("DELETE", "/sinks/doomed")
                        .isProblem(409, "in-use")
                        .text("detail"))
                .contains("5 records are accepted but not delivered yet", "?force=true", "throws them away");
        Answer forced = client.method("DELETE", "/sinks/doomed?force=true");
        assertThat(forced.status()).isEqualTo(200);
        forced.has("sink", "doomed").has("discardedRecords", 5);
        assertThat(output.getAll()).contains("Sink doomed was deleted with force: 5 acknowledged records");
        assertThat(service.query("select count(*) from sluice.buffer where sink = 'doomed'"))
                .containsExactly("0");

        client.put("/sinks/doomed", "{\"type\":\"batching\",\"target\":\"rows\",\"flush-interval\":\"1h\"}");
        assertThat(client.method("DELETE", "/sinks/doomed?force=true").status())
                .as("nothing is lost")
                .isEqualTo(204);
    }

    @Test
    void isNotDeletedWithRecordsInItAndGoesOnWhenItIsDefinedAnew() {
        String definition = "{\"type\":\"batching\",\"target\":\"rows\",\"flush-interval\":\"%s\"}";
        assertThat(client.put("/sinks/stored", definition.formatted("1h")).status())
                .isEqualTo(201);
        client.batch("stored", "11", 0, "1").isWritten("committed");
        Answer kept = client.method("DELETE", "/sinks/stored").isProblem(409, "in-use");
        assertThat(kept.text("detail")).contains("1 records are accepted but not delivered yet");
        assertThat(client.put("/sinks/stored", definition.formatted("50ms")).status())
                .isEqualTo(200);
        awaitDelivered("stored", "11", 1);
        assertThat(client.method("DELETE", "/sinks/stored").status()).isEqualTo(204);
        assertThat(service.query("select count(*) from sluice.delivery where sink = 'stored'"))
                .containsExactly("0");
    }
}
