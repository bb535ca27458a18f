package dev.sluice.database;

import java.util.stream.Collectors;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.util.StringUtils;

/** Turns a refused database into a sentence, and one about what to do, for each of its flaws. */
final class UnfitDatabaseAnalyzer extends AbstractFailureAnalyzer<UnfitDatabaseException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, UnfitDatabaseException cause) {
        return new FailureAnalysis(
                cause.findings().stream()
                        .map(finding -> StringUtils.capitalize(finding.sentence()))
                        .collect(Collectors.joining("\n")),
                cause.findings().stream().map(Finding::advice).collect(Collectors.joining("\n")),
                cause);
    }
}
