package dev.sluice.database;

import com.zaxxer.hikari.HikariDataSource;
import dev.sluice.sink.SqlStates;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.util.Set;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.core.BaseConnection;
import org.postgresql.core.TransactionState;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.datasource.JdbcTransactionObjectSupport;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.transaction.HeuristicCompletionException;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionSystemException;
import org.springframework.transaction.UnexpectedRollbackException;
import org.springframework.transaction.support.DefaultTransactionStatus;

/**
 * A transaction manager that returns from commit only when the transaction is certainly committed. What certainly is
 * not comes as a data access exception or {@link UnexpectedRollbackException}, and what may or may not be as {@link HeuristicCompletionException}.
 */
final class CertainCommits extends JdbcTransactionManager {

    private static final Logger log = LoggerFactory.getLogger(CertainCommits.class);

    private static final String COMPLETION_UNKNOWN = "40003";
    private static final String ALREADY_FAILED = "25P02";
    private static final String CONNECTION_LOST = "08";

    /* Said instead of committing: no room, cancelled, a lock that a deferred trigger waits for, idle for too long. */
    private static final Set<String> SAID_BEFORE = Set.of("53100", "53200", "57014", "55P03", "25P03", ALREADY_FAILED);

    private final Sessions sessions;

    CertainCommits(DataSource dataSource, Sessions sessions) {
        super(dataSource);
        this.sessions = sessions;
    }

    @Override
    protected void doBegin(Object transaction, TransactionDefinition definition) {
        try {
            super.doBegin(transaction, definition);
            beginSession((JdbcTransactionObjectSupport) transaction);
        } catch (CannotCreateTransactionException e) {
            evictIfLost(e);
            throw e;
        }
    }

    private void beginSession(JdbcTransactionObjectSupport transaction) {
        Connection connection = transaction.getConnectionHolder().getConnection();
        try {
            sessions.beginTransaction(connection);
        } catch (SQLException e) {
            // Nobody cleans up behind a begin that fails halfway.
            try {
                connection.rollback();
            } catch (SQLException notRolledBack) {
                e.addSuppressed(notRolledBack);
            }
            doCleanupAfterCompletion(transaction);
            throw new CannotCreateTransactionException("the transaction could not be begun: " + e.getMessage(), e);
        }
    }

    // The pool trusts a connection that was used within the last half second, and looks at failures of statements only:
    // busy enough, it would hand out the same lost connection for ever.
    private void evictIfLost(CannotCreateTransactionException e) {
        if (e.getCause() instanceof SQLException cause
                && cause.getSQLState() != null
                && cause.getSQLState().startsWith(CONNECTION_LOST)
                && getDataSource() instanceof HikariDataSource pool
                && pool.getHikariPoolMXBean() != null) {
            pool.getHikariPoolMXBean().softEvictConnections();
        }
    }

    @Override
    protected void doCommit(DefaultTransactionStatus status) {
        Connection connection = ((JdbcTransactionObjectSupport) status.getTransaction())
                .getConnectionHolder()
                .getConnection();
        try {
            connection.clearWarnings();
            requireNotAborted(connection);
        } catch (SQLException e) {
            // Nothing was sent yet: the server rolls back what a lost connection leaves open.
            throw notCommitted(e);
        }
        SQLWarning warning;
        try {
            connection.commit();
            warning = connection.getWarnings();
        } catch (SQLException e) {
            if (rolledBack(e.getSQLState())) {
                throw notCommitted(e);
            }
            abandon(connection);
            throw new HeuristicCompletionException(HeuristicCompletionException.STATE_UNKNOWN, e);
        }
        for (; warning != null; warning = warning.getNextWarning()) {
            // With a synchronous standby: committed here, but the wait for the standby was cut short.
            if (!isNotice(warning.getSQLState())) {
                throw new HeuristicCompletionException(HeuristicCompletionException.STATE_UNKNOWN, warning);
            }
        }
    }

    private RuntimeException notCommitted(SQLException cause) {
        RuntimeException translated = translateException("JDBC commit", cause);
        // What has no translation comes as an exception that says nothing about the outcome, and this one is known.
        return translated instanceof TransactionSystemException
                ? new UnexpectedRollbackException("Rolled back: " + cause.getMessage(), cause)
                : translated;
    }

    // The server answers COMMIT of a failed transaction with ROLLBACK, and the driver returns from commit as if all was
    // well.
    private static void requireNotAborted(Connection connection) throws SQLException {
        if (connection.isWrapperFor(BaseConnection.class)
                && connection.unwrap(BaseConnection.class).getTransactionState() == TransactionState.FAILED) {
            throw new SQLException("a statement of this transaction has failed before", ALREADY_FAILED);
        }
    }

    // Deferred constraints and triggers speak at the commit, before anything is committed: a known outcome.
    private static boolean rolledBack(@Nullable String state) {
        return state != null
                && !state.equals(COMPLETION_UNKNOWN)
                && (SAID_BEFORE.contains(state)
                        || state.startsWith("40")
                        || state.startsWith("42")
                        || SqlStates.blamesRecords(state));
    }

    // A deferred trigger may say NOTICE: that is no warning, although JDBC delivers it as one.
    private static boolean isNotice(@Nullable String state) {
        return state != null && state.startsWith("00");
    }

    // Restoring auto-commit during clean-up would send a second COMMIT, and the pool may trust a connection used just
    // now.
    private static void abandon(Connection connection) {
        try {
            connection.abort(Runnable::run);
        } catch (SQLException | RuntimeException e) {
            log.debug("Could not abort a connection after an unknown outcome", e);
        }
    }
}
