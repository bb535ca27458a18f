package dev.sluice.bench.load;

/**
 * When requests are due. At a given rate they are due at fixed moments, whether or not a connection is free: a request
 * that has to wait for one is late, and its latency counts from when it was due (no coordinated omission).
 */
final class Pace {

    private final double nanosBetween;
    private long beganAt;
    private long taken;

    Pace(long rate) {
        nanosBetween = rate == 0 ? 0 : 1e9 / rate;
    }

    void begin(long now) {
        beganAt = now;
        taken = 0;
    }

    boolean due(long now) {
        return nanosBetween == 0 || dueAt() <= now;
    }

    /** Returns the moment from which the latency of the request that is sent now counts. */
    long take(long now) {
        long at = nanosBetween == 0 ? now : dueAt();
        taken++;
        return at;
    }

    /** Returns when the next request is due; far away where nothing but answers sets the pace. */
    long nextAt(long now) {
        return nanosBetween == 0 ? now + 100_000_000 : dueAt();
    }

    private long dueAt() {
        return beganAt + (long) (taken * nanosBetween);
    }
}
