package dev.sluice.sink;

import java.util.List;

/**
 * A {@link StatefulSinkPartition} that can write first and make durable later, so that the service writes to many
 * partitions and then waits for the disk once for all of them.
 *
 * <p>The service calls {@link #append} and {@link #flush} in place of {@link StatefulSinkPartition#writeBatch}, within
 * the same transaction.
 *
 * @param <X> what is handed over for each record
 */
public interface FlushedPartition<X> {

    /**
     * Writes the items in the order given; they need not be durable yet. Called any number of times before
     * {@link #flush}. Throws as {@link StatefulSinkPartition#writeBatch} does.
     */
    void append(List<X> items);

    /**
     * Returns once everything that was appended is durable. {@link StatefulSinkPartition#snapshot} tells of it from then
     * on.
     *
     * <p>May be called by another thread than {@link #append}, and of several partitions at the same time. Throws
     * {@link SinkException} where it fails; then everything since the last snapshot counts as not written.
     */
    void flush();
}
