package dev.sluice.commit;

import dev.sluice.sink.FixedPartitionedSink;
import dev.sluice.sink.JointSink;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A batch in its lane. */
public final class BatchEntry extends LaneEntry<WriteOutcome> {

    /* Also one without records has its receipt. */
    private static final long OWN_BYTES = 100;

    private final WriteRequest request;
    private final Refusals refusals;
    private final int maxRanges;
    private final @Nullable JointSink joint;
    private final long createdAt = System.nanoTime();

    /** Makes the entry of a batch; {@code maxRanges} is 0 where offsets come in order. */
    public BatchEntry(WriteRequest request, Refusals refusals, int maxRanges, FixedPartitionedSink<?, ?> sink) {
        this.request = request;
        this.refusals = refusals;
        this.maxRanges = maxRanges;
        this.joint = sink instanceof JointSink able && maxRanges == 0 && !request.dryRun() ? able : null;
    }

    WriteRequest request() {
        return request;
    }

    /** Returns the sink that takes it together with batches of other partitions, null if it is committed by itself. */
    @Nullable
    JointSink joint() {
        return joint;
    }

    Refusals refusals() {
        return refusals;
    }

    /** Whether offsets may come in any order. */
    boolean anyOrder() {
        return maxRanges > 0;
    }

    /** Returns how many ranges of settled offsets are kept at most. */
    int maxRanges() {
        return maxRanges;
    }

    /** Returns how long it may still wait for its predecessor; not positive if no longer. */
    Duration remainingWait() {
        return request.patience().minusNanos(System.nanoTime() - createdAt);
    }

    /** Whether it has waited for longer than this, besides what it may wait for its predecessor. */
    boolean hasQueuedFor(Duration most) {
        return remainingWait().plus(most).isNegative();
    }

    @Override
    long bytes() {
        return request.batch().bytes() + OWN_BYTES;
    }

    @Override
    boolean alone() {
        return request.dryRun();
    }
}
