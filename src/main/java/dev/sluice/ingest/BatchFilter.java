package dev.sluice.ingest;

import dev.sluice.problem.Problem;
import dev.sluice.problem.RecentProblems;
import dev.sluice.request.Spans;
import dev.sluice.request.Work;
import dev.sluice.request.WriteSpan;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.servlet.HandlerExceptionResolver;
import org.springframework.web.servlet.HandlerMapping;

/**
 * The short way for batches: straight to {@link BatchWrites}, past what the framework does for every request, which
 * costs a small batch more than all that we do with it. Paths with anything unusual in them go the long way, to the
 * same method. Behind the checks of hosts and keys and the form of integers only.
 */
@Component
@Order(BatchFilter.ORDER)
class BatchFilter extends OncePerRequestFilter {

    static final int ORDER = Ordered.HIGHEST_PRECEDENCE + 3;

    private static final String SINKS = "/sinks/";
    private static final String PARTITIONS = "/partitions/";

    private final BatchWrites batches;
    private final HandlerExceptionResolver exceptions;
    private final WriteMeters meters;
    private final RecentProblems recent;
    private final Spans spans;

    BatchFilter(
            BatchWrites batches,
            @Qualifier("handlerExceptionResolver") HandlerExceptionResolver exceptions,
            WriteMeters meters,
            RecentProblems recent,
            Spans spans) {
        this.batches = batches;
        this.exceptions = exceptions;
        this.meters = meters;
        this.recent = recent;
        this.spans = spans;
    }

    private record Path(String sink, String partition) {

        static Optional<Path> of(String uri) {
            int sinkEnd = uri.startsWith(SINKS) ? uri.indexOf('/', SINKS.length()) : -1;
            if (sinkEnd <= SINKS.length() || !uri.startsWith(PARTITIONS, sinkEnd)) {
                return Optional.empty();
            }
            String partition = uri.substring(sinkEnd + PARTITIONS.length());
            return partition.isEmpty() || !isPlain(uri) || partition.indexOf('/') >= 0
                    ? Optional.empty()
                    : Optional.of(new Path(uri.substring(SINKS.length(), sinkEnd), partition));
        }

        /* Nothing that the container or the framework might decode, normalize or cut off. */
        private static boolean isPlain(String uri) {
            for (int i = 0; i < uri.length(); i++) {
                char c = uri.charAt(i);
                boolean plain = (c >= '0' && c <= '9')
                        || (c >= 'a' && c <= 'z')
                        || (c >= 'A' && c <= 'Z')
                        || c == '-'
                        || c == '_'
                        || c == '/';
                if (!plain) {
                    return false;
                }
            }
            return true;
        }
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        Optional<Path> path = request.getMethod().equals("POST") ? Path.of(request.getRequestURI()) : Optional.empty();
        if (path.isPresent()) {
            write(path.get(), request, response);
        } else {
            goOn(request, response, chain);
        }
    }

    private void goOn(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        long startedAt = System.nanoTime();
        try {
            chain.doFilter(request, response);
        } finally {
            if (request.getAttribute(WriteMeters.WRITES) instanceof String sink) {
                meters.answered(sink, response.getStatus(), Work.currentOutcome(), startedAt);
            }
        }
    }

    private void write(Path path, HttpServletRequest request, HttpServletResponse response) throws IOException {
        long startedAt = System.nanoTime();
        Work.isAbout(path.sink(), path.partition());
        WriteSpan span = spans.begin(request, path.sink(), path.partition());
        try {
            Optional<Problem> problem = batches.write(path.sink(), path.partition(), request, response);
            if (problem.isPresent()) {
                problem.get().writeTo(response);
                recent.add(problem.get());
            }
        } catch (RuntimeException e) {
            if (!told(e, path, request, response)) {
                throw e;
            }
        } catch (Error e) {
            if (!told(new ServletException("a batch could not be handled", e), path, request, response)) {
                throw e;
            }
        } finally {
            meters.answered(path.sink(), response.getStatus(), Work.currentOutcome(), startedAt);
            if (span != null) {
                span.end(response.getStatus(), Work.currentOutcome());
            }
        }
    }

    private boolean told(Exception e, Path path, HttpServletRequest request, HttpServletResponse response) {
        request.setAttribute(
                HandlerMapping.URI_TEMPLATE_VARIABLES_ATTRIBUTE,
                Map.of("sink", path.sink(), "partition", path.partition()));
        return exceptions.resolveException(request, response, null, e) != null;
    }
}
