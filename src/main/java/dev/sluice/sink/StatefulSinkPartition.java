package dev.sluice.sink;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One partition of a {@link FixedPartitionedSink}: writes records in order and can say where it stands.
 *
 * <p>Called by one thread at a time (not always the same one), only while the service holds the partition's row lock.
 * After any failure the object is dropped and a new one is built from the last committed state, so it need not clean
 * up after itself. Capabilities are added by implementing {@link TransactionalPartition},
 * {@link RewindablePartition} or {@link RecordProbe} as well.
 *
 * @param <X> what is handed over for each record
 * @param <S> the resume state
 */
public interface StatefulSinkPartition<X, S> {

    /**
     * Writes the items in the order given.
     *
     * <p>On return they are durable, or joined to the batch's transaction ({@link TransactionalPartition}). Batch
     * boundaries carry no meaning: one batch of a writer may come in several calls, several batches in one. Throws
     * {@link SinkException} where the target refuses or fails; then the whole batch counts as not written.
     */
    void writeBatch(List<X> items);

    /**
     * Returns the resume state after the last item written: an immutable value that no later write changes, or null
     * if this sink needs none.
     */
    @Nullable
    S snapshot();

    /** Releases resources. Writes nothing; may be called more than once, or never. */
    default void close() {}
}
