package dev.sluice.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A whole batch is delivered when it is accepted: nobody has to look for it. */
class WholeBatchesIT {

    private static InProcess service;
    private static Client client;

    @BeforeAll
    static void start() {
        service = InProcess.start(
                "sluice.delivery.look-every=1h",
                "sluice.sinks.rows.type=table",
                "sluice.sinks.rows.partitions=a,b,c,d",
                "sluice.sinks.by-count.type=batching",
                "sluice.sinks.by-count.target=rows",
                "sluice.sinks.by-count.batch-size=3",
                "sluice.sinks.by-count.flush-interval=1h",
                "sluice.sinks.by-bytes.type=batching",
                "sluice.sinks.by-bytes.target=rows",
                "sluice.sinks.by-bytes.batch-bytes=10B",
                "sluice.sinks.by-bytes.flush-interval=1h");
        client = service.client();
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    private static void awaitDelivered(String sink, String partition, long offset) {
        await().atMost(Duration.ofSeconds(20))
                .until(() ->
                        client.snapshot(sink, partition).text("deliveredOffset").equals(Long.toString(offset)));
    }

    @Test
    void deliversAsManyRecordsAsAreABatch() {
        client.batch("by-count", "a", 0, "0,1").isWritten("committed").has("deliveredOffset", 0);
        client.batch("by-count", "b", 0, "0,1,2").isWritten("committed");
        awaitDelivered("by-count", "b", 3);
        client.snapshot("by-count", "a").has("deliveredOffset", 0);
        client.batch("by-count", "a", 2, "2,3,4,5,6").isWritten("committed");
        awaitDelivered("by-count", "a", 6);
        assertThat(service.query("select count(*) from rows where partition_id in ('a', 'b')"))
                .containsExactly("9");
    }

    @Test
    void deliversAsManyBytesAsAreABatch() {
        client.batch("by-bytes", "c", 0, "\"aaaa\"").isWritten("committed").has("deliveredOffset", 0);
        client.batch("by-bytes", "d", 0, "\"aaaaaaaa\"").isWritten("committed");
        awaitDelivered("by-bytes", "d", 1);
        client.snapshot("by-bytes", "c").has("deliveredOffset", 0);
        client.batch("by-bytes", "c", 1, "\"bbbb\"").isWritten("committed");
        awaitDelivered("by-bytes", "c", 1);
    }
}
