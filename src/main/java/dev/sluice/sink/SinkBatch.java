package dev.sluice.sink;

import java.util.List;

/**
 * Items in order, with the half-open range {@code [first, end)} of offsets that they settle; offsets of the range
 * without an item are holes.
 *
 * @param <X> what is handed over for each record
 */
public record SinkBatch<X>(long first, long end, List<X> items) {

    /** Makes an immutable batch. */
    public SinkBatch {
        items = List.copyOf(items);
    }
}
