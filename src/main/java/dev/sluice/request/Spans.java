package dev.sluice.request;

import io.micrometer.tracing.Link;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.TraceContext;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.propagation.Propagator;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/** Records what is sampled as spans, where tracing is switched on; does nothing otherwise. Thread-safe. */
@Component
public class Spans {

    private static final String WRITE = "sluice.write";
    private static final String TRACEPARENT = "traceparent";
    private static final Set<String> W3C = Set.of(TRACEPARENT, "tracestate", "baggage");

    private final @Nullable Tracer tracer;
    private final @Nullable Propagator propagator;
    private final @Nullable EarlySampler sampler;
    private final boolean readsTraceparent;
    /** The headers of other conventions by which requests may say what trace they belong to. */
    private final List<String> others;

    Spans(ObjectProvider<Tracer> tracer, ObjectProvider<Propagator> propagator, ObjectProvider<Sampler> sampler) {
        this.tracer = tracer.getIfAvailable();
        this.propagator = propagator.getIfAvailable();
        this.sampler = sampler.getIfAvailable() instanceof EarlySampler early ? early : null;
        List<String> fields = this.propagator == null ? List.of() : this.propagator.fields();
        this.readsTraceparent = fields.contains(TRACEPARENT);
        this.others = fields.stream().filter(field -> !W3C.contains(field)).toList();
    }

    /** Begins the span of a request with a batch, and makes it what this thread works on; null if it is not recorded. */
    public @Nullable WriteSpan begin(HttpServletRequest request, String sink, String partition) {
        if (tracer == null || propagator == null) {
            return null;
        }
        EarlySampler early = others.stream().anyMatch(field -> request.getHeader(field) != null) ? null : sampler;
        if (early != null && !early.samples(WRITE, parentOf(request))) {
            return null;
        }
        Span.Builder builder = propagator
                .extract(request, HttpServletRequest::getHeader)
                .name(WRITE)
                .kind(Span.Kind.SERVER);
        Span span = early == null ? builder.start() : early.start(builder::start);
        if (!isSampled(span.context())) {
            return null;
        }
        Timeline timeline = new Timeline();
        Work.belongsTo(Trace.recorded(traceparent(span.context()), Work.currentTrace(), timeline));
        span.tag("sink", sink).tag("partition", partition);
        return new WriteSpan(tracer, span, timeline);
    }

    private @Nullable String parentOf(HttpServletRequest request) {
        String header = readsTraceparent ? request.getHeader(TRACEPARENT) : null;
        return header != null && Trace.isValid(header) ? header : null;
    }

    /** Lets this thread's request belong to the span that the framework has begun for it. */
    void adopt() {
        Span span = tracer == null ? null : tracer.currentSpan();
        if (span != null && isSampled(span.context())) {
            Work.belongsTo(Trace.recorded(traceparent(span.context()), Work.currentTrace(), null));
        }
    }

    /**
     * Begins the span of something that belongs to no request but to several, with a trace of its own; null if it is not
     * recorded.
     *
     * @param links the traces that it carries on, by their headers
     */
    public @Nullable Recorded begin(String name, Collection<String> links) {
        if (tracer == null || propagator == null) {
            return null;
        }
        Span.Builder builder = tracer.spanBuilder().setNoParent().name(name).kind(Span.Kind.PRODUCER);
        links.forEach(link -> builder.addLink(new Link(context(link))));
        Span span = builder.start();
        return isSampled(span.context()) ? new Recorded(span, Trace.of(traceparent(span.context()))) : null;
    }

    /* The one way to a context that the tracer does not know yet. */
    private TraceContext context(String traceparent) {
        if (tracer == null) {
            return TraceContext.NOOP;
        }
        String[] parts = traceparent.split("-", -1);
        return tracer.traceContextBuilder()
                .traceId(parts[1])
                .spanId(parts[2])
                .sampled(true)
                .build();
    }

    private static boolean isSampled(TraceContext context) {
        return Boolean.TRUE.equals(context.sampled());
    }

    private static String traceparent(TraceContext context) {
        return "00-" + context.traceId() + "-" + context.spanId() + "-01";
    }

    /** A span that is being recorded, and the trace that it began. */
    public static final class Recorded {

        private final Span span;
        private final Trace trace;

        private Recorded(Span span, Trace trace) {
            this.span = span;
            this.trace = trace;
        }

        /** Returns the trace for what is sent on. */
        public Trace trace() {
            return trace;
        }

        /** Ends it. */
        public void end(Map<String, String> tags, @Nullable Throwable failure) {
            tags.forEach(span::tag);
            if (failure != null) {
                span.error(failure);
            }
            span.end();
        }
    }
}
