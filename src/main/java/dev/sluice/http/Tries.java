package dev.sluice.http;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.Tracer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Counts the requests of one sink by the class of their answers, and records those whose batch is. Thread-safe. */
final class Tries {

    private static final String SAMPLED = "-01";

    private final MeterRegistry registry;
    private final @Nullable Tracer tracer;
    private final String sink;
    private final RecentTries recent = new RecentTries();
    private final Map<String, Timer> byStatus = new ConcurrentHashMap<>();

    /** Makes it; the tracer is null where nothing is recorded. */
    Tries(MeterRegistry registry, @Nullable Tracer tracer, String sink) {
        this.registry = registry;
        this.tracer = tracer;
        this.sink = sink;
    }

    /** Returns the last ones that have ended. */
    RecentTries recent() {
        return recent;
    }

    /** Begins a try. */
    Try begin(Message message) {
        String traceparent = message.batch().traceparent();
        return tracer != null && traceparent != null && traceparent.endsWith(SAMPLED)
                ? new Try(span(tracer, traceparent, message), traceparent)
                : new Try(null, traceparent);
    }

    private static Span span(Tracer tracer, String traceparent, Message message) {
        String[] parts = traceparent.split("-", -1);
        return tracer.spanBuilder()
                .setParent(tracer.traceContextBuilder()
                        .traceId(parts[1])
                        .spanId(parts[2])
                        .sampled(true)
                        .build())
                .name("sluice.http.try")
                .kind(Span.Kind.CLIENT)
                .tag("target", message.where())
                .start();
    }

    private Timer timer(String status) {
        return Timer.builder("sluice.http.tries")
                .description("Requests to an HTTP target, each try by itself")
                .tags("sink", sink, "status", status)
                .register(registry);
    }

    /** One request. */
    final class Try {

        private final @Nullable Span span;
        private final @Nullable String given;
        private final long begunAt = System.nanoTime();

        private Try(@Nullable Span span, @Nullable String given) {
            this.span = span;
            this.given = given;
        }

        /** Returns the header that tells the target of the trace, null if there is none. */
        @Nullable
        String traceparent() {
            return span == null
                    ? given
                    : "00-" + span.context().traceId() + "-" + span.context().spanId() + SAMPLED;
        }

        void end(@Nullable Answer answer, @Nullable Throwable failure) {
            String status = answer != null
                    ? answer.status() / 100 + "xx"
                    : failure instanceof NotSentException ? "unsent" : "unanswered";
            long took = System.nanoTime() - begunAt;
            byStatus.computeIfAbsent(status, Tries.this::timer).record(took, TimeUnit.NANOSECONDS);
            recent.add(answer == null ? status : Integer.toString(answer.status()), took);
            if (span != null) {
                span.tag("status", answer == null ? status : Integer.toString(answer.status()));
                if (failure != null) {
                    span.error(failure);
                }
                span.end();
            }
        }
    }
}
