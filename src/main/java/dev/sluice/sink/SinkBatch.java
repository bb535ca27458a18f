package dev.sluice.sink;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Items in order, with the half-open range {@code [first, end)} of offsets that they settle; offsets of the range
 * without an item are holes.
 *
 * @param <X> what is handed over for each record
 * @param traceparent the header (W3C Trace Context) that tells a target of the trace that the batch belongs to; null if
 *     that is none
 * @param tracestate the header that goes with it; null if there is none
 */
public record SinkBatch<X>(
        long first,
        long end,
        List<X> items,
        @Nullable String traceparent,
        @Nullable String tracestate) {

    /** Makes an immutable batch. */
    public SinkBatch {
        items = List.copyOf(items);
    }

    /** Makes an immutable batch that belongs to no trace. */
    public SinkBatch(long first, long end, List<X> items) {
        this(first, end, items, null, null);
    }

    /** Returns the same batch as one that belongs to a trace. */
    public SinkBatch<X> in(@Nullable String trace, @Nullable String state) {
        return new SinkBatch<>(first, end, items, trace, state);
    }
}
