package dev.sluice.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.commit.Lanes;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Batches of one partition that are committed together have one row in the ledger, and are told apart all the same. */
class SharedReceiptsIT {

    private InProcess service;
    private Client client;

    @BeforeEach
    void commitFiveBatchesTogether() throws SQLException {
        service = InProcess.start(
                "sluice.sinks.events.type=table", "sluice.sinks.events.partitions=p,q", "sluice.lanes.joint-groups=1");
        client = service.client();
        try (Connection holder = service.database().connect();
                Statement statement = holder.createStatement()) {
            holder.setAutoCommit(false);
            statement.execute("insert into events (partition_id, source_offset, data) values ('q', 0, '0')");
            CompletableFuture<Answer> underWay = send("q", 0, "0");
            await().until(() -> service.waitingForLocks().size() == 1);
            List<CompletableFuture<Answer>> together = List.of(
                    send("p", 0, "0"), send("p", 1, "1,2"), send("p", 3, "3"), send("p", 4, "4,5"), send("p", 6, "6"));
            await().until(() -> service.bean(Lanes.class).waiting() == together.size());
            holder.rollback();
            underWay.join().isWritten("committed");
            together.forEach(answer -> answer.join().isWritten("committed"));
        }
    }

    @AfterEach
    void stop() {
        service.close();
    }

    private CompletableFuture<Answer> send(String partition, long offset, String records) {
        return client.postAsync(
                Client.partition("events", partition), Client.JSON, Client.dense(offset, records), "Prefer", "wait=20");
    }

    private List<String> rows() {
        return service.query("select first_offset, end_offset, record_count from sluice.receipt"
                + " where partition_id = 'p' order by first_offset");
    }

    private List<String> told(String query) {
        Answer answer = client.get(Client.partition("events", "p") + "/receipts" + query);
        return StreamSupport.stream(answer.body().path("receipts").spliterator(), false)
                .map(receipt -> receipt.path("first").longValue() + "-"
                        + receipt.path("end").longValue() + ": "
                        + receipt.path("records").longValue())
                .toList();
    }

    @Test
    void tellsEachBatchOfARow() {
        assertThat(rows()).containsExactly("0 7 7");
        assertThat(told("")).containsExactly("0-1: 1", "1-3: 2", "3-4: 1", "4-6: 2", "6-7: 1");
        assertThat(told("?from=2&to=4")).containsExactly("1-3: 2", "3-4: 1");
    }

    @Test
    void comparesWhatIsRepeated() {
        client.batch("events", "p", 1, "1,2").isWritten("duplicate").has("verified", true);
        client.batch("events", "p", 2, "2,3,4").isWritten("duplicate").has("verified", true);
        client.batch("events", "p", 2, "2,7,4")
                .isProblem(422, "offset-conflict")
                .has("offset", 3);
        client.batch("events", "p", 5, "5,6,7").isWritten("trimmed").has("verified", true);
    }

    @Test
    void cutsARowWhereAWriterResumes() {
        client.open("events", "p", "{\"owner\":\"a\",\"resume\":{\"nextOffset\":2}}")
                .has("nextOffset", 2);
        assertThat(rows()).containsExactly("0 2 2");
        client.batch("events", "p", 2, "8,9", "Sluice-Fencing-Token", "1").isWritten("committed");
        assertThat(told("")).containsExactly("0-1: 1", "1-2: 1", "2-4: 2");
        client.batch("events", "p", 0, "0,1,8,9", "Sluice-Fencing-Token", "1")
                .isWritten("duplicate")
                .has("verified", true);
    }
}
