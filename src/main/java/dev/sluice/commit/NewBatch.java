package dev.sluice.commit;

import dev.sluice.batch.BatchReader;
import dev.sluice.deadletter.NewDeadLetters;
import dev.sluice.deadletter.NewDeadLetters.Letter;
import dev.sluice.request.Trace;
import dev.sluice.snapshot.Snapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What is new of a batch.
 *
 * @param entry the batch
 * @param count how many records are new
 * @param deadLetters how many of them its target has refused
 */
record NewBatch(BatchEntry entry, NewRecords records, long count, long deadLetters) {

    /** Returns how many records are to be written. */
    long written() {
        return count - deadLetters;
    }

    /** Returns the same with so many more that the target has refused. */
    NewBatch without(int more) {
        return new NewBatch(entry, records, count, deadLetters + more);
    }

    /** Visits each record that is to be written, at which the reader stands then. */
    void each(Consumer<BatchReader> visit) {
        if (deadLetters == 0) {
            records.each(visit);
            return;
        }
        records.each(reader -> {
            if (!entry.aside().contains(reader.offset())) {
                visit.accept(reader);
            }
        });
    }

    /**
     * Returns the records that are not written.
     *
     * @param after the partition's snapshot after {@code later} more records than those of this batch
     */
    Optional<NewDeadLetters> letters(String partition, Snapshot after, long later) {
        if (deadLetters == 0) {
            return Optional.empty();
        }
        long settled = after.records() - later;
        List<Letter> letters = new ArrayList<>();
        long[] number = {settled - count};
        records.each(reader -> {
            number[0]++;
            var why = entry.aside().why(reader.offset());
            if (why != null) {
                letters.add(new Letter(reader.record(), reader.hash(), number[0], why));
            }
        });
        return Optional.of(new NewDeadLetters(
                partition, after.fencingToken(), count, settled, after.recordsFrom(), traceId(), letters));
    }

    private @Nullable String traceId() {
        Trace trace = entry.request().trace();
        return trace == null ? null : trace.id();
    }
}
