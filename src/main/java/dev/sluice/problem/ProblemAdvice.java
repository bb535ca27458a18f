package dev.sluice.problem;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.ErrorResponse;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.async.AsyncRequestNotUsableException;

/** Turns exceptions into problems. */
@RestControllerAdvice
@Order(Ordered.HIGHEST_PRECEDENCE)
class ProblemAdvice {

    private static final Logger log = LoggerFactory.getLogger(ProblemAdvice.class);

    @ExceptionHandler
    ResponseEntity<Map<String, Object>> handle(ProblemException e, HttpServletRequest request) {
        // Tomcat answers a body that stalls or breaks off by itself, with the page for errors: it has the last word.
        request.setAttribute(ProblemErrorController.PROBLEM, e.problem());
        return e.problem().answer();
    }

    /** Returns null where nobody is left to be told. */
    @ExceptionHandler
    @Nullable
    ResponseEntity<Map<String, Object>> handle(Exception e, HttpServletRequest request) {
        if (cannotBeTold(e)) {
            log.debug("{} {}: the client has gone", request.getMethod(), request.getRequestURI(), e);
            return null;
        }
        if (e instanceof ErrorResponse response) {
            HttpHeaders headers = response.getHeaders();
            ResponseEntity<Map<String, Object>> answer = Problem.ofStatus(
                            response.getStatusCode().value(),
                            Objects.requireNonNullElse(response.getBody().getDetail(), "no details are known"))
                    .answer();
            return ResponseEntity.status(answer.getStatusCode())
                    .headers(answer.getHeaders())
                    .headers(headers)
                    .contentType(MediaType.APPLICATION_PROBLEM_JSON)
                    .body(answer.getBody());
        }
        log.error("{} {} failed unexpectedly", request.getMethod(), request.getRequestURI(), e);
        return Problem.of(
                        ProblemType.INTERNAL_ERROR,
                        "an unexpected " + e.getClass().getSimpleName() + "; the service's log has the details")
                .answer();
    }

    /* The answer could not be written: the client has hung up, or has not read for too long. */
    private static boolean cannotBeTold(Throwable e) {
        return e instanceof AsyncRequestNotUsableException || (e.getCause() != null && cannotBeTold(e.getCause()));
    }
}
