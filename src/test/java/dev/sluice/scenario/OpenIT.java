package dev.sluice.scenario;

import static dev.sluice.scenario.Client.partition;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Opening, resuming, closing, and what can be read of a partition. */
@Tag("conformance")
class OpenIT {

    private static InProcess service;
    private static Client client;
    private static int used;

    private String part;

    @BeforeAll
    static void start() {
        service = InProcess.start(
                "sluice.sinks.events.type=table",
                "sluice.sinks.events.partitions=a0,a1,a2,a3,a4,a5,a6,a7,a8,a9,a10,a11,a12,a13,a14",
                "sluice.sinks.events.data-type=json");
        client = service.client();
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    @BeforeEach
    void takePartition() {
        part = "a" + used++;
    }

    private String stored() {
        return String.join(
                ",",
                service.query("select source_offset || '=' || data from events where partition_id = '" + part
                        + "' order by source_offset"));
    }

    @Test
    void tellsWhereAnUntouchedPartitionStands() {
        Answer answer = client.snapshot("events", part)
                .has("nextOffset", 0)
                .has("fencingToken", 0)
                .has("version", 0);
        for (String member : new String[] {"state", "owner", "deliveredOffset", "updatedAt"}) {
            assertThat(answer.body().has(member)).isTrue();
            assertThat(answer.body().path(member).isNull()).as(member).isTrue();
        }
    }

    @Test
    void raisesTheTokenWithEveryOpen() {
        client.open("events", part, "{\"owner\":\"a\"}")
                .has("fencingToken", 1)
                .has("owner", "a")
                .has("nextOffset", 0);
        client.open("events", part, "{\"owner\":\"b\"}")
                .has("fencingToken", 2)
                .has("owner", "b")
                .has("version", 2);
        client.snapshot("events", part).has("fencingToken", 2);
    }

    @Test
    void opensOnlyIfTheTokenIsTheExpectedOne() {
        client.open("events", part, "{\"owner\":\"a\",\"ifFencingToken\":0}").has("fencingToken", 1);
        client.open("events", part, "{\"owner\":\"b\",\"ifFencingToken\":0}")
                .isProblem(412, "fenced")
                .has("fencingToken", 1)
                .has("owner", "a");
        client.snapshot("events", part).has("fencingToken", 1).has("version", 1);
    }

    @Test
    void saysSoWhereNobodyHasOpenedThePartition() {
        Answer answer = client.open("events", part, "{\"owner\":\"a\",\"ifFencingToken\":3}")
                .isProblem(412, "fenced")
                .has("fencingToken", 0);
        assertThat(answer.text("detail")).contains("never opened").doesNotContain("null");
    }

    @Test
    void takesThePartitionBackToTheSnapshotToResumeFrom() {
        client.batch("events", part, 0, "1,2,3").isWritten("committed");
        Answer snapshot = client.snapshot("events", part);
        client.batch("events", part, 3, "4,5").isWritten("committed");
        client.open("events", part, "{\"owner\":\"a\",\"resume\":" + snapshot.body() + "}")
                .has("nextOffset", 3)
                .has("fencingToken", 1);
        assertThat(stored()).isEqualTo("0=1,1=2,2=3");
        client.batch("events", part, 3, "5,4", "Sluice-Fencing-Token", "1").isWritten("committed");
        client.batch("events", part, 0, "1,2,3,5,4", "Sluice-Fencing-Token", "1")
                .isWritten("duplicate")
                .has("verified", true);
        assertThat(stored()).isEqualTo("0=1,1=2,2=3,3=5,4=4");
    }

    @Test
    void takesNothingBackForARequestThatAnotherOpenHasOvertaken() throws SQLException {
        client.batch("events", part, 0, "1,2").isWritten("committed");
        CompletableFuture<Answer> late;
        try (Connection holder = service.database().connect();
                Statement statement = holder.createStatement()) {
            holder.setAutoCommit(false);
            statement.execute("select from sluice.snapshot where partition_id = '" + part + "' for update");
            late = client.postAsync(
                    partition("events", part) + "/open",
                    Client.JSON,
                    "{\"owner\": \"late\", \"resume\": {\"nextOffset\": 1}}");
            await().until(() -> !service.query("select pid from pg_stat_activity where datname = current_database()"
                            + " and wait_event_type = 'Lock'")
                    .isEmpty());
            // What another replica does when somebody opens the partition.
            statement.execute("update sluice.snapshot set fencing_token = 1, version = version + 1, owner = 'first'"
                    + " where partition_id = '" + part + "'");
            holder.commit();
        }
        Answer overtaken =
                late.join().isProblem(412, "fenced").has("fencingToken", 1).has("nextOffset", 2);
        assertThat(overtaken.text("detail")).contains("'first'", "nothing was taken back", "\"ifFencingToken\": 1");
        assertThat(stored()).isEqualTo("0=1,1=2");
        client.open("events", part, "{\"owner\": \"late\", \"ifFencingToken\": 1, \"resume\": {\"nextOffset\": 1}}")
                .has("nextOffset", 1)
                .has("fencingToken", 2);
        assertThat(stored()).isEqualTo("0=1");
    }

    @Test
    void cutsAReceiptThatReachesAcrossTheOffsetToResumeAt() {
        client.post(
                        partition("events", part),
                        Client.JSON,
                        "{\"offsets\":[0,2,3,7],\"first\":0,\"end\":9,\"records\":[0,2,3,7]}")
                .isWritten("committed");
        client.open("events", part, "{\"owner\":\"a\",\"resume\":{\"nextOffset\":4,\"state\":null}}")
                .has("nextOffset", 4);
        assertThat(stored()).isEqualTo("0=0,2=2,3=3");
        String path = partition("events", part);
        client.post(
                        path,
                        Client.JSON,
                        "{\"offsets\":[0,2,3],\"first\":0,\"end\":4,\"records\":[0,2,3]}",
                        "Sluice-Fencing-Token",
                        "1")
                .isWritten("duplicate")
                .has("verified", true);
        client.batch("events", part, 4, "44", "Sluice-Fencing-Token", "1").isWritten("committed");
        Answer receipts = client.get(path + "/receipts");
        assertThat(receipts.body().path("receipts").size()).isEqualTo(2);
        assertThat(receipts.body().path("receipts").get(0).path("end").longValue())
                .isEqualTo(4);
        assertThat(receipts.body().path("receipts").get(0).path("records").longValue())
                .isEqualTo(3);
        assertThat(receipts.body().path("receipts").get(1).path("fencingToken").longValue())
                .isEqualTo(1);
    }

    @Test
    void resumesWhereItStandsWithoutTakingAnythingBack() {
        client.batch("events", part, 0, "1,2,3").isWritten("committed");
        client.open("events", part, "{\"owner\":\"a\",\"resume\":{\"nextOffset\":3}}")
                .has("nextOffset", 3);
        assertThat(stored()).isEqualTo("0=1,1=2,2=3");
    }

    @Test
    void saysLoudlyThatCommittedDataWasLost() {
        client.batch("events", part, 0, "1,2,3").isWritten("committed");
        client.open("events", part, "{\"owner\":\"a\",\"resume\":{\"nextOffset\":4}}")
                .isProblem(409, "sink-behind")
                .has("nextOffset", 3);
        client.snapshot("events", part).has("fencingToken", 0).has("version", 1);
    }

    @Test
    void refusesBodiesThatItDoesNotUnderstand() {
        for (String body : new String[] {
            "",
            "[]",
            "{}",
            "{\"owner\":7}",
            "{\"owner\":\"\"}",
            "{\"owner\":\"a\",\"ifFencingTokn\":1}",
            "{\"owner\":\"a\",\"ifFencingToken\":\"one\"}",
            "{\"owner\":\"a\",\"ifFencingToken\":1.5}",
            "{\"owner\":\"a\",\"resume\":{}}",
            "{\"owner\":\"a\",\"resume\":{\"nextOffset\":-1}}",
            "{\"owner\":\"a\",\"resume\":{\"nextOffset\":0,\"partition\":\"other\"}}",
            "{\"owner\":\"a\",\"owner\":\"b\"}",
            "{\"owner\":\"a\"} x",
            "{\"owner\":\"\\u0000\"}",
            "{\"owner\":\"\\ud800\"}",
            "{\"owner\":\"a\",\"resume\":{\"nextOffset\":0,\"state\":{\"bytes\":7}}}"
        }) {
            client.open("events", part, body).isProblem(400, "malformed-request");
        }
        client.snapshot("events", part).has("fencingToken", 0);
    }

    @Test
    void closesAsOftenAsOneLikesAndKeepsThePosition() {
        client.batch("events", part, 0, "1").isWritten("committed");
        for (int i = 0; i < 3; i++) {
            Answer answer = client.method("POST", partition("events", part) + "/close");
            assertThat(answer.status()).isEqualTo(200);
            answer.has("nextOffset", 1);
        }
        client.batch("events", part, 1, "2").isWritten("committed");
    }

    @Test
    void pagesThroughReceiptsByRange() {
        client.batch("events", part, 0, "1,2").isWritten("committed");
        client.batch("events", part, 2, "3,4").isWritten("committed");
        client.batch("events", part, 4, "5").isWritten("committed");
        Answer answer = client.get(partition("events", part) + "/receipts?from=3&to=4");
        assertThat(answer.body().path("receipts").size()).isEqualTo(1);
        assertThat(answer.body().path("receipts").get(0).path("first").longValue())
                .isEqualTo(2);
        assertThat(answer.body().path("next").isNull()).isTrue();
        client.get(partition("events", part) + "/receipts?frm=3").isProblem(400, "malformed-request");
    }

    @Test
    void splitsTheReceiptOfALargeBatch() {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < 25_000; i++) {
            lines.append(i).append('\n');
        }
        String path = partition("events", part);
        client.post(path + "?offset=100", Client.NDJSON, lines.toString()).isProblem(409, "offset-gap");
        client.post(path, Client.JSON, "{\"first\":0,\"end\":100,\"offsets\":[],\"records\":[]}");
        client.post(path + "?offset=100", Client.NDJSON, lines.toString()).isWritten("committed");
        Answer answer = client.get(path + "/receipts?from=100");
        assertThat(answer.body().path("receipts").size()).isEqualTo(3);
        assertThat(answer.body().path("receipts").get(1).path("first").longValue())
                .isEqualTo(10_100);
        client.post(path + "?offset=100", Client.NDJSON, lines.toString())
                .isWritten("duplicate")
                .has("duplicates", 25_000)
                .has("verified", true);
        client.post(path + "?offset=100", Client.NDJSON, lines.toString().replace("\n20001\n", "\n7\n"))
                .isProblem(422, "offset-conflict")
                .has("offset", 20_101);
    }

    @Test
    void listsSinksAndPartitionsWithTheirCounters() {
        client.batch("events", part, 0, "1,2").isWritten("committed");
        client.batch("events", part, 0, "1,2").isWritten("duplicate");
        client.batch("events", part, 9, "1").isProblem(409, "offset-gap");
        Answer sinks = client.get("/sinks");
        assertThat(sinks.body().path("sinks").get(0).path("guarantee").stringValue())
                .isEqualTo("exactly-once");
        Answer list = client.get("/sinks/events/partitions");
        assertThat(list.body().path("partitions").size()).isEqualTo(15);
        assertThat(list.body().path("partitions").get(0).path("partition").stringValue())
                .isEqualTo("a0");
        Answer one = client.get(partition("events", part));
        assertThat(one.body().path("snapshot").path("nextOffset").longValue()).isEqualTo(2);
        assertThat(one.body().path("counters").toString())
                .isEqualTo("{\"batches\":1,\"records\":2,\"duplicates\":2,\"refused\":1}");
        client.get("/sinks/evnts").isProblem(404, "unknown-sink");
    }
}
