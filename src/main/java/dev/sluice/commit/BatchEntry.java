package dev.sluice.commit;

import java.time.Duration;

/** A batch in its lane. */
public final class BatchEntry extends LaneEntry<WriteOutcome> {

    private final WriteRequest request;
    private final Refusals refusals;
    private final int maxRanges;
    private final long waitUntil;

    /** Makes the entry of a batch; {@code maxRanges} is 0 where offsets come in order. */
    public BatchEntry(WriteRequest request, Refusals refusals, int maxRanges) {
        this.request = request;
        this.refusals = refusals;
        this.maxRanges = maxRanges;
        this.waitUntil = System.nanoTime() + request.patience().toNanos();
    }

    WriteRequest request() {
        return request;
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
        return Duration.ofNanos(waitUntil - System.nanoTime());
    }

    @Override
    boolean alone() {
        return request.dryRun();
    }
}
