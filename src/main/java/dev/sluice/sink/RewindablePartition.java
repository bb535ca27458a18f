package dev.sluice.sink;

import org.jspecify.annotations.Nullable;

/**
 * A {@link StatefulSinkPartition} that can be taken back to an earlier position, for writers that replay in another
 * order.
 *
 * @param <S> the resume state
 */
public interface RewindablePartition<S> {

    /**
     * Removes everything at or above {@code nextOffset}, so that the partition stands where {@code state} was taken.
     *
     * <p>Same promise as {@link StatefulSinkPartition#writeBatch}: durable, or joined to the transaction, on return.
     */
    void rewind(long nextOffset, @Nullable S state);
}
