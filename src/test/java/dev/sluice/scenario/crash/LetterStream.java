package dev.sluice.scenario.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.scenario.Answer;
import dev.sluice.scenario.Client;
import dev.sluice.scenario.InProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * A writer whose target refuses some records, and an operator who edits and replays what has become of them. The
 * service dies as they are settled, or as one is replayed.
 */
final class LetterStream extends CrashedStream {

    private static final int RECORDS = 4 * BATCH;
    private static final List<Integer> REFUSED = List.of(BATCH + 3, BATCH + 7, BATCH + 11, BATCH + 15);
    /* The one at which the service dies, and what is done afterwards. */
    private static final int FIRST = REFUSED.get(0);
    private static final int REPLAYED = REFUSED.get(1);
    private static final int DISCARDED = REFUSED.get(2);
    private static final String BAD = ",\"bad\":true";
    private static final String WHY = "{\"reason\":\"mended\"}";

    private final List<String> records;

    LetterStream(CrashingService service, Crash crash, String partition) {
        super(service, crash, partition);
        this.records = IntStream.range(0, RECORDS)
                .mapToObj(i -> NumberedStream.mark(partition) + ",\"n\":" + i + (REFUSED.contains(i) ? BAD : "") + "}")
                .toList();
    }

    /* A target outside the database settles what comes alone. */
    private void write(int first, Consumer<Answer> told) {
        if (isTable()) {
            told.accept(untilTaken(() ->
                    client().batch(sink(), partition, first, String.join(",", records.subList(first, first + BATCH)))));
        } else {
            for (int i = first; i < first + BATCH; i++) {
                int offset = i;
                untilTaken(() -> client().batch(sink(), partition, offset, records.get(offset)));
            }
        }
    }

    private String letter(int offset) {
        return Client.partition(sink(), partition) + "/dead-letters/" + offset;
    }

    private void edit(int offset) {
        Answer edited = client().putWith(
                        letter(offset),
                        Client.JSON,
                        records.get(offset).replace(BAD, ""),
                        "If-Match",
                        client().etag(letter(offset)));
        assertThat(edited.status()).as(what() + ": " + edited.body()).isEqualTo(200);
    }

    @Override
    void begin() {
        write(0, answer -> {});
        if (crash.ofReplay()) {
            write(BATCH, answer -> answer.has("deadLettered", REFUSED.size()));
            edit(FIRST);
        }
    }

    @Override
    void provoke() {
        boolean survived = survives(() -> {
            if (crash.ofReplay()) {
                client().post(letter(FIRST) + "/replay", Client.JSON, WHY);
            } else {
                write(BATCH, answer -> {});
            }
        });
        assertThat(survived).as(what()).isFalse();
    }

    @Override
    void goOn() {
        for (int first = BATCH; first < RECORDS; first += BATCH) {
            write(first, answer -> {});
        }
        for (int first = 0; first < RECORDS; first += BATCH) {
            write(first, answer -> answer.isWritten("duplicate").has("duplicates", BATCH));
        }
        if (!crash.ofReplay()) {
            edit(FIRST);
        }
        finish(FIRST);
        edit(REPLAYED);
        finish(REPLAYED);
        client().post(letter(DISCARDED) + "/discard", Client.JSON, WHY).has("state", "discarded");
        snapshot().has("nextOffset", RECORDS);
        assertReceiptsCover(sink(), RECORDS);
        assertThat(letters())
                .as(what())
                .containsExactly(
                        FIRST + " replayed",
                        REPLAYED + " replayed",
                        DISCARDED + " discarded",
                        REFUSED.get(3) + " open");
        assertThat(taken()).as(what()).containsExactlyInAnyOrderElementsOf(expected());
        assertThat(replaysInTheTrail()).as(what()).isEqualTo(2);
    }

    /* Until it is done, or somebody says that it was. */
    private void finish(int offset) {
        await(what()).atMost(Duration.ofMinutes(1)).until(() -> {
            Answer answer = client().post(letter(offset) + "/replay", Client.JSON, WHY);
            assertThat(answer.status()).as(what() + ": " + answer.body()).isIn(200, 409, 429, 502, 503);
            return answer.text("state").equals("replayed");
        });
    }

    private List<String> letters() {
        return query("select source_offset, state from sluice.dead_letter where sink = '%s' and partition_id = '%s'"
                + " order by source_offset");
    }

    private int replaysInTheTrail() {
        return query("select id from sluice.audit where action = 'dead-letter-replay' and sink = '%s'"
                        + " and partition_id = '%s'")
                .size();
    }

    private List<String> query(String sql) {
        return InProcess.query(service.targets().database(), sql.formatted(sink(), partition));
    }

    /* Each record once: its offset tells a table's place from what was sent late. */
    private List<String> expected() {
        List<String> all = new ArrayList<>();
        for (int i = 0; i < RECORDS; i++) {
            boolean written = !REFUSED.contains(i) || i == FIRST || i == REPLAYED;
            if (written) {
                all.add((isTable() ? i + " " : "") + records.get(i).replace(BAD, ""));
            }
        }
        return all;
    }

    private List<String> taken() {
        return isTable()
                ? query("select source_offset || ' ' || data from \"%s\" where partition_id = '%s'"
                        + " order by source_offset")
                : stored(sink());
    }

    private boolean isTable() {
        return crash.subject().equals(Subject.LETTER_ROWS);
    }
}
