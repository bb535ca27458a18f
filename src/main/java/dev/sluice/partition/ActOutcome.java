package dev.sluice.partition;

import dev.sluice.snapshot.ReceiptStore.Above;
import dev.sluice.snapshot.Snapshot;
import org.jspecify.annotations.Nullable;

/** What became of what an operator wants to be done to a partition. */
public sealed interface ActOutcome {

    /**
     * It was done, or would be.
     *
     * @param before where the partition stood
     * @param after where it stands now; on a dry run, where it would
     * @param gone what goes, where the partition is taken back
     * @param auditId of the act, null on a dry run
     */
    record Done(
            Snapshot before,
            Snapshot after,
            @Nullable Gone gone,
            @Nullable Long auditId) implements ActOutcome {}

    /**
     * What goes with a partition that is taken back.
     *
     * @param above what the ledger has of it
     * @param deadLetters dead letters at or above the offset, whatever has become of them
     */
    record Gone(Above above, long deadLetters) {}

    /** The partition has another version than the one that was looked at. */
    record Changed(Snapshot current) implements ActOutcome {}

    /** Another writer has opened it since the request came. */
    record Overtaken(Snapshot current) implements ActOutcome {}

    /** It cannot stand there. */
    record Refused(Snapshot current, String reason) implements ActOutcome {}
}
