package dev.sluice.partition;

import dev.sluice.snapshot.Snapshot;
import org.jspecify.annotations.Nullable;

/** What became of a request to open a partition. */
public sealed interface OpenOutcome {

    /**
     * The token was raised; the partition stands at {@code snapshot}.
     *
     * @param auditId of the act if it stood further before, null if it was only opened
     */
    record Opened(Snapshot snapshot, @Nullable Long auditId) implements OpenOutcome {

        boolean rewound() {
            return auditId != null;
        }
    }

    /** The token is not the one that the writer expected it to be. */
    record Fenced(Snapshot current) implements OpenOutcome {}

    /** Another open came before this one, though it arrived later: what has been written since would be lost. */
    record Overtaken(Snapshot current) implements OpenOutcome {}

    /** The partition stands before the position to resume at: committed data was lost. */
    record SinkBehind(Snapshot current) implements OpenOutcome {}

    /** The sink cannot take back what it has written, or not as far as that. */
    record NotRewindable(Snapshot current, String reason) implements OpenOutcome {}

    /** The state to resume from was never this partition's. */
    record ForeignState(String reason) implements OpenOutcome {}

    /** The database cannot hold the owner's name or the state, in the encoding that it has. */
    record Unstorable(String reason) implements OpenOutcome {}
}
