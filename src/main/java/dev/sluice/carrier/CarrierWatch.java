package dev.sluice.carrier;

import java.util.OptionalInt;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks whether virtual threads still run, and gives them more carriers when they do not. A virtual thread that waits
 * for a class which another one initialises keeps its carrier; if that one needs a lock whose holder waits for a
 * carrier, nothing moves any more, for good (JDK-8369238, before JDK 26). There are as many carriers as processors, so
 * it takes two of them on a small machine, when many requests meet a service that has just been started.
 */
final class CarrierWatch {

    private static final Logger log = LoggerFactory.getLogger(CarrierWatch.class);

    private static final long MILLIS_BETWEEN_LOOKS = 1_000;

    /* Counted, not measured: a process that was stopped for a while has lost no time. */
    private static final int MOST_SILENT_LOOKS = 5;

    private final Executor virtualThreads;
    private final Carriers carriers;
    private volatile boolean ran = true;
    private int silentLooks;
    private boolean told;
    private @Nullable Thread thread;

    CarrierWatch(Executor virtualThreads, Carriers carriers) {
        this.virtualThreads = virtualThreads;
        this.carriers = carriers;
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
        try {
            while (true) {
                Thread.sleep(MILLIS_BETWEEN_LOOKS);
                look();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** By one thread at a time. */
    void look() {
        if (ran) {
            ran = false;
            silentLooks = 0;
            virtualThreads.execute(() -> ran = true);
        } else if (++silentLooks % MOST_SILENT_LOOKS == 0) {
            help();
        }
    }

    /* First the help: who holds the lock of the log may be among those that wait. */
    private void help() {
        OptionalInt now = carriers.more();
        if (now.isPresent()) {
            log.warn(
                    "No virtual thread has run for {} s: all of the platform threads that carry them were stuck."
                            + " They have {} now. This JDK keeps one for each that waits for a class to be initialised"
                            + " (JDK-8369238, mended in JDK 26)",
                    MOST_SILENT_LOOKS,
                    now.getAsInt());
        } else if (!told) {
            told = true;
            log.error("No virtual thread runs any more: all of the platform threads that carry them are stuck, and no"
                    + " more can be had. This process answers nothing until it is started again. With a JDK before 24"
                    + " start it with -Djdk.virtualThreadScheduler.parallelism=32, or with a newer one");
        }
    }
}
