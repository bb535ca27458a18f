package dev.sluice.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import javax.net.ssl.SSLException;
import org.flywaydb.core.api.configuration.Configuration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.dao.DataAccessResourceFailureException;

/**
 * Waits for a database that starts together with the service, as long as {@code spring.flyway.connect-retries} says.
 * What waiting does not help against is told at once.
 */
final class FirstConnection {

    private static final Logger log = LoggerFactory.getLogger(FirstConnection.class);

    private FirstConnection() {}

    static void await(Configuration flyway) {
        Duration pause = Duration.ofSeconds(flyway.getConnectRetriesInterval());
        for (int tries = flyway.getConnectRetries(); ; tries--) {
            try (Connection connection = flyway.getDataSource().getConnection()) {
                log.debug("Connected to {}", connection);
                return;
            } catch (SQLException | RuntimeException e) {
                SQLException cause = sqlException(e);
                if (cause == null || tries <= 0 || isFinal(cause)) {
                    throw new DataAccessResourceFailureException("the database cannot be connected to", e);
                }
                log.info("Waiting for the database, {} more tries: {}", tries, cause.getMessage());
            }
            pause(pause);
        }
    }

    private static void pause(Duration pause) {
        try {
            Thread.sleep(pause.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DataAccessResourceFailureException("interrupted while waiting for the database", e);
        }
    }

    private static @Nullable SQLException sqlException(Throwable e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql) {
                return sql;
            }
        }
        return null;
    }

    /* A wrong role, password or database, or one that may not come from here; no agreement about encryption. */
    static boolean isFinal(SQLException e) {
        String state = e.getSQLState() == null ? "" : e.getSQLState();
        return state.startsWith("28")
                || state.equals("3D000")
                || state.equals("08004")
                || state.equals("42501")
                || NestedExceptionUtils.getRootCause(e) instanceof SSLException;
    }
}
