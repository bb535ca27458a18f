package dev.sluice.scenario.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.scenario.Answer;
import dev.sluice.scenario.Client;
import dev.sluice.scenario.InProcess;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/** A writer whose target refuses some records, and an operator who does something about what has become of them. */
abstract class LetterStream extends CrashedStream {

    static final int RECORDS = 4 * BATCH;
    static final List<Integer> REFUSED = List.of(BATCH + 3, BATCH + 7, BATCH + 11, BATCH + 15);
    private static final String BAD = ",\"bad\":true";

    private final List<String> records;

    LetterStream(CrashingService service, Crash crash, String partition) {
        super(service, crash, partition);
        this.records = IntStream.range(0, RECORDS)
                .mapToObj(i -> NumberedStream.mark(partition) + ",\"n\":" + i + (REFUSED.contains(i) ? BAD : "") + "}")
                .toList();
    }

    final Answer write(int first, int end) {
        return untilTaken(
                () -> client().batch(sink(), partition, first, String.join(",", records.subList(first, end))));
    }

    /**
     * Writes the batch some of whose records are refused; a target outside the database settles what comes alone. Returns
     * how many became dead letters.
     */
    final long writeRefused() {
        if (isTable()) {
            return write(BATCH, 2 * BATCH).number("deadLettered");
        }
        long deadLettered = 0;
        int next = BATCH;
        for (int refused : REFUSED) {
            write(next, refused);
            deadLettered += write(refused, refused + 1).number("deadLettered");
            next = refused + 1;
        }
        write(next, 2 * BATCH);
        return deadLettered;
    }

    /** Writes what is left, and all of it once more. */
    final void writeRest() {
        writeRefused();
        for (int first = 2 * BATCH; first < RECORDS; first += BATCH) {
            write(first, first + BATCH);
        }
        for (int first = 0; first < RECORDS; first += BATCH) {
            write(first, first + BATCH).isWritten("duplicate").has("duplicates", BATCH);
        }
    }

    final String letter(int offset) {
        return Client.partition(sink(), partition) + "/dead-letters/" + offset;
    }

    final String etag(int offset) {
        return client().etag(letter(offset));
    }

    /** Takes away what its target has against a record, if nobody has touched it since it had that ETag. */
    final Answer put(int offset, String etag) {
        return client().putWith(letter(offset), Client.JSON, records.get(offset).replace(BAD, ""), "If-Match", etag);
    }

    final void edit(int offset) {
        Answer edited = put(offset, etag(offset));
        assertThat(edited.status()).as(what() + ": " + edited.body()).isEqualTo(200);
    }

    final List<String> letters() {
        return query("select source_offset, state from sluice.dead_letter where sink = '%s' and partition_id = '%s'"
                + " order by source_offset");
    }

    /** Asserts that an act is in the trail so often, with so many records altogether. */
    final void assertTold(String action, int times, int settled) {
        assertThat(query("select count(*), coalesce(sum((after ->> 'records')::int), 0) from sluice.audit"
                        + " where sink = '%s' and partition_id = '%s' and action = '" + action + "'"))
                .as(what() + ": " + action)
                .containsExactly(times + " " + settled);
    }

    final void assertComplete(Set<Integer> replayed) {
        snapshot().has("nextOffset", RECORDS);
        assertReceiptsCover(sink(), RECORDS);
        assertThat(taken()).as(what()).containsExactlyInAnyOrderElementsOf(expected(replayed));
    }

    private List<String> query(String sql) {
        return InProcess.query(service.targets().database(), sql.formatted(sink(), partition));
    }

    /* Each record once: its offset tells a table's place from what was sent late. */
    private List<String> expected(Set<Integer> replayed) {
        List<String> all = new ArrayList<>();
        for (int i = 0; i < RECORDS; i++) {
            if (!REFUSED.contains(i) || replayed.contains(i)) {
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

    final boolean isTable() {
        return crash.subject().equals(Subject.LETTER_ROWS);
    }
}
