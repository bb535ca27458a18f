package dev.sluice.scenario;

import static dev.sluice.scenario.Client.JSON;
import static dev.sluice.scenario.Client.partition;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Two services in a row, by the protocol that both speak: exactly once from end to end. */
class ChainIT {

    private static InProcess far;
    private static InProcess near;
    private static Client client;

    @BeforeAll
    static void start() {
        far = InProcess.start("sluice.sinks.rows.type=table", "sluice.sinks.rows.partitions=0,1,2,3");
        near = InProcess.start(
                "sluice.sinks.relay.type=http",
                "sluice.sinks.relay.envelope=sluice",
                "sluice.sinks.relay.url=http://127.0.0.1:" + far.client().port() + "/sinks/rows/partitions/{partition}",
                "sluice.sinks.relay.partitions=0,1,2,3",
                "sluice.sinks.relay.guarantee=exactly-once",
                "sluice.sinks.buffered.type=batching",
                "sluice.sinks.buffered.target=relay",
                "sluice.sinks.buffered.flush-interval=50ms");
        client = near.client();
    }

    @AfterAll
    static void stop() {
        near.close();
        far.close();
    }

    @Test
    void handsOnOffsetsHolesAndAdvances() {
        client.post(partition("relay", "0"), JSON, "{\"first\":0,\"end\":100,\"offsets\":[],\"records\":[]}")
                .isWritten("committed")
                .has("guarantee", "exactly-once");
        far.client().snapshot("rows", "0").has("nextOffset", 100);
        client.batch("relay", "0", 100, "1,2").isWritten("committed");
        client.post(
                        partition("relay", "0"),
                        JSON,
                        "{\"first\":101,\"end\":110,\"offsets\":[101,105],\"records\":[2,3]}")
                .isWritten("trimmed");
        far.client().snapshot("rows", "0").has("nextOffset", 110);
        assertThat(far.query("select source_offset, data from rows where partition_id = '0' order by 1"))
                .containsExactly("100 1", "101 2", "105 3");
    }

    @Test
    void findsItsOwnRecordsThereAfterALostAnswer() {
        far.client().batch("rows", "1", 0, "1,2").isWritten("committed");
        client.batch("relay", "1", 0, "1,2").isWritten("committed").has("written", 2);
        assertThat(far.query("select count(*) from rows where partition_id = '1'"))
                .containsExactly("2");
        far.client().batch("rows", "1", 2, "3").isWritten("committed");
        Answer other = client.batch("relay", "1", 2, "33").isProblem(500, "target-broken");
        assertThat(other.text("detail")).contains("offset");
        client.snapshot("relay", "1").has("nextOffset", 2);
    }

    @Test
    void namesTheRecordsThatTheFarEndRefuses() {
        far.execute("alter table rows add constraint small check (partition_id <> '2' or data::text::int < 10)");
        Answer refused = client.batch("relay", "2", 0, "1,20").isProblem(422, "record-rejected");
        assertThat(refused.body().path("rejected").get(0).path("offset").longValue())
                .isEqualTo(1);
        assertThat(refused.body().path("rejected").get(0).path("code").stringValue())
                .isEqualTo("23514");
        client.batch("relay", "2", 0, "1").isWritten("committed");
    }

    @Test
    void deliversABufferThroughTheChain() {
        for (int i = 0; i < 20; i++) {
            client.batch("buffered", "3", i, "" + i).isWritten("committed");
        }
        await().atMost(Duration.ofSeconds(20))
                .until(() -> client.snapshot("buffered", "3").number("deliveredOffset") == 20);
        assertThat(far.query("select source_offset from rows where partition_id = '3' order by 1"))
                .hasSize(20);
    }
}
