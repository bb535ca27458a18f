package dev.sluice.integer;

import dev.sluice.problem.Problem;
import dev.sluice.problem.ProblemType;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.util.ContentCachingResponseWrapper;

/**
 * Answers with offsets, fencing tokens and versions as strings where {@code Sluice-Integers: string} asks for them: a
 * client whose numbers are doubles would round those beyond 2^53. Around whatever answers with JSON, problems included;
 * streams of events see to it themselves. Costs the others a look at their headers.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE + 2)
class IntegerFilter extends OncePerRequestFilter {

    static final String HEADER = "Sluice-Integers";

    private static final String STRING = "string";
    /* Not the partition of that name. */
    private static final Pattern EVENTS = Pattern.compile("/sinks/[^/]+/partitions/[^/]+/tail");
    private static final Pattern LINES =
            Pattern.compile("/sinks/[^/]+/(partitions/[^/]+/verify|dead-letters\\.ndjson)");

    @Override
    protected boolean shouldNotFilterErrorDispatch() {
        return false;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        String wanted = request.getHeader(HEADER);
        if (wanted == null || wanted.equalsIgnoreCase("number")) {
            chain.doFilter(request, response);
        } else if (!wanted.equalsIgnoreCase(STRING)) {
            Problem.of(
                            ProblemType.MALFORMED_REQUEST,
                            "the header " + HEADER + " is neither string nor number: " + wanted
                                    + "; nothing was done. With string, offsets, fencing tokens and versions of the"
                                    + " answer are strings")
                    .writeTo(response);
        } else if (EVENTS.matcher(request.getRequestURI()).matches()) {
            chain.doFilter(request, response);
        } else if (LINES.matcher(request.getRequestURI()).matches()) {
            QuotedLines lines = new QuotedLines(response);
            chain.doFilter(request, lines);
            lines.finish();
        } else {
            ContentCachingResponseWrapper answer = new ContentCachingResponseWrapper(response);
            chain.doFilter(request, answer);
            byte[] body = answer.getContentAsByteArray();
            if (body.length > 0) {
                send(isJson(answer.getContentType()) ? QuotedIntegers.in(body) : body, response);
            }
        }
    }

    private static void send(byte[] body, HttpServletResponse response) throws IOException {
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }

    private static boolean isJson(@Nullable String contentType) {
        return contentType != null
                && (contentType.startsWith(MediaType.APPLICATION_JSON_VALUE)
                        || contentType.startsWith(MediaType.APPLICATION_PROBLEM_JSON_VALUE));
    }
}
