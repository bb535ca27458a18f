package dev.sluice.postgres;

import java.sql.SQLException;
import javax.net.ssl.SSLException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.NestedExceptionUtils;
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
                action(cause, state),
                cause);
    }

    private static String action(SQLException cause, String state) {
        String message = String.valueOf(cause.getMessage());
        if (state.startsWith("28")) {
            return "Check spring.datasource.username and spring.datasource.password, and what pg_hba.conf of the server"
                    + " says of this role, this database and this machine.";
        }
        if (message.contains("SSL") || NestedExceptionUtils.getRootCause(cause) instanceof SSLException) {
            return "Let sslmode in %s (and sslrootcert, if it verifies) agree with what the server offers."
                    .formatted(DatabaseChoice.URL);
        }
        if (message.contains("statement pooling")) {
            return "The pooler before the database gives a session to each statement, and every batch is a transaction:"
                    + " set pool_mode = transaction or session there, or name the server itself in %s."
                            .formatted(DatabaseChoice.URL);
        }
        return switch (state) {
            case "53100" -> "The server's disk is full: make room there, and start again.";
            case "53200" -> "The server has no memory left: give it more, or less to do, and start again.";
            case "53300" ->
                "The server takes no more connections: raise its max_connections, or let fewer be opened"
                        + " (spring.datasource.hikari.maximum-pool-size of this and other services).";
            case "55P03", "57014" ->
                "Somebody locks what the service needs at its start, or the server is too slow: look at pg_stat_activity"
                        + " and pg_locks there, and start again.";
            case "57P03", "57P01", "57P02" -> "The server starts or stops at the moment: wait for it, and start again.";
            case "3D000" -> "Create the database, or correct its name in %s.".formatted(DatabaseChoice.URL);
            case "42501" ->
                "Grant the user of spring.datasource.username the right to create the schema 'sluice' and the tables of"
                        + " the sinks in this database (grant create on database …), or make it their owner.";
            case "", "08001", "08006", "08004" ->
                "Check that the server is running, and %s.".formatted(DatabaseChoice.URL);
            default ->
                "The server is running and says this of itself: look up the SQLSTATE in PostgreSQL's documentation and the"
                        + " server's log.";
        };
    }
}
