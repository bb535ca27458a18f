package dev.sluice.partition;

import dev.sluice.snapshot.Snapshot;

/** What became of a request to open a partition. */
public sealed interface OpenOutcome {

    /** The token was raised; the partition stands at {@code snapshot}. */
    record Opened(Snapshot snapshot) implements OpenOutcome {}

    /** The token is not the one that the writer expected it to be. */
    record Fenced(Snapshot current) implements OpenOutcome {}

    /** The partition stands before the position to resume at: committed data was lost. */
    record SinkBehind(Snapshot current) implements OpenOutcome {}

    /** The sink cannot take back what it has written. */
    record NotRewindable(Snapshot current) implements OpenOutcome {}
}
