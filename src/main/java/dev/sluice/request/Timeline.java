package dev.sluice.request;

/**
 * When what happened to a batch whose request is recorded; by {@link System#nanoTime}, 0 where it did not come so far.
 * Written by the threads that have the batch in turn, read by the one that answers.
 */
public final class Timeline {

    private final long beganAt = System.nanoTime();
    private volatile long receivedAt;
    private volatile long turnAt;
    private volatile long decidedAt;
    private volatile long first;
    private volatile long count;

    /** The body has come to its end. */
    public void received(long firstOffset, long records) {
        first = firstOffset;
        count = records;
        receivedAt = System.nanoTime();
    }

    /** The batch has its turn. */
    public void turn(long nanos) {
        turnAt = nanos;
    }

    /** What becomes of the batch is known. */
    public void decided() {
        decidedAt = System.nanoTime();
    }

    long beganAt() {
        return beganAt;
    }

    long receivedAt() {
        return receivedAt;
    }

    long turnAt() {
        return turnAt;
    }

    long decidedAt() {
        return decidedAt;
    }

    long first() {
        return first;
    }

    long count() {
        return count;
    }
}
