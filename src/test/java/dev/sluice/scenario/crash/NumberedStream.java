package dev.sluice.scenario.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.scenario.Answer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** A writer with numbered records that repeats what was not acknowledged. */
final class NumberedStream extends CrashedStream {

    private static final int RECORDS = 8 * BATCH;
    private static final int MOST_AT_ONCE = 40;
    private static final int SMALL = 100;
    private static final int LARGE = 4000; // a batch of these is written in more than one block

    private final Random random;
    private final List<String> records = new ArrayList<>();
    private final int inFlight;
    private int acknowledged;

    NumberedStream(CrashingService service, Crash crash, String partition, long seed) {
        super(service, crash, partition);
        this.random = new Random(seed + crash.hashCode());
        int first = crash.subject().anyOrder() ? 1 : 2;
        this.inFlight = crash.fresh() ? 0 : first * BATCH;
        for (int i = 0; i < RECORDS; i++) {
            int padding = i / BATCH == inFlight / BATCH ? LARGE : SMALL + random.nextInt(20);
            records.add(mark(partition) + ",\"n\":" + i + ",\"padding\":\"" + "x".repeat(padding) + "\"}");
        }
    }

    /** Returns what the records of a partition begin with. */
    static String mark(String partition) {
        return "{\"of\":\"" + partition + "\"";
    }

    @Override
    void begin() {
        if (!crash.fresh()) {
            write(0, BATCH);
            int second = crash.subject().anyOrder() ? 2 * BATCH : BATCH;
            write(second, second + BATCH);
            drain(2 * BATCH);
        }
    }

    private Answer post(int from, int to) {
        return client().batch(sink(), partition, from, String.join(",", records.subList(from, to)));
    }

    private void write(int from, int to) {
        Answer answer = untilTaken(() -> post(from, to));
        acknowledged = Math.max(acknowledged, (int) answer.number("nextOffset"));
    }

    @Override
    void provoke() {
        int before = acknowledged;
        if (!survives(() -> write(inFlight, inFlight + BATCH))) {
            assertThat(acknowledged).as(what()).isEqualTo(before);
        }
    }

    @Override
    void goOn() {
        assertThat(snapshot().number("nextOffset"))
                .as(what() + ": what was acknowledged is there")
                .isGreaterThanOrEqualTo(acknowledged);
        if (crash.subject().anyOrder()) {
            writeInAnyOrder();
        } else if (crash.subject().recut()) {
            writeCutOtherwise();
        } else {
            for (int next = acknowledged; next < RECORDS; next += BATCH) {
                write(next, next + BATCH);
            }
        }
        snapshot().has("nextOffset", RECORDS);
        drain(RECORDS);
        assertReceiptsCover(sink(), RECORDS);
        for (String target : crash.subject().targets()) {
            assertReceiptsCover(target, RECORDS);
            assertStored(target);
        }
    }

    private void writeCutOtherwise() {
        int next = Math.max(0, acknowledged - random.nextInt(MOST_AT_ONCE));
        while (next < RECORDS) {
            int end = Math.min(RECORDS, next + 1 + random.nextInt(MOST_AT_ONCE));
            write(next, end);
            next = end;
        }
    }

    private void writeInAnyOrder() {
        List<Integer> starts = new ArrayList<>();
        for (int start = 0; start < RECORDS; start += BATCH) {
            starts.add(start);
        }
        Collections.shuffle(starts, random);
        starts.forEach(start -> write(start, Math.min(RECORDS, start + 1 + random.nextInt(MOST_AT_ONCE))));
        starts.forEach(start -> write(start, start + BATCH));
    }

    private void assertStored(String target) {
        List<String> stored = new ArrayList<>(stored(target));
        if (crash.subject().anyOrder()) {
            Collections.sort(stored);
            assertThat(stored).as(what()).isEqualTo(records.stream().sorted().toList());
        } else if (crash.mayRepeatAt(target)) {
            assertThatOneBatchWasRepeated(takeOutRepeated(stored), crash.repeatsAt(target));
            assertThat(stored).as(what()).isEqualTo(records);
        } else {
            assertThat(stored).as(what() + ": " + target).isEqualTo(records);
        }
    }

    private void assertThatOneBatchWasRepeated(List<String> again, boolean certainly) {
        assertThat(again).as(what()).hasSizeBetween(certainly ? 1 : 0, BATCH);
        if (!again.isEmpty()) {
            int first = records.indexOf(again.get(0));
            assertThat(first).as(what()).isBetween(inFlight, inFlight + BATCH - 1);
            assertThat(again).as(what()).isEqualTo(records.subList(first, first + again.size()));
        }
    }

    private static List<String> takeOutRepeated(List<String> stored) {
        Set<String> seen = new HashSet<>();
        List<String> again = new ArrayList<>();
        stored.removeIf(record -> !seen.add(record) && again.add(record));
        return again;
    }
}
