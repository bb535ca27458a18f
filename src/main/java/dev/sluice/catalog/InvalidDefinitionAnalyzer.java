package dev.sluice.catalog;

import dev.sluice.definition.FieldError;
import java.util.List;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Stops the start with a sentence about each wrong property instead of a stack trace. */
class InvalidDefinitionAnalyzer extends AbstractFailureAnalyzer<InvalidDefinitionException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, InvalidDefinitionException cause) {
        List<String> fields =
                cause.errors().stream().map(FieldError::field).distinct().toList();
        return new FailureAnalysis(
                cause.getMessage(),
                "Correct " + String.join(", ", fields) + " in the configuration and start again.",
                cause);
    }
}
