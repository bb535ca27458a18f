package dev.sluice.sink;

import dev.sluice.postgres.PostgresForTests;
import dev.sluice.postgres.PostgresForTests.Database;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** The contract for sinks whose partitions join the batch's transaction. */
public abstract class TransactionalSinkContract extends SinkPartitionContract<SinkRecord, Void>
        implements SinkPartitionContract.Target<SinkRecord, Void> {

    protected DataSource dataSource;
    private Connection connection;

    @BeforeEach
    void connect() throws SQLException {
        Database database = PostgresForTests.freshDatabase();
        dataSource = new DriverManagerDataSource(database.url(), database.username(), database.password());
        makeTables();
        connection = database.connect();
        connection.setAutoCommit(false);
    }

    @AfterEach
    void disconnect() throws SQLException {
        connection.close();
    }

    protected abstract void makeTables();

    @Override
    protected Target<SinkRecord, Void> target() {
        return this;
    }

    @Override
    public void commit(StatefulSinkPartition<SinkRecord, Void> partition, Runnable work) {
        end(partition, work, true);
    }

    @Override
    public void lose(StatefulSinkPartition<SinkRecord, Void> partition, Runnable work) {
        end(partition, work, false);
    }

    private void end(StatefulSinkPartition<SinkRecord, Void> partition, Runnable work, boolean commit) {
        try {
            ((TransactionalPartition) partition).join(connection);
            work.run();
            if (commit) {
                connection.commit();
            } else {
                connection.rollback();
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
