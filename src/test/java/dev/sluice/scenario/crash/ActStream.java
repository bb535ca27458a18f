package dev.sluice.scenario.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.scenario.Answer;
import dev.sluice.scenario.Client;
import java.time.Duration;
import java.util.Set;

/**
 * An operator who edits and replays a dead letter, replays a second one, and discards a third. The service dies as they
 * are settled, or as one of these things is done.
 */
final class ActStream extends LetterStream {

    /* The one at which the service dies, and what is done afterwards. */
    private static final int FIRST = REFUSED.get(0);
    private static final int REPLAYED = REFUSED.get(1);
    private static final int DISCARDED = REFUSED.get(2);
    private static final int LEFT = REFUSED.get(3);
    private static final String WHY = "{\"reason\":\"mended\"}";
    private static final Set<CrashPoint> DONE = Set.of(
            CrashPoint.AFTER_COMMIT_OF_REPLAY, CrashPoint.AFTER_COMMIT_OF_DISCARD, CrashPoint.AFTER_COMMIT_OF_EDIT);

    private String seen = "";

    ActStream(CrashingService service, Crash crash, String partition) {
        super(service, crash, partition);
    }

    @Override
    void begin() {
        write(0, BATCH);
        if (!crash.ofAct()) {
            if (!isTable()) {
                write(BATCH, FIRST);
            }
            return;
        }
        assertThat(writeRefused()).as(what()).isEqualTo(REFUSED.size());
        if (crash.ofEdit()) {
            seen = etag(FIRST);
        } else {
            edit(FIRST);
        }
    }

    @Override
    void provoke() {
        assertThat(survives(this::act)).as(what()).isFalse();
    }

    private void act() {
        if (crash.ofEdit()) {
            put(FIRST, seen);
        } else if (crash.ofReplay()) {
            client().post(letter(FIRST) + "/replay", Client.JSON, WHY);
        } else if (crash.ofDiscard()) {
            client().post(letter(DISCARDED) + "/discard", Client.JSON, WHY);
        } else {
            write(isTable() ? BATCH : FIRST, isTable() ? 2 * BATCH : FIRST + 1);
        }
    }

    @Override
    void goOn() {
        boolean done = DONE.contains(crash.point());
        assertStands(done);
        writeRest();
        if (crash.ofEdit() && done) {
            assertThat(put(FIRST, seen).status())
                    .as(what() + ": edited already")
                    .isEqualTo(409);
        } else if (crash.ofEdit() || !crash.ofAct()) {
            edit(FIRST);
        }
        finish(FIRST, "replay", "replayed");
        edit(REPLAYED);
        finish(REPLAYED, "replay", "replayed");
        finish(DISCARDED, "discard", "discarded");
        assertThat(letters())
                .as(what())
                .containsExactly(FIRST + " replayed", REPLAYED + " replayed", DISCARDED + " discarded", LEFT + " open");
        assertComplete(Set.of(FIRST, REPLAYED));
        assertTold("dead-letter-edit", 2, 0);
        assertTold("dead-letter-replay", 2, 2);
        assertTold("dead-letter-discard", 1, 1);
    }

    /* What was committed is there, and nothing else. */
    private void assertStands(boolean done) {
        if (crash.ofEdit()) {
            Answer first = client().get(letter(FIRST)).has("state", "open").has("revision", done ? 1 : 0);
            assertThat(first.body().has("edited")).as(what()).isEqualTo(done);
        } else if (crash.ofDiscard()) {
            client().get(letter(DISCARDED)).has("state", done ? "discarded" : "open");
        } else if (done) {
            client().get(letter(FIRST)).has("state", "replayed");
        }
    }

    /* Until it is done, or somebody says that it was. */
    private void finish(int offset, String act, String state) {
        await(what()).atMost(Duration.ofMinutes(1)).pollDelay(Duration.ZERO).until(() -> {
            Answer answer = client().post(letter(offset) + "/" + act, Client.JSON, WHY);
            assertThat(answer.status()).as(what() + ": " + answer.body()).isIn(200, 409, 429, 502, 503);
            return answer.text("state").equals(state);
        });
    }
}
