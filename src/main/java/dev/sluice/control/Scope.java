package dev.sluice.control;

import org.jspecify.annotations.Nullable;

/**
 * A sink, or one of its partitions.
 *
 * @param partition null for the sink as a whole
 */
public record Scope(String sink, @Nullable String partition) {

    /** Returns it as people write it. */
    public String text() {
        return partition == null ? sink : sink + "/" + partition;
    }
}
