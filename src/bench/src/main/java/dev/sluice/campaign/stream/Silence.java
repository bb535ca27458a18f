package dev.sluice.campaign.stream;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Sinks whose intake is paused, as every replica knows: nothing that comes from then on may be acknowledged. Thread-safe.
 */
public final class Silence {

    /** Since when, by {@link System#nanoTime}, by sink. */
    private final Map<String, Long> since = new ConcurrentHashMap<>();

    /** From now on nothing that is sent to the sink may be acknowledged. */
    public void begin(String sink) {
        since.put(sink, System.nanoTime());
    }

    /** From now on it may be, whenever it was sent. */
    public void end(String sink) {
        since.remove(sink);
    }

    /** Whether the sink is paused, and has been since before {@code start}. */
    boolean lasted(String sink, long start) {
        Long begun = since.get(sink);
        return begun != null && begun - start < 0;
    }
}
