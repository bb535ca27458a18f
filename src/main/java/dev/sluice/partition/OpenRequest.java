package dev.sluice.partition;

import org.jspecify.annotations.Nullable;

/**
 * A writer takes a partition over.
 *
 * @param owner who it is, for the one that is fenced off
 * @param openedBy the name of the sender, whose the token is; null where nobody has to say who they are
 * @param ifFencingToken raise the token only if it is this one
 * @param resumeAt take the partition back to this offset; null to leave it where it is
 * @param resumeState the sink's state at that offset
 * @param reason for the trail of audit, where it is taken back
 */
public record OpenRequest(
        String owner,
        @Nullable String openedBy,
        @Nullable Long ifFencingToken,
        @Nullable Long resumeAt,
        @Nullable String resumeState,
        @Nullable String reason) {}
