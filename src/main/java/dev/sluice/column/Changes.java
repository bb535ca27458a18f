package dev.sluice.column;

import org.jspecify.annotations.Nullable;

/**
 * How records say what they do to rows.
 *
 * @param operation where they say it, null if nowhere
 * @param envelope what is around the rows
 * @param tombstones what becomes of records that are null
 * @param truncates what becomes of truncations, which only envelopes tell
 */
public record Changes(@Nullable Operation operation, Envelope envelope, Tombstones tombstones, Truncates truncates) {}
