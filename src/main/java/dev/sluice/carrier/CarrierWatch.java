package dev.sluice.carrier;

import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks whether virtual threads still run, and gives them more carriers when they do not. A virtual thread that waits
 * for a class which another one initialises keeps its carrier; if that one needs a lock whose holder waits for a
 * carrier, nothing moves any more, for good (JDK-8369238; mended for the most part in JDK 26). There are as many
 * carriers as processors, so it takes two of them on a small machine, when many requests meet a service that has just
 * been started.
 */
final class CarrierWatch {

    private static final Logger log = LoggerFactory.getLogger(CarrierWatch.class);

    private static final long MILLIS_BETWEEN_LOOKS = 1_000;

    /* Counted, not measured: a process that was stopped for a while has lost no time. */
    private static final int MOST_SILENT_LOOKS = 5;

    private final Executor virtualThreads;
    private volatile boolean ran = true;
    private int silentLooks;
    private boolean told;
    private @Nullable Thread thread;

    CarrierWatch(Executor virtualThreads) {
        this.virtualThreads = virtualThreads;
    }

    /** Looks every second, on a platform thread. */
    void start() {
        thread = new Thread(this::watch, "carrier-watch");
        thread.setDaemon(true);
        thread.start();
    }

    void stop() {
        if (thread != null) {
            thread.interrupt();
        }
    }

    private void watch() {
        Carriers carriers = new Carriers();
        try {
            while (true) {
                Thread.sleep(MILLIS_BETWEEN_LOOKS);
                try {
                    look(carriers);
                } catch (RuntimeException | OutOfMemoryError e) {
                    log.warn("Whether virtual threads run could not be seen", e);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** By one thread at a time. */
    void look(Carriers carriers) {
        if (ran) {
            ran = false;
            virtualThreads.execute(() -> ran = true);
            if (silentLooks >= MOST_SILENT_LOOKS) {
                recovered(carriers);
            }
            silentLooks = 0;
        } else if (++silentLooks >= MOST_SILENT_LOOKS && !carriers.more() && !told) {
            told = true;
            log.error(
                    "No virtual thread has run for {} s: all platform threads that carry them are occupied{}, and no"
                            + " more can be had. This process answers nothing. If that does not pass, start it again;"
                            + " a JDK before 24 with -Djdk.virtualThreadScheduler.parallelism=32",
                    silentLooks,
                    carriers.count() == 0 ? "" : ", " + carriers.count() + " of them");
        }
    }

    /* Told only now: who held the lock of the log may have been among those that waited. */
    private void recovered(Carriers carriers) {
        log.warn(
                "No virtual thread had run for {} s: all platform threads that carry them were occupied, until there"
                        + " were {}. Up to JDK 25 each virtual thread that waits for a class to be initialised keeps one"
                        + " (JDK-8369238). They run again",
                silentLooks,
                carriers.count());
        carriers.asUsual();
        told = false;
    }
}
