package dev.sluice.http;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Counts the requests of one sink by the class of their answers. Thread-safe. */
final class Tries {

    private final MeterRegistry registry;
    private final String sink;
    private final Map<String, Timer> byStatus = new ConcurrentHashMap<>();

    Tries(MeterRegistry registry, String sink) {
        this.registry = registry;
        this.sink = sink;
    }

    /** A request has ended. */
    void ended(@Nullable Answer answer, @Nullable Throwable failure, long begunAt) {
        String status = answer != null
                ? answer.status() / 100 + "xx"
                : failure instanceof NotSentException ? "unsent" : "unanswered";
        byStatus.computeIfAbsent(status, this::timer).record(System.nanoTime() - begunAt, TimeUnit.NANOSECONDS);
    }

    private Timer timer(String status) {
        return Timer.builder("sluice.http.tries")
                .description("Requests to an HTTP target, each try by itself")
                .tags("sink", sink, "status", status)
                .register(registry);
    }
}
