package dev.sluice.bench.kafka;

import java.time.Duration;
import java.util.concurrent.Callable;

/** Asks until something is so, or for too long. */
final class Await {

    private Await() {}

    /**
     * @param what for the message, after "timed out: "
     * @param every between two questions; what is measured cannot be more exact than this
     */
    static void until(String what, Duration timeout, Duration every, Callable<Boolean> condition) throws Exception {
        long deadline = System.nanoTime() + timeout.toNanos();
        while (!condition.call()) {
            if (System.nanoTime() > deadline) {
                throw new PeerException("timed out: " + what + " within " + timeout.toSeconds() + " s");
            }
            Thread.sleep(every.toMillis());
        }
    }
}
