package dev.sluice.http;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Why another try is needed.
 *
 * @param reason what the target did, as in "it answered 503"
 * @param detail the beginning of what it said, as in ": not now"; may contain parts of records
 * @param maybeProcessed whether the target may have done something with the batch
 * @param retryAfter how long the target wants to be left alone, null if it did not say
 */
record Again(
        String reason,
        String detail,
        boolean maybeProcessed,
        @Nullable Duration retryAfter,
        @Nullable Throwable cause) {}
