package dev.sluice.partition;

import org.jspecify.annotations.Nullable;

/**
 * What an operator wants to be done to a partition.
 *
 * @param owner who holds it from then on
 * @param nextOffset where it is to stand; null to leave it where it is
 * @param state the sink's state at that offset, where it keeps one and is taken back
 * @param reason in their words
 * @param ifVersion do it only at this version of the snapshot
 * @param dryRun whether only to find out what would become of it
 */
public record ActRequest(
        String owner,
        @Nullable Long nextOffset,
        @Nullable String state,
        String reason,
        @Nullable Long ifVersion,
        boolean dryRun) {}
