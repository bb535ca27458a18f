package dev.sluice.database;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.util.DriverDataSource;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;
import org.postgresql.PGConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/**
 * Sets what every transaction relies on: for the whole session where the session is the service's own, in each
 * transaction where a pooler hands out another session for each. Thread-safe.
 *
 * <p>Which it is, the protocol tells: a server introduces itself with the number of the process that serves the session,
 * a pooler with a number of its own.
 */
final class Sessions {

    private static final Logger log = LoggerFactory.getLogger(Sessions.class);

    private static final String PROCESS = "select pg_backend_pid()";

    /* The idle limit frees a partition that a stopped process has locked. What is acknowledged must be on disk. */
    private static final String SET = """
            select set_config('statement_timeout', ?, ?), set_config('lock_timeout', ?, ?),
                   set_config('idle_in_transaction_session_timeout', ?, ?),
                   case current_setting('synchronous_commit', true)
                        when 'off' then set_config('synchronous_commit', 'on', ?) end""";

    /* The pool's isolation belongs to the session, too. */
    private static final String SET_IN_TRANSACTION = "set transaction isolation level read committed; " + SET;

    private final DatabaseProperties properties;
    private final Incarnations incarnations;

    // Once true it stays: of several servers one may be reached through a pooler.
    private volatile boolean shared;

    Sessions(DatabaseProperties properties, Incarnations incarnations) {
        this.properties = properties;
        this.incarnations = incarnations;
        this.shared = properties.pooler() == Pooler.YES;
    }

    /** Lets every connection of the pool begin here. */
    void manage(HikariDataSource pool) {
        if (pool.getExceptionOverride() == null) {
            pool.setExceptionOverride(new KeptConnections());
        }
        if (pool.getJdbcUrl() == null || pool.getDataSource() != null) {
            return; // somebody's own arrangement
        }
        DataSource driver = new DriverDataSource(
                pool.getJdbcUrl(),
                pool.getDriverClassName(),
                pool.getDataSourceProperties(),
                pool.getUsername(),
                pool.getPassword());
        pool.setDataSource(new Managed(driver));
    }

    /** Whether another session may serve each transaction. */
    boolean shared() {
        return shared;
    }

    private final class Managed extends DelegatingDataSource {

        Managed(DataSource driver) {
            super(driver);
        }

        @Override
        public Connection getConnection() throws SQLException {
            return begun(super.getConnection());
        }

        @Override
        public Connection getConnection(String username, String password) throws SQLException {
            return begun(super.getConnection(username, password));
        }

        private Connection begun(Connection connection) throws SQLException {
            boolean done = false;
            try {
                begin(connection);
                done = true;
                return connection;
            } finally {
                if (!done) {
                    connection.close();
                }
            }
        }
    }

    private void begin(Connection connection) throws SQLException {
        if (!connection.isWrapperFor(PGConnection.class)) {
            return;
        }
        PGConnection session = connection.unwrap(PGConnection.class);
        if (properties.pooler() == Pooler.AUTO && !shared && process(connection) != session.getBackendPID()) {
            shared = true;
            log.info("A pooler stands before the database: each transaction sets what it relies on by itself, and"
                    + " statements are not prepared on the server (sluice.database.pooler=no if this is a mistake)");
        }
        if (shared) {
            session.setPrepareThreshold(0);
        } else {
            set(connection, SET, false);
            incarnations.verify(connection);
        }
    }

    private static int process(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(PROCESS)) {
            row.next();
            return row.getInt(1);
        }
    }

    /** Sets, first of all in a transaction, what it relies on, where the session does not keep it. */
    void beginTransaction(Connection connection) throws SQLException {
        if (shared) {
            set(connection, SET_IN_TRANSACTION, true);
        }
        if (shared || incarnations.unverified()) {
            incarnations.verifyInTransaction(connection);
        }
    }

    private void set(Connection connection, String sql, boolean local) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, properties.statementTimeout().toMillis() + "ms");
            statement.setBoolean(2, local);
            statement.setString(3, properties.lockTimeout().toMillis() + "ms");
            statement.setBoolean(4, local);
            statement.setString(5, properties.idleInTransactionTimeout().toMillis() + "ms");
            statement.setBoolean(6, local);
            statement.setBoolean(7, local);
            statement.execute();
        }
    }
}
