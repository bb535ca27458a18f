package dev.sluice.commit;

import dev.sluice.sink.RejectedRecord;
import dev.sluice.snapshot.Snapshot;
import java.util.List;
import org.jspecify.annotations.Nullable;

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
     * @param deadLettered records that the target refuses, settled as dead letters now
     * @param verified whether every duplicate was compared with its receipt
     * @param deliveredOffset how far the target was when the batch was decided, where that is another thing
     */
    record Written(
            Status status,
            long written,
            long duplicates,
            long deadLettered,
            boolean verified,
            long nextOffset,
            long fencingToken,
            long version,
            @Nullable Long deliveredOffset)
            implements WriteOutcome {

        /** Returns the same with so many more that the target has refused. */
        Written without(int more) {
            return new Written(
                    status,
                    written - more,
                    duplicates,
                    deadLettered + more,
                    verified,
                    nextOffset,
                    fencingToken,
                    version,
                    deliveredOffset);
        }
    }

    /** The partition has been opened, and the batch carries no token. */
    record TokenRequired(Snapshot current) implements WriteOutcome {}

    /** The batch carries a token older than the partition's: its writer is a zombie. */
    record Fenced(Snapshot current) implements WriteOutcome {}

    /** The batch carries the partition's token, which another sender has opened. */
    record ForeignToken(Snapshot current) implements WriteOutcome {}

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

    /**
     * The batch begins after the next offset.
     *
     * @param obstacle the refused batch that has to be mended first, null if none is known
     */
    record Gap(Snapshot current, @Nullable Obstacle obstacle) implements WriteOutcome {}

    /**
     * The target refuses records.
     *
     * @param records empty where the target did not say which
     * @param complete whether all refused records are listed
     * @param reason what the target said of the batch as a whole, null if it spoke of records
     * @param bound what keeps the sink from settling them as dead letters, null where it does not try to
     */
    record Rejected(
            List<RejectedRecord> records,
            boolean complete,
            @Nullable String reason,
            @Nullable String bound) implements WriteOutcome {

        /** Makes one for a sink that settles nothing. */
        public Rejected(List<RejectedRecord> records, boolean complete, @Nullable String reason) {
            this(records, complete, reason, null);
        }

        /** Whether the sink has refused records by itself, without a word of its target. */
        boolean mayBeMore() {
            return reason == null && bound == null;
        }
    }

    /**
     * The batch would leave more separate ranges of settled offsets than are kept.
     *
     * @param firstMissing the lowest offset that is not settled
     */
    record TooScattered(Snapshot current, long firstMissing, int maxRanges) implements WriteOutcome {}
}
