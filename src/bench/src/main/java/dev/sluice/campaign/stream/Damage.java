package dev.sluice.campaign.stream;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Targets that are not what they should be, for a while: their sinks have to say so, and must not acknowledge anything.
 * Thread-safe.
 */
public final class Damage {

    /* An answer may be on its way, and a buffer or a health check look again, when a target is mended. */
    private static final long GRACE_NANOS = 20_000_000_000L;

    /** When the damage was done, and when it was mended, by {@link System#nanoTime}; the greatest number for not yet. */
    private record Time(long from, long to) {}

    private final Map<String, Time> times = new ConcurrentHashMap<>();

    /** From now on the sink's target may be broken. */
    public void expect(String sink) {
        times.put(sink, new Time(Long.MAX_VALUE, Long.MAX_VALUE));
    }

    /** From now on the sink's target is broken. */
    public void begin(String sink) {
        times.put(sink, new Time(System.nanoTime(), Long.MAX_VALUE));
    }

    /** From now on it may be whole again. */
    public void end(String sink) {
        times.computeIfPresent(sink, (id, time) -> new Time(time.from(), System.nanoTime()));
    }

    /** Whether a sink may say at present that its target is broken. */
    boolean mayBeTold(String sink) {
        Time time = times.get(sink);
        return time != null && (time.to() == Long.MAX_VALUE || System.nanoTime() - time.to() < GRACE_NANOS);
    }

    /** Whether the target was broken all the time since {@code start}. */
    boolean lasted(String sink, long start) {
        Time time = times.get(sink);
        return time != null && time.to() == Long.MAX_VALUE && time.from() != Long.MAX_VALUE && time.from() - start < 0;
    }
}
