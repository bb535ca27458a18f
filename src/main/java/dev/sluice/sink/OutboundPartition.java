package dev.sluice.sink;

/**
 * A {@link StatefulSinkPartition} whose writes may take long: a call over the network, or a write to other sinks.
 *
 * <p>The service calls {@link #send} in place of {@link StatefulSinkPartition#writeBatch}, while it holds neither a
 * transaction nor a pooled connection, and commits the snapshot afterwards. One process at a time does so for a
 * partition; only a process that was stopped for longer than its claim may find itself beside another.
 *
 * @param <X> what is handed over for each record
 */
public interface OutboundPartition<X> {

    /**
     * Sends a batch of a writer; on return it has arrived.
     *
     * <p>Batches are not joined with others. One that is too large for memory comes in several calls, cut at the same
     * places whenever it is repeated. A batch without items settles offsets that have no record.
     */
    void send(SinkBatch<X> batch);
}
