package dev.sluice.sink;

import java.util.List;

/**
 * One worker of a {@link DynamicSink}. Called by one thread at a time.
 *
 * @param <X> what is handed over for each record
 */
public interface StatelessSinkPartition<X> {

    /** Writes the items in the order given; on return they are as durable as this target makes them. */
    void writeBatch(List<X> items);

    /** Releases resources; may be called more than once, or never. */
    default void close() {}
}
