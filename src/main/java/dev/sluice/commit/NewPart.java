package dev.sluice.commit;

import dev.sluice.batch.Batch;
import dev.sluice.commit.WriteOutcome.Status;
import dev.sluice.commit.WriteOutcome.Written;
import dev.sluice.snapshot.OffsetRange;
import dev.sluice.snapshot.Snapshot;
import java.util.List;

/**
 * What of a batch is not settled yet.
 *
 * @param ranges in order; empty if everything is settled
 * @param duplicates records that were committed before
 * @param verified whether all of these were compared with their receipts
 */
record NewPart(List<OffsetRange> ranges, long duplicates, boolean verified, Status status) {

    /** Whether no record of the batch was settled before. */
    boolean isAllOf(Batch batch) {
        return !batch.scattered() && ranges.equals(List.of(new OffsetRange(batch.first(), batch.end())));
    }

    Written written(long records, long deadLetters, Snapshot current) {
        return new Written(
                status,
                records,
                duplicates,
                deadLetters,
                verified,
                current.nextOffset(),
                current.fencingToken(),
                current.version(),
                current.deliveredOffset());
    }
}
