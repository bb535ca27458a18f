package dev.sluice.request;

import dev.sluice.meter.SinkTags;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.servlet.ServletException;
import java.io.IOException;
import java.util.Collections;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.jspecify.annotations.Nullable;

/**
 * Says what the thread of a request works on, from its head to its answer: around all filters, and around the pages with
 * which Tomcat tells what has failed. Counts the problems that were told.
 */
final class RequestValve extends ValveBase {

    private static final int NOT_FOUND = 404;
    private static final String TRACESTATE = "tracestate";

    private final MeterRegistry meters;
    private final SinkTags tags;

    RequestValve(MeterRegistry meters, SinkTags tags) {
        super(true);
        this.tags = tags;
        this.meters = meters;
    }

    @Override
    public void invoke(Request request, Response response) throws IOException, ServletException {
        Work work = Work.of(Trace.of(request.getHeader("traceparent"), tracestate(request)));
        Work before = work.begin();
        try {
            getNext().invoke(request, response);
        } finally {
            work.end(before);
            String problem = work.problem();
            if (problem != null) {
                count(work.sink(), problem, response.getStatus());
            }
        }
    }

    /* It may come in several headers. */
    private static @Nullable String tracestate(Request request) {
        return request.getHeader(TRACESTATE) == null
                ? null
                : String.join(",", Collections.list(request.getHeaders(TRACESTATE)));
    }

    /* Names that nobody has defined must not become meters. */
    private void count(@Nullable String sink, String problem, int status) {
        String known = sink == null || status == NOT_FOUND ? SinkTags.NONE : tags.known(sink);
        meters.counter("sluice.problems", "sink", known, "type", problem).increment();
    }
}
