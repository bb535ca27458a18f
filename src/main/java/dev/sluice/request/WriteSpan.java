package dev.sluice.request;

import io.micrometer.tracing.Span;
import io.micrometer.tracing.Tracer;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The span of a request with a batch: receiving it, waiting for its turn, and committing it are spans within it. */
public final class WriteSpan {

    private static final int FIRST_ERROR = 500;

    private final Tracer tracer;
    private final Span span;
    private final Timeline timeline;
    /** What makes a time of day, in nanoseconds, of {@link System#nanoTime}. */
    private final long offset;

    WriteSpan(Tracer tracer, Span span, Timeline timeline) {
        this.tracer = tracer;
        this.span = span;
        this.timeline = timeline;
        this.offset = TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis()) - System.nanoTime();
    }

    /** Ends it when the request is answered. */
    public void end(int status, @Nullable String outcome) {
        long now = System.nanoTime();
        long received = timeline.receivedAt();
        long turn = timeline.turnAt();
        long decided = timeline.decidedAt();
        within("sluice.receive", timeline.beganAt(), received == 0 ? now : received);
        if (received != 0) {
            within("sluice.wait", received, turn == 0 ? now : turn);
            span.tag("first", timeline.first()).tag("count", timeline.count());
        }
        if (turn != 0) {
            within("sluice.commit", turn, decided == 0 ? now : decided);
        }
        span.tag("outcome", outcome == null ? "unanswered" : outcome).tag("status", status);
        if (status >= FIRST_ERROR) {
            span.tag("error", outcome == null ? "unanswered" : outcome);
        }
        span.end();
    }

    private void within(String name, long from, long to) {
        tracer.spanBuilder()
                .setParent(span.context())
                .name(name)
                .startTimestamp(from + offset, TimeUnit.NANOSECONDS)
                .start()
                .end(to + offset, TimeUnit.NANOSECONDS);
    }
}
