package dev.sluice.commit;

import dev.sluice.snapshot.Snapshot;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The decision table: what a batch is to a partition, by its locked row alone. */
enum Decision {
    /** Opened, and the batch carries no token. */
    TOKEN_REQUIRED,
    /** An older token than the partition's. */
    FENCED,
    /** The partition's token, which another sender has opened. */
    FOREIGN_TOKEN,
    /** A token that was never issued. */
    UNKNOWN_TOKEN,
    /** Everything is below the next offset. */
    DUPLICATE,
    /** Begins below the next offset and ends above it. */
    OVERLAP,
    /** Begins at the next offset. */
    NEW,
    /** Begins above the next offset. */
    GAP;

    /** Decides, top to bottom. A zombie is told so even where its range is committed already. */
    static Decision of(Snapshot current, @Nullable Long fencingToken, @Nullable String sender, long first, long end) {
        return ofToken(current, fencingToken, sender).orElseGet(() -> ofRange(current, first, end));
    }

    /** Decides by the token alone; empty if nothing speaks against it. */
    static Optional<Decision> ofToken(Snapshot current, @Nullable Long fencingToken, @Nullable String sender) {
        if (fencingToken == null) {
            return current.opened() ? Optional.of(TOKEN_REQUIRED) : Optional.empty();
        }
        if (fencingToken < current.fencingToken()) {
            return Optional.of(FENCED);
        }
        if (fencingToken > current.fencingToken()) {
            return Optional.of(UNKNOWN_TOKEN);
        }
        return current.isOpenedByAnother(sender) ? Optional.of(FOREIGN_TOKEN) : Optional.empty();
    }

    private static Decision ofRange(Snapshot current, long first, long end) {
        if (end <= current.nextOffset()) {
            return DUPLICATE;
        }
        if (first < current.nextOffset()) {
            return OVERLAP;
        }
        return first == current.nextOffset() ? NEW : GAP;
    }
}
