package dev.sluice.delivery;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a buffer has handed on and nobody has recorded yet. One at a time takes all of it, so that a slow target keeps no
 * other parcel waiting. The deque and the flag are guarded by this.
 */
final class Arrivals {

    /**
     * A parcel that has reached its target, or not.
     *
     * @param failure null if it has
     */
    record Arrival(Parcel parcel, @Nullable RuntimeException failure) {}

    private final Executor executor;
    private final Consumer<List<Arrival>> take;
    private final Deque<Arrival> waiting = new ArrayDeque<>();
    private boolean underWay;

    /** {@code take} is called with all that has arrived, by one thread at a time; it must not throw. */
    Arrivals(Executor executor, Consumer<List<Arrival>> take) {
        this.executor = executor;
        this.take = take;
    }

    void add(Parcel parcel, @Nullable RuntimeException failure) {
        synchronized (this) {
            waiting.add(new Arrival(parcel, failure));
            if (underWay) {
                return;
            }
            underWay = true;
        }
        try {
            executor.execute(this::takeAll);
        } catch (RejectedExecutionException e) {
            // The service stops: what is not recorded is handed on again by whoever goes on.
        }
    }

    private void takeAll() {
        for (List<Arrival> some = next(); !some.isEmpty(); some = next()) {
            take.accept(some);
        }
    }

    private synchronized List<Arrival> next() {
        List<Arrival> some = new ArrayList<>(waiting);
        waiting.clear();
        underWay = !some.isEmpty();
        return some;
    }
}
