package dev.sluice.scenario.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.scenario.Answer;
import dev.sluice.scenario.Client;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;

/**
 * An operator who mends all dead letters but one, and has them replayed as a task, lot by lot. The service dies between
 * two lots; the process that comes after it is another replica, and goes on.
 */
final class TaskStream extends LetterStream {

    private static final List<Integer> MENDED = REFUSED.subList(0, 3);

    TaskStream(CrashingService service, Crash crash, String partition) {
        super(service, crash, partition);
    }

    @Override
    void begin() {
        write(0, BATCH);
        assertThat(writeRefused()).as(what()).isEqualTo(REFUSED.size());
        MENDED.forEach(this::edit);
    }

    /* The answer may come before the service dies, or not. */
    @Override
    void provoke() {
        survives(() -> {
            Answer begun = client().post(
                            "/sinks/" + sink() + "/dead-letters/replay",
                            Client.JSON,
                            "{\"filter\":{\"partition\":\"" + partition + "\"},\"expected\":" + REFUSED.size()
                                    + ",\"perSecond\":2,\"reason\":\"mended\"}");
            assertThat(begun.status()).as(what() + ": " + begun.body()).isEqualTo(202);
        });
    }

    @Override
    void goOn() {
        // As many as it may do in a second are a lot; outside the database one is.
        int lot = isTable() ? 2 : 1;
        assertThat(task().path("done").intValue())
                .as(what() + ": what was committed counts")
                .isBetween(lot, MENDED.size());
        writeRest();
        await(what())
                .atMost(Duration.ofMinutes(1))
                .until(() -> task().path("state").stringValue().equals("done"));
        JsonNode task = task();
        assertThat(List.of(
                        task.path("expected").intValue(),
                        task.path("done").intValue(),
                        task.path("refused").intValue()))
                .as(what())
                .containsExactly(REFUSED.size(), MENDED.size(), 1);
        assertThat(letters())
                .as(what())
                .containsExactly(
                        REFUSED.get(0) + " replayed",
                        REFUSED.get(1) + " replayed",
                        REFUSED.get(2) + " replayed",
                        REFUSED.get(3) + " open");
        assertComplete(Set.copyOf(MENDED));
        assertTold("dead-letters-replay", 1, 0);
        assertTold("dead-letter-replay", isTable() ? 2 : MENDED.size(), MENDED.size());
    }

    private JsonNode task() {
        JsonNode all = client().get("/sinks/" + sink() + "/tasks").body().path("tasks");
        List<JsonNode> ours = StreamSupport.stream(all.spliterator(), false)
                .filter(task ->
                        task.path("filter").path("partition").asString("").equals(partition))
                .toList();
        assertThat(ours).as(what()).hasSize(1);
        return ours.get(0);
    }
}
