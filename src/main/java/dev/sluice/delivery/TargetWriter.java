package dev.sluice.delivery;

import dev.sluice.sink.SinkBatch;
import dev.sluice.sink.SinkException;
import dev.sluice.sink.SinkRecord;
import java.util.concurrent.CompletableFuture;

/**
 * Hands batches on to other sinks of this service. A hop like any other: the receiving partition's snapshot decides
 * what is new, so that a batch may be handed on as often as one likes.
 */
public interface TargetWriter {

    /** Whether a partition takes batches now, as far as nobody has paused its intake. */
    boolean takes(String sink, String partition);

    /** Returns where a partition stands. */
    long nextOffset(String sink, String partition);

    /**
     * Brings a batch to a partition, unless it is there already; returns where the partition stands then. Throws
     * {@link SinkException} if the partition does not have all of it.
     */
    long write(String sink, String partition, SinkBatch<SinkRecord> batch);

    /**
     * Begins to bring a batch to a partition, as {@link #write} does, and returns at once. The answer fails with a
     * {@link SinkException}: a {@link TargetBehindException} where the partition stands before the batch.
     */
    CompletableFuture<Long> begin(String sink, String partition, SinkBatch<SinkRecord> batch);
}
