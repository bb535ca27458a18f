package dev.sluice.request;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.trace.IdGenerator;
import io.opentelemetry.sdk.trace.data.LinkData;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import io.opentelemetry.sdk.trace.samplers.SamplingDecision;
import io.opentelemetry.sdk.trace.samplers.SamplingResult;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A sampler that can be asked before there is a span: where one trace in a hundred is recorded, the spans of the others
 * would cost most of what tracing costs. Thread-safe.
 */
final class EarlySampler implements Sampler {

    private final Sampler sampler;
    private final ThreadLocal<Boolean> isSampled = new ThreadLocal<>();

    EarlySampler(Sampler sampler) {
        this.sampler = sampler;
    }

    /**
     * Decides on a span of kind server.
     *
     * @param parent the valid header {@code traceparent} that it follows, null if a trace begins with it
     */
    boolean samples(String name, @Nullable String parent) {
        Context context = parent == null ? Context.root() : Context.root().with(Span.wrap(remote(parent)));
        String traceId = parent == null ? IdGenerator.random().generateTraceId() : Trace.idIn(parent);
        return sampler.shouldSample(context, traceId, name, SpanKind.SERVER, Attributes.empty(), List.of())
                        .getDecision()
                == SamplingDecision.RECORD_AND_SAMPLE;
    }

    /** Starts a span on which {@link #samples} has decided, so that chance does not have a second say. */
    <T> T start(Supplier<T> span) {
        isSampled.set(true);
        try {
            return span.get();
        } finally {
            isSampled.remove();
        }
    }

    @Override
    public SamplingResult shouldSample(
            Context parent, String traceId, String name, SpanKind kind, Attributes attributes, List<LinkData> links) {
        return isSampled.get() == null
                ? sampler.shouldSample(parent, traceId, name, kind, attributes, links)
                : SamplingResult.recordAndSample();
    }

    @Override
    public String getDescription() {
        return sampler.getDescription();
    }

    private static SpanContext remote(String parent) {
        return SpanContext.createFromRemoteParent(
                Trace.idIn(parent),
                Trace.spanIn(parent),
                TraceFlags.fromHex(parent, Trace.FLAGS),
                TraceState.getDefault());
    }
}
