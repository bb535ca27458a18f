package dev.sluice.watch;

import org.jspecify.annotations.Nullable;

/** A tab that is watched. Of looks that come faster than they are sent, the last one counts. Thread-safe. */
final class Watcher {

    private final Watched watched;

    /* Guarded by the monitor. */
    private @Nullable Look waiting;
    private boolean ended;

    Watcher(Watched watched) {
        this.watched = watched;
    }

    Watched watched() {
        return watched;
    }

    synchronized void show(Look look) {
        waiting = look;
        notifyAll();
    }

    synchronized void end() {
        ended = true;
        notifyAll();
    }

    synchronized boolean ended() {
        return ended;
    }

    /** Waits for the next look, null if there is none. */
    synchronized @Nullable Look next(long millis) throws InterruptedException {
        long until = System.nanoTime() + millis * 1_000_000;
        for (long left = millis;
                waiting == null && !ended && left > 0;
                left = (until - System.nanoTime()) / 1_000_000) {
            wait(left);
        }
        Look next = waiting;
        waiting = null;
        return next;
    }
}
