package dev.sluice.live;

import dev.sluice.snapshot.PartitionKey;

/**
 * A partition cannot be built yet: its row can be read, but may still be lost. A commit is visible, after a crash or a
 * cancelled wait, before a synchronous standby has it; a target that was brought to where such a row stands would be
 * ahead of the row that is left after a failover. A transaction that locks the row and commits makes it certain.
 */
public final class UnconfirmedRowException extends RuntimeException {
    private static final long serialVersionUID = 1;

    UnconfirmedRowException(PartitionKey key) {
        super("the row of " + key + " is not known to be durable", null, false, false);
    }
}
