package dev.sluice.security;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import org.springframework.web.util.ContentCachingResponseWrapper;

/**
 * The two questions that orchestrators and load balancers ask by address, or without any Host header: is the process
 * alive, is it ready. Whoever asks like that is told the status and nothing else, no more than a closed port would tell.
 */
@Component
class Probes {

    private final Set<String> paths;

    Probes(@Value("${management.endpoints.web.base-path:/actuator}") String base) {
        this.paths = Set.of(base + "/health/liveness", base + "/health/readiness");
    }

    /** Whether a request asks one of the two. A page in a browser is no probe. */
    boolean asks(HttpServletRequest request) {
        return (request.getMethod().equals("GET") || request.getMethod().equals("HEAD"))
                && request.getHeader("Origin") == null
                && paths.contains(request.getRequestURI()
                        .substring(request.getContextPath().length()));
    }

    /** Answers with the status alone. */
    void answer(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        ContentCachingResponseWrapper hidden = new ContentCachingResponseWrapper(response);
        chain.doFilter(request, hidden);
        byte[] body = body(hidden.getStatus()).getBytes(StandardCharsets.UTF_8);
        response.setContentType(MediaType.APPLICATION_JSON_VALUE);
        response.setContentLength(body.length);
        if (!request.getMethod().equals("HEAD")) {
            response.getOutputStream().write(body);
        }
    }

    private static String body(int status) {
        return switch (status) {
            case HttpServletResponse.SC_OK -> "{\"status\":\"UP\"}";
            case HttpServletResponse.SC_SERVICE_UNAVAILABLE -> "{\"status\":\"DOWN\"}";
            default -> "{\"status\":\"UNKNOWN\"}";
        };
    }
}
