package dev.sluice.live;

import dev.sluice.snapshot.PartitionKey;

/**
 * A partition cannot be built yet: its row can be read, but may still be lost, and the target would then be ahead of
 * what is left. A commit is visible, after a crash or a cancelled wait, before a synchronous standby has it. A
 * transaction that locks the row and commits makes it certain.
 */
public final class UnconfirmedRowException extends RuntimeException {
    private static final long serialVersionUID = 1;

    UnconfirmedRowException(PartitionKey key) {
        super("the row of " + key + " is not known to be durable", null, false, false);
    }
}
