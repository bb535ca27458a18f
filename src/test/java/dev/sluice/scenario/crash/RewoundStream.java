package dev.sluice.scenario.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.scenario.Answer;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** A writer that goes back to an earlier snapshot, and then writes something else than before. */
final class RewoundStream extends CrashedStream {

    private static final int KEPT = 2 * BATCH;
    private static final int RECORDS = 4 * BATCH;

    private final List<String> records = records("before");
    private final List<String> other = records("after");
    private String resume = "";

    RewoundStream(CrashingService service, Crash crash, String partition) {
        super(service, crash, partition);
    }

    private static List<String> records(String text) {
        return IntStream.range(0, RECORDS)
                .mapToObj(i -> "{\"n\":" + i + ",\"text\":\"" + (text + "-").repeat(20) + "\"}")
                .toList();
    }

    @Override
    void begin() {
        long token = client().open(sink(), partition, "{\"owner\":\"writer\"}").number("fencingToken");
        write(token, records, 0, KEPT);
        resume = "{\"owner\":\"writer\",\"resume\":" + snapshot().body() + "}";
        write(token, records, KEPT, RECORDS);
    }

    private void write(long token, List<String> values, int from, int to) {
        for (int next = from; next < to; next += BATCH) {
            int first = next;
            untilTaken(() -> client().batch(
                            sink(),
                            partition,
                            first,
                            String.join(",", values.subList(first, first + BATCH)),
                            "Sluice-Fencing-Token",
                            Long.toString(token)));
        }
    }

    private Answer open() {
        return client().open(sink(), partition, resume);
    }

    @Override
    void provoke() {
        assertThat(survives(this::open)).as(what()).isFalse();
    }

    @Override
    void goOn() {
        boolean committed = crash.point() == CrashPoint.AFTER_COMMIT_OF_REWIND;
        snapshot().has("nextOffset", committed ? KEPT : RECORDS).has("fencingToken", committed ? 2 : 1);
        assertThat(stored(sink()))
                .as(what() + ": brought to its snapshot at the start")
                .isEqualTo(committed ? records.subList(0, KEPT) : records);
        Answer opened = untilTaken(this::open).has("nextOffset", KEPT);
        write(opened.number("fencingToken"), other, KEPT, RECORDS);
        assertReceiptsCover(sink(), RECORDS);
        assertThat(stored(sink()))
                .as(what())
                .isEqualTo(Stream.concat(records.subList(0, KEPT).stream(), other.subList(KEPT, RECORDS).stream())
                        .toList());
    }
}
