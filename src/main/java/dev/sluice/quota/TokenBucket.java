package dev.sluice.quota;

import java.util.concurrent.TimeUnit;

/**
 * What may be taken in a second, and what the last second has left over. More may be taken than there is: then there is
 * nothing until that is made up for. Guarded by whoever has it.
 */
final class TokenBucket {

    /* Those who are refused are told different times, so that they do not meet again; none is sent far away for that. */
    private static final double LONGEST_QUEUE = 15;

    private double perSecond;
    private double level;
    private long at;
    private boolean begun;
    /* In nanoseconds: up to when what comes is promised to others who were refused. */
    private double promised;

    /** Adds what has come since the last call, at a rate that may be another one now. */
    void goOnTo(long now, double rate) {
        double most = Math.max(1, rate);
        level = begun ? Math.min(most, level + rate * (now - at) / TimeUnit.SECONDS.toNanos(1)) : most;
        if (!begun) {
            promised = now;
        }
        begun = true;
        at = now;
        perSecond = rate;
    }

    boolean has(double least) {
        return level >= least;
    }

    /** Takes it, whether or not there is that much; gives back what is negative. */
    void take(double amount) {
        level -= amount;
    }

    /** Whether it would be the same if it were made anew. */
    boolean isFull() {
        return level >= Math.max(1, perSecond);
    }

    /**
     * Returns after how many seconds, 1 or more, somebody may try again who was refused.
     *
     * @param least of which there was too little
     * @param wanted how much they want to take
     */
    long secondsUntil(double least, double wanted) {
        double second = TimeUnit.SECONDS.toNanos(1);
        double ready = at + Math.max(0, least - level) / perSecond * second;
        double turn = Math.max(ready, Math.min(promised, ready + LONGEST_QUEUE * second));
        promised = turn + wanted / perSecond * second;
        return Math.max(1, (long) Math.ceil((turn - at) / second));
    }
}
