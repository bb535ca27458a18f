package dev.sluice.commit;

import java.time.Duration;

/** A batch in its lane. */
public final class BatchEntry extends LaneEntry<WriteOutcome> {

    private final WriteRequest request;
    private final Refusals refusals;
    private final long waitUntil;

    public BatchEntry(WriteRequest request, Refusals refusals) {
        this.request = request;
        this.refusals = refusals;
        this.waitUntil = System.nanoTime() + request.patience().toNanos();
    }

    WriteRequest request() {
        return request;
    }

    Refusals refusals() {
        return refusals;
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
