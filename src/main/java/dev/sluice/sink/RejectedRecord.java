package dev.sluice.sink;

import org.jspecify.annotations.Nullable;

/**
 * One record that a target refuses, and why.
 *
 * @param field the column or field at fault, where known
 * @param code SQLSTATE, HTTP status or a code of the sink's own
 * @param message what was wrong and what was expected
 * @param hint what to do about it, where there is something to say
 */
public record RejectedRecord(
        long offset,
        @Nullable String field,
        String code,
        String message,
        @Nullable String hint) {}
