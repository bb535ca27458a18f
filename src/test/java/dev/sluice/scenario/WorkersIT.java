package dev.sluice.scenario;

import static dev.sluice.scenario.Client.JSON;
import static dev.sluice.scenario.Client.partition;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Workers keep no positions: what a batch comes to, and what its writer is told when it fails half-way. */
class WorkersIT {

    private static InProcess service;
    private static Client client;

    @BeforeAll
    static void start() {
        service = InProcess.with(MemorySinkType.class, "sluice.sinks.crew.type=memory", "sluice.sinks.crew.workers=5");
        client = service.client();
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    private static Answer post(int worker, String records) {
        return client.post(partition("crew", "" + worker), JSON, "[" + records + "]");
    }

    private static List<String> target(int worker) {
        return MemorySinkType.TARGET.get("crew/" + worker + " of 5");
    }

    @Test
    void writesAsOftenAsItIsAsked() {
        post(0, "1,2").isWritten("written").has("written", 2).has("guarantee", "at-least-once");
        post(0, "1,2").isWritten("written");
        assertThat(target(0)).containsExactly("1", "2", "1", "2");
        client.post(partition("crew", "0") + "?dryRun=true", JSON, "[3]")
                .isWritten("written")
                .has("dryRun", true);
        assertThat(target(0)).hasSize(4);
        Answer one = client.get("/sinks/crew/partitions/0");
        assertThat(one.body().path("snapshot").isMissingNode()).isTrue();
        assertThat(one.body().path("counters").path("records").longValue()).isEqualTo(4);
    }

    @Test
    void refusesTheWholeBatchForARecordThatIsNeverTaken() {
        Answer refused = post(1, "1,\"never\",3").isProblem(422, "record-rejected");
        assertThat(refused.body().path("rejected").get(0).path("offset").longValue())
                .isEqualTo(1);
        assertThat(target(1)).isNull();
    }

    @Test
    void tellsWhatTheTargetSays() {
        post(2, "\"unavailable\"").isProblem(503, "target-unavailable");
        assertThat(post(2, "\"refused\"").isProblem(422, "record-rejected").text("detail"))
                .contains("not in this house");
        post(2, "\"bug\"").isProblem(500, "internal-error");
        post(2, "1").isWritten("written");
    }

    @Test
    void saysThatTheOutcomeIsUnknownOnceAPartIsDelivered() {
        String most = String.join(",", Collections.nCopies(10_000, "1"));
        post(3, most).isWritten("written").has("written", 10_000);
        Answer half = post(3, most + ",\"refused\"").isProblem(503, "outcome-unknown");
        assertThat(half.text("detail")).contains("a part of the batch was delivered");
        String large = "\"" + "x".repeat(900_000) + "\"";
        post(4, String.join(",", Collections.nCopies(6, large))).isWritten("written");
        assertThat(target(4)).hasSize(6);
    }
}
