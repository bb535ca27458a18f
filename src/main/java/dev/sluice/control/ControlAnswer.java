package dev.sluice.control;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What is paused of a sink or a partition.
 *
 * @param partition null where the sink as a whole is paused
 * @param what {@code intake} or {@code delivery}
 * @param state {@code paused}; of what drains, {@code draining} while something is left, then {@code drained}
 * @param until when it ends by itself
 * @param left records that are accepted and not delivered yet, of what drains
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ControlAnswer(
        @Nullable String partition,
        String what,
        String state,
        @Nullable String by,
        Instant since,
        @Nullable Instant until,
        String reason,
        @Nullable Long left) {

    /**
     * Makes the answer.
     *
     * @param drained whether nothing is left, of what drains
     * @param left null where it is not told
     */
    public static ControlAnswer of(Pause pause, boolean drained, @Nullable Long left) {
        return new ControlAnswer(
                pause.scope().partition(),
                pause.flow().label(),
                pause.drains() ? drained ? "drained" : "draining" : "paused",
                pause.by(),
                pause.since(),
                pause.until(),
                pause.reason(),
                left);
    }
}
