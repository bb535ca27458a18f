package dev.sluice.audit;

import dev.sluice.request.Trace;
import dev.sluice.request.Work;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;

/**
 * Who does something. To be asked for in the thread of the request: what runs in a partition's lane may run in
 * another one.
 *
 * @param actor the name of an {@link dev.sluice.access.Identity}, null where the service does it on its own
 * @param address where the request came from, null where there is none
 * @param traceId the request's, null where it is not traced
 */
public record Caller(
        @Nullable String actor,
        @Nullable String address,
        @Nullable String traceId) {

    /** The service itself, on nobody's request. */
    public static final Caller SERVICE = new Caller(null, null, null);

    /** Returns who has sent the request that this thread answers. */
    public static Caller current() {
        Trace trace = Work.currentTrace();
        String traceId = trace == null ? null : trace.id();
        if (RequestContextHolder.getRequestAttributes() instanceof ServletRequestAttributes attributes) {
            HttpServletRequest request = attributes.getRequest();
            return new Caller(Work.currentSender().name(), request.getRemoteAddr(), traceId);
        }
        return new Caller(null, null, traceId);
    }
}
