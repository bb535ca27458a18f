package dev.sluice.commit;

import dev.sluice.commit.WriteOutcome.Conflict;
import dev.sluice.commit.WriteOutcome.Rejected;
import org.jspecify.annotations.Nullable;

/**
 * A batch that was refused for what is in it, and that others cannot get past: it is of no use to wait behind it.
 *
 * @param first its first offset
 * @param end exclusive
 * @param conflict whether it contradicts what was committed; if not, its target refuses a record of it
 */
public record Obstacle(long first, long end, boolean conflict) {

    /** Returns what a batch is to those behind it, null if nothing. */
    static @Nullable Obstacle of(BatchEntry entry, WriteOutcome outcome) {
        boolean conflict = outcome instanceof Conflict;
        return entry.request().dryRun() || !(conflict || outcome instanceof Rejected)
                ? null
                : new Obstacle(
                        entry.request().batch().first(), entry.request().batch().end(), conflict);
    }

    /** Whether a batch from {@code offset} on cannot follow where the partition stands at {@code nextOffset}. */
    boolean blocks(long nextOffset, long offset) {
        return nextOffset < end && first < offset;
    }

    /** Whether a batch covers some of the same offsets, as one does that is sent again. */
    boolean isSentAgain(long from, long to) {
        return from < end && first < to;
    }
}
