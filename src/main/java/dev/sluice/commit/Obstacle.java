package dev.sluice.commit;

import dev.sluice.commit.WriteOutcome.Conflict;
import dev.sluice.commit.WriteOutcome.Rejected;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A batch that was refused for what is in it, and that others cannot get past: it is of no use to wait behind it.
 *
 * @param first its first offset
 * @param end exclusive
 * @param conflict whether it contradicts what was committed; if not, its target refuses a record of it
 * @param refusedAt by {@link System#nanoTime}
 */
public record Obstacle(long first, long end, boolean conflict, long refusedAt) {

    /* What waits longest was sent no longer ago; what comes later belongs to no window of this batch. */
    private static final long WINDOW = Duration.ofSeconds(30).toNanos();

    /** Returns what a batch is to those behind it, null if nothing. */
    static @Nullable Obstacle of(BatchEntry entry, WriteOutcome outcome) {
        boolean conflict = outcome instanceof Conflict;
        return entry.request().dryRun() || !(conflict || outcome instanceof Rejected)
                ? null
                : new Obstacle(
                        entry.request().batch().first(), entry.request().batch().end(), conflict, System.nanoTime());
    }

    /** Whether others may come behind it: of a conflict with what is settled long since nobody waits for the end. */
    boolean isAhead(WriteOutcome outcome) {
        return !(outcome instanceof Conflict found) || end > found.current().nextOffset();
    }

    /** Whether a batch from {@code offset} on cannot follow where the partition stands at {@code nextOffset}. */
    boolean blocks(long nextOffset, long offset) {
        return nextOffset < end && first < offset && System.nanoTime() - refusedAt < WINDOW;
    }

    /** Whether a batch covers some of the same offsets, as one does that is sent again. */
    boolean isSentAgain(long from, long to) {
        return from < end && first < to;
    }
}
