package dev.sluice.postgres;

import java.sql.SQLException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.env.Environment;

/** Tells in a sentence that the database cannot be used at the start, and what may be done about it. */
class DatabaseFailureAnalyzer extends AbstractFailureAnalyzer<SQLException> {

    private final Environment environment;

    DatabaseFailureAnalyzer(Environment environment) {
        this.environment = environment;
    }

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, SQLException cause) {
        String url = environment
                .getProperty(DatabaseChoice.URL, "the embedded PostgreSQL")
                .replaceFirst("\\?.*", "");
        String state = cause.getSQLState() == null ? "" : cause.getSQLState();
        return new FailureAnalysis(
                "The database at %s cannot be used: %s (SQLSTATE %s).".formatted(url, cause.getMessage(), state),
                action(state),
                cause);
    }

    private static String action(String state) {
        if (state.startsWith("28")) {
            return "Check spring.datasource.username and spring.datasource.password.";
        }
        return switch (state) {
            case "3D000" -> "Create the database, or correct its name in %s.".formatted(DatabaseChoice.URL);
            case "42501" ->
                "Grant the user of spring.datasource.username the right to create the schema 'sluice' and the tables of"
                        + " the sinks in this database (grant create on database …), or make it their owner.";
            default -> "Check that the server is running, and %s.".formatted(DatabaseChoice.URL);
        };
    }
}
