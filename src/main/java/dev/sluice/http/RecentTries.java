package dev.sluice.http;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The last requests to a target, without anything that was in them. Thread-safe. */
final class RecentTries {

    private static final int MOST = 20;

    /**
     * A request that has ended.
     *
     * @param answer the status, or {@code unsent} or {@code unanswered}
     */
    record Ended(Instant at, String answer, long millis) {}

    private final Deque<Ended> last = new ArrayDeque<>(MOST);

    void add(String answer, long nanos) {
        Ended ended =
                new Ended(Instant.now().truncatedTo(ChronoUnit.MILLIS), answer, TimeUnit.NANOSECONDS.toMillis(nanos));
        synchronized (last) {
            if (last.size() == MOST) {
                last.removeFirst();
            }
            last.addLast(ended);
        }
    }

    /** Returns them, the last one first. */
    List<Ended> all() {
        synchronized (last) {
            List<Ended> all = new ArrayList<>(last);
            Collections.reverse(all);
            return all;
        }
    }
}
