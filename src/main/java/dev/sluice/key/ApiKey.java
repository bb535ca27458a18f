package dev.sluice.key;

import dev.sluice.access.Grant;
import dev.sluice.access.Quotas;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A key, without its secret.
 *
 * @param note what it is for, in the words of whoever made it
 * @param quotas of whoever has it
 * @param createdBy the name of an {@link dev.sluice.access.Identity}
 * @param expiresAt null if it does not
 * @param lastUsedAt to the minute, null if it was never used
 * @param version rises by one with each change of note, grants, quotas and end
 */
public record ApiKey(
        String id,
        String note,
        List<Grant> grants,
        Quotas quotas,
        Instant createdAt,
        String createdBy,
        @Nullable Instant expiresAt,
        @Nullable Instant lastUsedAt,
        long version) {

    /** Returns the name by which its owner goes. */
    public String owner() {
        return "key:" + id;
    }
}
