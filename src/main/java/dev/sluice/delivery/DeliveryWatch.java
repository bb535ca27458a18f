package dev.sluice.delivery;

import dev.sluice.snapshot.PartitionKey;
import dev.sluice.snapshot.SnapshotStore;
import java.time.Duration;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;

/** Lets writers wait until what was accepted has reached its target, whichever process brings it there. */
@Component
public class DeliveryWatch {

    private static final long RECHECK_MILLIS = 250;

    private final SnapshotStore snapshots;
    private final Object somethingDelivered = new Object();

    DeliveryWatch(SnapshotStore snapshots) {
        this.snapshots = snapshots;
    }

    /** Waits until a partition is delivered up to {@code end}; returns how far it is then, or when time is up. */
    public long await(PartitionKey key, long end, Duration most) {
        long until = System.nanoTime() + most.toNanos();
        long delivered = deliveredOffset(key, 0);
        try {
            while (delivered < end && System.nanoTime() < until) {
                synchronized (somethingDelivered) {
                    somethingDelivered.wait(RECHECK_MILLIS);
                }
                delivered = deliveredOffset(key, delivered);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return delivered;
    }

    private long deliveredOffset(PartitionKey key, long before) {
        try {
            Long delivered = snapshots.read(key).deliveredOffset();
            return delivered == null ? 0 : delivered;
        } catch (DataAccessException e) {
            return before; // what was accepted stays accepted: a failure to look is no failure of the batch
        }
    }

    /** Wakes those who wait. */
    void delivered() {
        synchronized (somethingDelivered) {
            somethingDelivered.notifyAll();
        }
    }
}
