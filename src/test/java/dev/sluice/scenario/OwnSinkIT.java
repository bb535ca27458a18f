package dev.sluice.scenario;

import static dev.sluice.scenario.Client.partition;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.scenario.MemorySinkType.State;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A sink of somebody's own, with a state and without a transaction: the life of its partitions. */
class OwnSinkIT {

    private static final String[] SETTINGS = {
        "sluice.sinks.memory.type=memory", "sluice.sinks.memory.partitions=m0,m1,m2,m3,m4,m5,m6,m7,m8,m9"
    };

    private static InProcess service;
    private static Client client;
    private static int used;

    private String part;

    @BeforeAll
    static void start() {
        service = InProcess.with(MemorySinkType.class, SETTINGS);
        client = service.client();
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    @BeforeEach
    void takePartition() {
        part = "m" + used++;
    }

    private List<State> built() {
        return MemorySinkType.BUILT.get("memory/" + part);
    }

    private List<String> target() {
        return MemorySinkType.TARGET.get("memory/" + part);
    }

    private InProcess replica() {
        return InProcess.on(service.database(), List.of(MemorySinkType.class), SETTINGS);
    }

    @Test
    void storesTheStateWithTheOffsets() {
        client.batch("memory", part, 0, "1,2").isWritten("committed").has("guarantee", "at-least-once");
        Answer snapshot = client.snapshot("memory", part);
        assertThat(snapshot.body().path("state").toString()).isEqualTo("{\"version\":1,\"length\":2}");
        client.batch("memory", part, 2, "3").isWritten("committed");
        assertThat(built()).as("built once, without a state").hasSize(1).containsOnlyNulls();
    }

    @Test
    void buildsThePartitionAnewWhereTheRowHasMovedWithoutIt() {
        client.batch("memory", part, 0, "1").isWritten("committed");
        try (InProcess other = replica()) {
            other.client().batch("memory", part, 1, "2,3").isWritten("committed");
        }
        client.batch("memory", part, 3, "4").isWritten("committed");
        assertThat(built().get(built().size() - 1)).isEqualTo(new State(1, 3));
        assertThat(target()).containsExactly("1", "2", "3", "4");
    }

    @Test
    void buildsThePartitionAnewAfterAFailureAndRemovesWhatWasNotCommitted() {
        client.batch("memory", part, 0, "1").isWritten("committed");
        client.batch("memory", part, 1, "2,\"unavailable\"")
                .isProblem(503, "target-unavailable")
                .has("sink", "memory")
                .has("partition", part);
        assertThat(target()).as("left by the failed write").hasSize(3);
        client.batch("memory", part, 1, "2").isWritten("committed");
        assertThat(target()).containsExactly("1", "2");
        assertThat(built()).containsExactly(null, new State(1, 1));
    }

    @Test
    void tellsEachDispositionOfAFailure() {
        client.batch("memory", part, 0, "\"unknown\"").isProblem(503, "outcome-unknown");
        client.batch("memory", part, 0, "\"broken\"").isProblem(500, "target-broken");
        client.batch("memory", part, 0, "\"bug\"").isProblem(500, "internal-error");
        Answer refused = client.batch("memory", part, 0, "\"refused\"").isProblem(422, "record-rejected");
        assertThat(refused.text("detail")).contains("not in this house");
        client.snapshot("memory", part).has("nextOffset", 0).has("version", 0);
        client.batch("memory", part, 0, "1").isWritten("committed");
    }

    @Test
    void bringsEveryPartitionBackToItsSnapshotAtTheStart() {
        client.batch("memory", part, 0, "1,2").isWritten("committed");
        target().add("never acknowledged");
        try (InProcess other = replica()) {
            assertThat(target()).as("nobody has written").containsExactly("1", "2");
        }
    }

    @Test
    void startsInSpiteOfOneBrokenTargetAndTellsWhoeverWritesToIt() {
        client.batch("memory", part, 0, "1,2").isWritten("committed");
        target().clear();
        try (InProcess other = replica()) {
            Answer answer = other.client().batch("memory", part, 2, "3").isProblem(500, "target-broken");
            assertThat(answer.text("detail")).contains("0 items, expected 2");
        }
    }

    @Test
    void cannotBeTakenBack() {
        client.batch("memory", part, 0, "1,2").isWritten("committed");
        client.open("memory", part, "{\"owner\":\"a\",\"resume\":{\"nextOffset\":1}}")
                .isProblem(409, "not-rewindable");
        client.snapshot("memory", part).has("fencingToken", 0).has("nextOffset", 2);
        client.open("memory", part, "{\"owner\":\"a\",\"resume\":{\"nextOffset\":2}}")
                .has("fencingToken", 1);
        client.batch("memory", part, 2, "3", "Sluice-Fencing-Token", "1").isWritten("committed");
        assertThat(client.snapshot("memory", part).body().path("state").toString())
                .as("open keeps the state")
                .isEqualTo("{\"version\":1,\"length\":3}");
    }

    @Test
    void writesNothingInADryRunThatCouldNotBeTakenBack() {
        client.batch("memory", part, 0, "1").isWritten("committed");
        client.post(partition("memory", part) + "?dryRun=true", Client.JSON, Client.dense(1, "2"))
                .isWritten("committed")
                .has("dryRun", true)
                .has("written", 1);
        assertThat(target()).containsExactly("1");
        client.batch("memory", part, 1, "3").isWritten("committed");
        assertThat(target()).containsExactly("1", "3");
    }

    @Test
    void releasesThePartitionWhenItIsClosed() {
        client.batch("memory", part, 0, "1").isWritten("committed");
        int closed = MemorySinkType.CLOSED.get();
        client.method("POST", partition("memory", part) + "/close").has("nextOffset", 1);
        assertThat(MemorySinkType.CLOSED.get()).isEqualTo(closed + 1);
        client.batch("memory", part, 1, "2").isWritten("committed");
        assertThat(built()).containsExactly(null, new State(1, 1));
    }
}
