package dev.sluice.ingest;

import dev.sluice.problem.Problem;
import dev.sluice.problem.ProblemType;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.HttpRequestMethodNotSupportedException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.servlet.resource.NoResourceFoundException;

/** Tells where there is nothing, or nothing for this method, what there is. */
@RestControllerAdvice
@Order(Ordered.HIGHEST_PRECEDENCE)
class PathAdvice {

    private static final Set<String> WRITING = Set.of("POST", "PUT", "PATCH");

    @ExceptionHandler
    ResponseEntity<Map<String, Object>> handle(NoResourceFoundException e, HttpServletRequest request) {
        String uri = request.getRequestURI();
        return Problem.of(
                        ProblemType.NOT_FOUND,
                        "there is nothing at " + uri + NearestPaths.hint(uri)
                                + "; records are written with POST /sinks/{sink}/partitions/{partition}, GET /sinks lists"
                                + " the sinks, /openapi.yaml describes every path")
                .answer();
    }

    @ExceptionHandler
    ResponseEntity<Map<String, Object>> handle(HttpRequestMethodNotSupportedException e, HttpServletRequest request) {
        Collection<HttpMethod> supported =
                Objects.requireNonNullElse(e.getSupportedHttpMethods(), Set.<HttpMethod>of());
        String allowed = supported.stream().map(HttpMethod::name).sorted().collect(Collectors.joining(", "));
        ResponseEntity<Map<String, Object>> answer = Problem.of(
                        ProblemType.METHOD_NOT_ALLOWED,
                        request.getMethod() + " is not possible at " + request.getRequestURI() + "; allowed: "
                                + (allowed.isEmpty() ? "nothing" : allowed)
                                + (WRITING.contains(request.getMethod()) ? instead(request.getRequestURI()) : ""))
                .answer();
        return ResponseEntity.status(answer.getStatusCode())
                .headers(answer.getHeaders())
                .headers(e.getHeaders())
                .contentType(MediaType.APPLICATION_PROBLEM_JSON)
                .body(answer.getBody());
    }

    private static String instead(String uri) {
        String[] segments = uri.split("/", -1);
        if (segments.length < 3 || !segments[1].equals("sinks")) {
            return "";
        }
        String sink = "/sinks/" + segments[2];
        return segments.length > 4
                ? ". Records are written with POST " + sink + "/partitions/" + segments[4]
                : ". Records are written with POST " + sink + "/partitions/{partition}, or with keys POST " + sink
                        + "/records; a sink is defined with PUT " + sink;
    }
}
