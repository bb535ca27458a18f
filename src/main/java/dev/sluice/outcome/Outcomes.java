package dev.sluice.outcome;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Instant;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Remembers of each sink since when it has been failing, why, how often, and when it last succeeded. Counts what is the
 * target's or the storage's fault only: never what a writer has sent, and never that something is busy. Thread-safe.
 */
@Component
public class Outcomes {

    /** What is tried, apart from each other. */
    public enum Activity {
        /** What writers wait for. */
        WRITE,
        /** What nobody waits for: a buffer's deliveries. */
        DELIVERY
    }

    private final Map<String, Window> writes = new ConcurrentHashMap<>();
    private final Map<String, Window> deliveries = new ConcurrentHashMap<>();
    private final OutcomeProperties properties;
    private final MeterRegistry meters;
    private final Clock clock;

    Outcomes(OutcomeProperties properties, MeterRegistry meters, ObjectProvider<Clock> clock) {
        this.properties = properties;
        this.meters = meters;
        this.clock = clock.getIfAvailable(Clock::systemUTC);
    }

    /** Something new has reached its target. */
    public void succeeded(Activity activity, String sink, String partition) {
        window(activity, sink).succeeded(partition, clock.instant());
    }

    /** A repetition was answered, which tells what became of the first try. */
    public void settled(Activity activity, String sink, String partition) {
        window(activity, sink).settled(partition, clock.instant());
    }

    /**
     * A try has failed.
     *
     * @param partition null where all partitions failed together
     */
    public void failed(Activity activity, String sink, @Nullable String partition, Fault fault) {
        count(sink, fault);
        window(activity, sink).failed(partition, clock.instant(), fault);
    }

    /** A partition has failed for reasons of its own, which says nothing of the others. */
    public void failedAlone(Activity activity, String sink, String partition, Fault fault) {
        count(sink, fault);
        window(activity, sink).failedAlone(partition, clock.instant(), fault);
    }

    private void count(String sink, Fault fault) {
        meters.counter("sluice.failures", "sink", sink, "problem", fault.problem())
                .increment();
    }

    /** Returns how a sink has fared. */
    public SinkOutcome of(Activity activity, String sink) {
        Window window = windows(activity).get(sink);
        return window == null ? SinkOutcome.NONE : window.state(clock.instant());
    }

    /**
     * Returns all partitions of a sink whose writes or deliveries have been failing for longer than
     * {@code sluice.health.failing-after}.
     */
    public Set<String> failingPartitions(String sink) {
        Set<String> failing = new HashSet<>();
        for (Activity activity : Activity.values()) {
            Window window = windows(activity).get(sink);
            if (window != null) {
                failing.addAll(window.failingPartitions(clock.instant()));
            }
        }
        return failing;
    }

    /** Forgets a sink that is not the same any more. */
    public void forget(String sink) {
        for (Activity activity : Activity.values()) {
            windows(activity).remove(sink);
        }
    }

    @Scheduled(fixedDelay = 1, timeUnit = TimeUnit.SECONDS)
    void look() {
        Instant now = clock.instant();
        writes.values().forEach(window -> window.look(now));
        deliveries.values().forEach(window -> window.look(now));
    }

    private Window window(Activity activity, String sink) {
        Window known = windows(activity).get(sink);
        return known == null
                ? windows(activity).computeIfAbsent(sink, id -> window(activity == Activity.WRITE, id))
                : known;
    }

    private Map<String, Window> windows(Activity activity) {
        return activity == Activity.WRITE ? writes : deliveries;
    }

    private Window window(boolean write, String sink) {
        return new Window((write ? "Sink " : "The delivery of sink ") + sink, properties.failingAfter());
    }
}
