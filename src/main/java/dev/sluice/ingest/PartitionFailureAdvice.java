package dev.sluice.ingest;

import dev.sluice.batch.SpoolFullException;
import dev.sluice.commit.PartitionFailure;
import dev.sluice.problem.Problem;
import dev.sluice.problem.ProblemType;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Map;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.servlet.HandlerMapping;

/** Adds where it happened to what failed. */
@RestControllerAdvice
@Order(Ordered.HIGHEST_PRECEDENCE)
class PartitionFailureAdvice {

    @ExceptionHandler
    ResponseEntity<Map<String, Object>> handle(PartitionFailure e, HttpServletRequest request) {
        return located(WriteProblems.of(e), request).answer();
    }

    @ExceptionHandler
    ResponseEntity<Map<String, Object>> handle(SpoolFullException e, HttpServletRequest request) {
        return located(
                        Problem.of(ProblemType.OVERLOADED, e.getMessage() + "; nothing was written")
                                .retryAfter(2),
                        request)
                .answer();
    }

    private static Problem located(Problem problem, HttpServletRequest request) {
        if (request.getAttribute(HandlerMapping.URI_TEMPLATE_VARIABLES_ATTRIBUTE) instanceof Map<?, ?> path) {
            problem.with("sink", path.get("sink")).with("partition", path.get("partition"));
        }
        return problem;
    }
}
