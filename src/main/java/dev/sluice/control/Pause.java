package dev.sluice.control;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Something that does not flow, because somebody wants it so.
 *
 * @param drains whether what has been accepted is delivered at once
 * @param until when it ends by itself, null if it does not
 * @param by who wants it, null where that is not known
 * @param endsAt the same as {@code until} by {@link System#nanoTime}, so that replicas need not agree on the time
 */
public record Pause(
        Scope scope,
        Flow flow,
        boolean drains,
        Instant since,
        @Nullable Instant until,
        String reason,
        @Nullable String by,
        @Nullable Long endsAt) {

    boolean inForce() {
        return endsAt == null || endsAt - System.nanoTime() > 0;
    }

    /** Returns the seconds after which it is worth trying again. */
    public long secondsLeft(long most) {
        return endsAt == null ? most : Math.max(1, Math.min(most, (endsAt - System.nanoTime()) / 1_000_000_000L + 1));
    }
}
