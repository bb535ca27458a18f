package dev.sluice.delivery;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/** How fast a buffer was delivered in the last minute, by this process. Thread-safe. */
final class DrainRate {

    private static final long REACH = Duration.ofMinutes(1).toNanos();
    private static final int MOST = 1_000;

    private record Some(long at, long records) {}

    private final Deque<Some> delivered = new ArrayDeque<>();

    synchronized void add(long records) {
        // Of a hole nobody knows how long it takes.
        if (records == 0) {
            return;
        }
        forgetOld();
        if (delivered.size() == MOST) {
            Some first = delivered.removeFirst();
            Some second = delivered.removeFirst();
            delivered.addFirst(new Some(second.at(), first.records() + second.records()));
        }
        delivered.addLast(new Some(System.nanoTime(), records));
    }

    /** Returns how long a number of records takes at that speed; empty where none was delivered. */
    synchronized Optional<Duration> estimate(long records) {
        forgetOld();
        Some first = delivered.peekFirst();
        if (first == null) {
            return Optional.empty();
        }
        long sum = delivered.stream().mapToLong(Some::records).sum();
        long nanos = Math.max(Duration.ofSeconds(1).toNanos(), System.nanoTime() - first.at());
        double seconds = (double) records * nanos / sum / Duration.ofSeconds(1).toNanos();
        return Optional.of(Duration.ofSeconds((long) Math.ceil(seconds)));
    }

    private void forgetOld() {
        long now = System.nanoTime();
        while (!delivered.isEmpty() && now - delivered.getFirst().at() > REACH) {
            delivered.removeFirst();
        }
    }
}
