package dev.sluice.commit;

import dev.sluice.batch.Batch;
import dev.sluice.batch.BatchReader;
import dev.sluice.commit.WriteOutcome.Rejected;
import dev.sluice.sink.Disposition;
import dev.sluice.sink.FixedPartitionedSink;
import dev.sluice.sink.RejectedRecord;
import dev.sluice.sink.SinkException;
import java.util.ArrayList;
import java.util.List;

/**
 * The records of a batch that its sink can never accept, found before anything is locked. They matter only if they
 * turn out to be new.
 *
 * @param listed the first ones
 * @param count all of them
 * @param last offset of the last one, −1 if there is none
 */
public record Refusals(List<RejectedRecord> listed, long count, long last) {

    static final int MOST_LISTED = 100;

    public static Refusals of(FixedPartitionedSink<?, ?> sink, Batch batch) {
        List<RejectedRecord> listed = new ArrayList<>();
        long count = 0;
        long last = -1;
        BatchReader reader = batch.reader();
        while (reader.next()) {
            try {
                sink.check(reader.record());
            } catch (SinkException e) {
                if (e.disposition() != Disposition.REJECTED) {
                    throw e;
                }
                if (listed.size() < MOST_LISTED) {
                    listed.addAll(e.rejected());
                }
                count++;
                last = reader.offset();
            }
        }
        return new Refusals(List.copyOf(listed), count, last);
    }

    boolean concern(long nextOffset) {
        return last >= nextOffset;
    }

    Rejected outcome(long nextOffset) {
        return new Rejected(
                listed.stream().filter(record -> record.offset() >= nextOffset).toList(), count <= MOST_LISTED);
    }
}
