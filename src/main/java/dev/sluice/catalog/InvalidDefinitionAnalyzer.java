package dev.sluice.catalog;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Stops the start with a sentence about the property instead of a stack trace. */
class InvalidDefinitionAnalyzer extends AbstractFailureAnalyzer<InvalidDefinitionException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, InvalidDefinitionException cause) {
        return new FailureAnalysis(
                cause.getMessage(), "Correct " + cause.property() + " in the configuration and start again.", cause);
    }
}
