package dev.sluice.outcome;

import java.time.Duration;
import java.time.Instant;

/** Failures in a row. Guarded by the window that it belongs to. */
final class FailureRun {

    /* What is not tried any more may have been given up, or may work again. A target that is taken for down by whoever
     * sends it writers must not stay so because no writer comes. */
    static final Duration FORGOTTEN_AFTER = Duration.ofMinutes(5);

    private final Instant since;
    private Instant last;
    private long failures;
    private Fault fault;
    private boolean told;

    FailureRun(Instant since, Instant last, Fault fault) {
        this.since = since;
        this.last = last;
        this.fault = fault;
        this.failures = 1;
    }

    void add(Instant now, Fault latest) {
        last = now;
        fault = latest;
        failures++;
    }

    boolean hasLasted(Duration most, Instant now) {
        return Duration.between(since, now).compareTo(most) >= 0;
    }

    /** Whether nobody has tried again for a long time. */
    boolean isOld(Instant now) {
        return last.isBefore(now.minus(FORGOTTEN_AFTER));
    }

    Instant since() {
        return since;
    }

    Instant last() {
        return last;
    }

    long failures() {
        return failures;
    }

    Fault fault() {
        return fault;
    }

    boolean told() {
        return told;
    }

    void tell() {
        told = true;
    }
}
