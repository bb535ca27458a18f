package dev.sluice.postgres;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/** How often something may be started within some time, and how long to wait before. Not thread-safe. */
final class RestartBudget {

    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(15);

    private final int most;
    private final Duration window;
    private final Deque<Long> starts = new ArrayDeque<>();

    RestartBudget(int most, Duration window) {
        this.most = most;
        this.window = window;
    }

    /**
     * Takes one start, at {@code now} by {@link System#nanoTime}.
     *
     * @return the pause before it, none before the first; empty if there is none left
     */
    Optional<Duration> take(long now) {
        while (!starts.isEmpty() && now - starts.getFirst() > window.toNanos()) {
            starts.removeFirst();
        }
        int before = starts.size();
        if (before >= most) {
            return Optional.empty();
        }
        starts.addLast(now);
        if (before == 0) {
            return Optional.of(Duration.ZERO);
        }
        Duration pause = FIRST_PAUSE.multipliedBy(1L << Math.min(before - 1, 10));
        return Optional.of(pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause);
    }

    /** Returns which start this is, of how many, within what. */
    @Override
    public String toString() {
        return "start " + starts.size() + " of " + most + " within " + window.toSeconds() + " s";
    }
}
