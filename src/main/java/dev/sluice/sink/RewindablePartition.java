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
     * <p>A {@link TransactionalPartition} removes it in the transaction. Any other only takes the state back and
     * destroys nothing yet, for the snapshot may still fail to be committed: after the commit a new partition is built
     * from the state, and removes what lies beyond it. The state comes from the writer: it must be checked against what
     * the partition knows, and refused with {@link IllegalArgumentException} if it was never its own. Throws
     * {@link NotRewindableException} where it can go back, but not as far as this.
     */
    void rewind(long nextOffset, @Nullable S state);
}
