package dev.sluice.commit;

import dev.sluice.sink.RejectedRecord;
import dev.sluice.snapshot.Snapshot;
import java.util.List;

/** What became of a batch: the rows of the decision table. Only {@link Written} means that its records are durable. */
public sealed interface WriteOutcome {

    /** How much of a written batch was new. */
    enum Status {
        /** All of it. */
        COMMITTED,
        /** The part at and above the partition's next offset. */
        TRIMMED,
        /** Nothing: it was committed before. */
        DUPLICATE
    }

    /**
     * The batch is committed, now or since earlier.
     *
     * @param written records written now
     * @param duplicates records that were committed earlier
     * @param verified whether every duplicate was compared with its receipt
     */
    record Written(
            Status status,
            long written,
            long duplicates,
            boolean verified,
            long nextOffset,
            long fencingToken,
            long version)
            implements WriteOutcome {}

    /** The partition has been opened, and the batch carries no token. */
    record TokenRequired(Snapshot current) implements WriteOutcome {}

    /** The batch carries a token older than the partition's: its writer is a zombie. */
    record Fenced(Snapshot current) implements WriteOutcome {}

    /** The batch carries a token that was never issued. */
    record UnknownToken(Snapshot current) implements WriteOutcome {}

    /** A record below the next offset differs from what was committed at {@code offset}. */
    record Conflict(long offset, Difference difference, Snapshot current) implements WriteOutcome {}

    /** In what way a conflicting batch differs. */
    enum Difference {
        /** Another value was committed at the offset. */
        OTHER_BYTES,
        /** The batch has a record where none was committed. */
        RECORD_IN_HOLE,
        /** The batch has no record where one was committed. */
        HOLE_OVER_RECORD
    }

    /** The batch begins after the next offset. */
    record Gap(Snapshot current) implements WriteOutcome {}

    /**
     * The target refuses records.
     *
     * @param complete whether all refused records are listed
     */
    record Rejected(List<RejectedRecord> records, boolean complete) implements WriteOutcome {}
}
