package dev.sluice.sink;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/**
 * A {@link StatefulSinkPartition} whose writes may take long: a call over the network, or a write to other sinks.
 *
 * <p>The service calls {@link #sendAsync} in place of {@link StatefulSinkPartition#writeBatch}, while it holds neither
 * a transaction nor a pooled connection, and commits the snapshot afterwards. One process at a time does so for a
 * partition; only a process that was stopped for longer than its claim may find itself beside another.
 *
 * <p>Implement {@link #send} alone if your client blocks, and {@link #sendAsync} as well if it does not: then hundreds
 * of batches are under way without a thread for each.
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

    /**
     * Whether the target has to hear of offsets without a record, by a batch without items. Return false if {@link
     * #send} does nothing with such a batch: then offsets can be given up without the target.
     */
    default boolean hearsOfHoles() {
        return true;
    }

    /**
     * Begins to send a batch, as {@link #send} does, and returns without waiting for anything. The stage completes once
     * the batch has arrived, or fails with the exception that {@link #send} throws, usually a {@link SinkException}.
     *
     * <p>A partition is not called again before the stage has completed, so it must complete in any case: also when the
     * sink is closed while the batch is under way. It may do so in any thread, before this method returns or later;
     * whoever waits for it must not block that thread. A failure is never thrown by this method.
     *
     * <p>Unless a partition overrides this, it runs {@link #send} on {@code blocking}.
     *
     * @param blocking runs what would block the caller's thread, such as reading a file
     */
    default CompletionStage<Void> sendAsync(SinkBatch<X> batch, Executor blocking) {
        CompletableFuture<Void> arrived = new CompletableFuture<>();
        try {
            blocking.execute(() -> {
                try {
                    send(batch);
                    arrived.complete(null);
                } catch (RuntimeException | Error e) {
                    arrived.completeExceptionally(e);
                }
            });
        } catch (RejectedExecutionException e) {
            arrived.completeExceptionally(
                    new SinkException(Disposition.UNAVAILABLE, "no thread is free to send the batch", e));
        }
        return arrived;
    }
}
