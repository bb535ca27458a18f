package dev.sluice.key;

import dev.sluice.access.Grant;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A key, without its secret.
 *
 * @param note what it is for, in the words of whoever made it
 * @param createdBy the name of an {@link dev.sluice.access.Identity}
 * @param expiresAt null if it does not
 * @param lastUsedAt to the minute, null if it was never used
 */
public record ApiKey(
        String id,
        String note,
        List<Grant> grants,
        Instant createdAt,
        String createdBy,
        @Nullable Instant expiresAt,
        @Nullable Instant lastUsedAt) {

    /** Returns the name by which its owner goes. */
    public String owner() {
        return "key:" + id;
    }
}
