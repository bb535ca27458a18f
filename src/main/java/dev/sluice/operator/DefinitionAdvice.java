package dev.sluice.operator;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.sluice.catalog.ChangeRefusedException;
import dev.sluice.catalog.InvalidDefinitionException;
import dev.sluice.catalog.QuotaExceededException;
import dev.sluice.commit.FailureClassifier;
import dev.sluice.commit.PartitionFailure;
import dev.sluice.definition.FieldError;
import dev.sluice.outcome.DatabaseFailure;
import dev.sluice.problem.Problem;
import dev.sluice.problem.ProblemType;
import dev.sluice.quota.Allowances;
import dev.sluice.request.Work;
import dev.sluice.security.Access;
import dev.sluice.sink.Disposition;
import dev.sluice.sink.SinkException;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.dao.DataAccessException;
import org.springframework.http.ResponseEntity;
import org.springframework.transaction.TransactionException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.servlet.HandlerMapping;

/** Tells what is wrong with a definition, or with the sink that was made of it. */
@RestControllerAdvice
@Order(Ordered.HIGHEST_PRECEDENCE)
class DefinitionAdvice {

    @JsonInclude(JsonInclude.Include.NON_NULL)
    record ErrorAnswer(
            String field, String message, @Nullable List<String> nearest) {
        static ErrorAnswer of(FieldError error) {
            return new ErrorAnswer(
                    error.field(),
                    InvalidDefinitionException.text(error),
                    error.known().isEmpty() ? null : InvalidDefinitionException.nearest(error));
        }
    }

    private final Access access;
    private final Allowances allowances;

    DefinitionAdvice(Access access, Allowances allowances) {
        this.access = access;
        this.allowances = allowances;
    }

    /* Time does not help, so this is not 429: nobody is told to come back. */
    @ExceptionHandler
    ResponseEntity<Map<String, Object>> handle(QuotaExceededException e, HttpServletRequest request) {
        allowances.refused(Work.currentSender(), e.quota(), e.bound());
        return Problem.of(ProblemType.FORBIDDEN, e.getMessage() + "; nothing was changed")
                .with("sink", sink(request))
                .with("quota", e.quota().label())
                .with("bound", e.bound())
                .answer();
    }

    @ExceptionHandler
    ResponseEntity<Map<String, Object>> handle(InvalidDefinitionException e, HttpServletRequest request) {
        return Problem.of(ProblemType.INVALID_DEFINITION, e.getMessage() + "; nothing was changed")
                .with("sink", sink(request))
                .with("errors", e.errors().stream().map(ErrorAnswer::of).toList())
                .answer();
    }

    @ExceptionHandler
    ResponseEntity<Map<String, Object>> handle(ChangeRefusedException e, HttpServletRequest request) {
        ProblemType type = switch (e.reason()) {
            case UNKNOWN -> ProblemType.UNKNOWN_SINK;
            case READ_ONLY -> ProblemType.READ_ONLY;
            case IN_USE -> ProblemType.IN_USE;
            case CONFLICT -> ProblemType.DEFINITION_CONFLICT;
        };
        if (type == ProblemType.UNKNOWN_SINK) {
            return access.unknown(String.valueOf(sink(request))).answer();
        }
        return Problem.of(type, e.getMessage() + "; nothing was changed")
                .with("sink", sink(request))
                .answer();
    }

    /* Of a sink that cannot be used, whoever asked for it. */
    @ExceptionHandler
    ResponseEntity<Map<String, Object>> handle(SinkException e, HttpServletRequest request) {
        boolean put = request.getMethod().equals("PUT");
        if (put && e.disposition() == Disposition.BROKEN) {
            return handle(
                    new InvalidDefinitionException(List.of(FieldError.of("", String.valueOf(e.getMessage())))),
                    request);
        }
        return Problem.of(ProblemType.TARGET_UNAVAILABLE, e.getMessage() + "; nothing was changed")
                .with("sink", sink(request))
                .retryAfter(2)
                .answer();
    }

    @ExceptionHandler
    ResponseEntity<Map<String, Object>> handle(DataAccessException e, HttpServletRequest request) {
        Optional<String> untranslatable = DatabaseFailure.untranslatable(e);
        if (untranslatable.isPresent()) {
            String said = "the database cannot store it in the encoding that it has: " + untranslatable.get();
            return handle(new InvalidDefinitionException(List.of(FieldError.of("", said))), request);
        }
        return failed(e, request);
    }

    @ExceptionHandler
    ResponseEntity<Map<String, Object>> handle(TransactionException e, HttpServletRequest request) {
        return failed(e, request);
    }

    private static ResponseEntity<Map<String, Object>> failed(RuntimeException e, HttpServletRequest request) {
        PartitionFailure failure = FailureClassifier.classify(e);
        ProblemType type = switch (failure.kind()) {
            case BUSY -> ProblemType.BUSY;
            case OUTCOME_UNKNOWN -> ProblemType.OUTCOME_UNKNOWN;
            default -> ProblemType.STORAGE_UNAVAILABLE;
        };
        return Problem.of(type, String.valueOf(failure.getMessage()))
                .with("sink", sink(request))
                .retryAfter(2)
                .answer();
    }

    private static @Nullable Object sink(HttpServletRequest request) {
        return request.getAttribute(HandlerMapping.URI_TEMPLATE_VARIABLES_ATTRIBUTE) instanceof Map<?, ?> path
                ? path.get("sink")
                : null;
    }
}
