package dev.sluice.commit;

import dev.sluice.snapshot.Snapshot;
import org.jspecify.annotations.Nullable;

/** The decision table: what a batch is to a partition, by its locked row alone. */
enum Decision {
    /** Opened, and the batch carries no token. */
    TOKEN_REQUIRED,
    /** An older token than the partition's. */
    FENCED,
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
    static Decision of(Snapshot current, @Nullable Long fencingToken, long first, long end) {
        if (fencingToken == null && current.opened()) {
            return TOKEN_REQUIRED;
        }
        if (fencingToken != null && fencingToken < current.fencingToken()) {
            return FENCED;
        }
        if (fencingToken != null && fencingToken > current.fencingToken()) {
            return UNKNOWN_TOKEN;
        }
        if (end <= current.nextOffset()) {
            return DUPLICATE;
        }
        if (first < current.nextOffset()) {
            return OVERLAP;
        }
        return first == current.nextOffset() ? NEW : GAP;
    }
}
