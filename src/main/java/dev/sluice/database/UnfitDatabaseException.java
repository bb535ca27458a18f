package dev.sluice.database;

import java.util.List;
import java.util.stream.Collectors;

/** The service does not start on this database: what it would acknowledge would not be kept. */
final class UnfitDatabaseException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final transient List<Finding> findings;

    UnfitDatabaseException(List<Finding> findings) {
        super(findings.stream()
                .map(finding -> finding.sentence() + " " + finding.advice())
                .collect(Collectors.joining("\n")));
        this.findings = List.copyOf(findings);
    }

    List<Finding> findings() {
        return findings;
    }
}
