package dev.sluice.resolution;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What is done to many dead letters of a sink.
 *
 * @param kind {@code replay} or {@code discard}
 * @param state {@code running}, {@code done}, {@code cancelled} or {@code failed}
 * @param expected how many there were when it began
 * @param done how many are settled
 * @param refused how many the target still refuses
 * @param message why it has failed, or why it waits
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record Task(
        UUID id,
        String kind,
        String sink,
        LetterFilter filter,
        String state,
        long expected,
        long done,
        long refused,
        @Nullable Long perSecond,
        String reason,
        @Nullable String actor,
        @Nullable String message,
        Instant createdAt,
        Instant updatedAt) {

    static final String REPLAY = "replay";
    static final String DISCARD = "discard";
    static final String RUNNING = "running";
    static final String DONE = "done";
    static final String CANCELLED = "cancelled";
    static final String FAILED = "failed";
}
