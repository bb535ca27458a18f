package com.example.audit;

import dev.sluice.sink.StatefulSinkPartition;
import dev.sluice.sink.TransactionalPartition;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.postgresql.ds.PGSimpleDataSource;

/** An audit table of one test's own in a real PostgreSQL, and the transactions that the service would begin. */
class AuditTableForTests implements AutoCloseable {

    private final AuditSettings settings =
            new AuditSettings("audit_" + UUID.randomUUID().toString().replace("-", ""), "actor", "action", "at");
    private final PGSimpleDataSource dataSource = new PGSimpleDataSource();
    private final Connection connection;

    AuditTableForTests() throws SQLException {
        String url = System.getProperty("sluice.test.url");
        if (url == null) {
            throw new IllegalStateException("These tests need a PostgreSQL, in which they create and drop a table: run"
                    + " them with -Dsluice.test.url=jdbc:postgresql://localhost:5432/test"
                    + " -Dsluice.test.username=… -Dsluice.test.password=…");
        }
        dataSource.setUrl(url);
        dataSource.setUser(System.getProperty("sluice.test.username"));
        dataSource.setPassword(System.getProperty("sluice.test.password"));
        connection = dataSource.getConnection();
        connection.setAutoCommit(false);
        sink().prepare();
    }

    /** Builds the sink, as after a restart. */
    AuditSink sink() {
        return new AuditSink(List.of("0", "1"), settings, dataSource);
    }

    void commit(StatefulSinkPartition<AuditEntry, AuditState> partition, Runnable work) {
        run(partition, work);
        try {
            connection.commit();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    void lose(StatefulSinkPartition<AuditEntry, AuditState> partition, Runnable work) {
        run(partition, work);
        rollBack();
    }

    private void run(StatefulSinkPartition<AuditEntry, AuditState> partition, Runnable work) {
        ((TransactionalPartition) partition).join(connection);
        try {
            work.run();
        } catch (RuntimeException e) {
            rollBack();
            throw e;
        }
    }

    private void rollBack() {
        try {
            connection.rollback();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Runs SQL about {table} beside the sink, as anybody could; returns the first column of what it finds. */
    List<String> sql(String sql) {
        List<String> found = new ArrayList<>();
        try (Connection other = dataSource.getConnection();
                Statement statement = other.createStatement()) {
            if (statement.execute(sql.replace("{table}", settings.quotedTable()))) {
                ResultSet rows = statement.getResultSet();
                while (rows.next()) {
                    found.add(rows.getString(1));
                }
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        return found;
    }

    @Override
    public void close() throws SQLException {
        connection.createStatement().execute("drop table " + settings.quotedTable());
        connection.commit();
        connection.close();
    }
}
