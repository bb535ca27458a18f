package dev.sluice.commit;

import java.time.Duration;
import org.slf4j.Logger;

/** Logs errors with their stack traces, only so many in a period; says how many it has left out. Thread-safe. */
final class BoundedLog {

    private final Logger log;
    private final int most;
    private final long periodNanos;

    /* Guarded by the monitor. */
    private long begun = System.nanoTime();
    private int logged;
    private long leftOut;

    BoundedLog(Logger log, int most, Duration period) {
        this.log = log;
        this.most = most;
        this.periodNanos = period.toNanos();
    }

    void error(String message, Throwable e) {
        long before;
        synchronized (this) {
            if (System.nanoTime() - begun >= periodNanos) {
                begun = System.nanoTime();
                logged = 0;
            }
            if (logged >= most) {
                leftOut++;
                return;
            }
            logged++;
            before = leftOut;
            leftOut = 0;
        }
        if (before == 0) {
            log.error("{}", message, e);
        } else {
            log.error("{} ({} more were not logged)", message, before, e);
        }
    }
}
