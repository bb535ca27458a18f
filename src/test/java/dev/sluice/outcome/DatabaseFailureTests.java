package dev.sluice.outcome;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.CannotGetJdbcConnectionException;

class DatabaseFailureTests {

    private static final String NONE = "sluice - Connection is not available, request timed out after 2000ms"
            + " (total=0, active=0, idle=0, waiting=3)";
    private static final String ALL = "sluice - Connection is not available, request timed out after 2003ms"
            + " (total=12, active=12, idle=0, waiting=3)";

    @Test
    void tellsWhatLiesBehindThePoolsTimeoutToAllThatWait() {
        SQLException cause = new SQLException("FATAL: password authentication failed for user \"app\"", "28P01");
        assertThat(DatabaseFailure.describe(ofPool(new SQLTransientConnectionException(NONE, "28P01", cause))))
                .isEqualTo("no connection could be opened: FATAL: password authentication failed for user \"app\"");
        assertThat(DatabaseFailure.describe(ofPool(new SQLTransientConnectionException(NONE))))
                .isEqualTo("no connection could be opened: FATAL: password authentication failed for user \"app\"");
    }

    @Test
    void tellsThatAllConnectionsAreInUse() {
        assertThat(DatabaseFailure.describe(ofPool(new SQLTransientConnectionException(ALL))))
                .startsWith("no connection was free for 2003 ms: 12 of the pool's 12 were in use"
                        + " (spring.datasource.hikari.maximum-pool-size)");
    }

    @Test
    void addsWhatTheNetworkSaidWhereTheDriverSaysLittle() {
        assertThat(DatabaseFailure.describe(new SQLException(
                        "The connection attempt failed.", "08001", new SocketTimeoutException("connect timed out"))))
                .isEqualTo("The connection attempt failed. (connect timed out)");
        assertThat(DatabaseFailure.describe(new SQLException(
                        "Connection to 127.0.0.1:1 refused.", "08001", new ConnectException("Connection refused"))))
                .isEqualTo("Connection to 127.0.0.1:1 refused.");
    }

    @Test
    void tellsWhatTheServerSaidOfAStatement() {
        assertThat(DatabaseFailure.describe(new IllegalStateException(
                        "wrapped", new SQLException("ERROR: could not extend file: No space left on device", "53100"))))
                .isEqualTo("ERROR: could not extend file: No space left on device");
        assertThat(DatabaseFailure.describe(new IllegalStateException("no SQL at all")))
                .isEqualTo("no SQL at all");
    }

    private static RuntimeException ofPool(SQLException e) {
        return new CannotGetJdbcConnectionException("Failed to obtain JDBC Connection", e);
    }
}
