package dev.sluice.table;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.postgres.PostgresForTests;
import dev.sluice.postgres.PostgresForTests.Database;
import dev.sluice.sink.FixedPartitionedSink;
import dev.sluice.sink.SinkPartitionContract;
import dev.sluice.sink.SinkRecord;
import dev.sluice.sink.StatefulSinkPartition;
import dev.sluice.sink.TransactionalPartition;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

class TableSinkContractIT extends SinkPartitionContract<SinkRecord, Void>
        implements SinkPartitionContract.Target<SinkRecord, Void> {

    private DriverManagerDataSource dataSource;
    private Connection connection;

    @BeforeEach
    void connect() throws SQLException {
        Database database = PostgresForTests.freshDatabase();
        dataSource = new DriverManagerDataSource(database.url(), database.username(), database.password());
        sink().prepare();
        connection = database.connect();
        connection.setAutoCommit(false);
    }

    @AfterEach
    void disconnect() throws SQLException {
        connection.close();
    }

    @Override
    protected Target<SinkRecord, Void> target() {
        return this;
    }

    @Override
    public FixedPartitionedSink<SinkRecord, Void> sink() {
        return new TableSink(
                List.of("0", "1"),
                TableName.parse("Odd-Name"),
                new TableSinkProperties(null, true, DataType.JSONB),
                JdbcClient.create(dataSource),
                new TransactionTemplate(new JdbcTransactionManager(dataSource)),
                closed -> {});
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

    @Override
    public List<String> stored(String partition) {
        return JdbcClient.create(dataSource)
                .sql("select data::text from \"Odd-Name\" where partition_id = ? order by source_offset")
                .param(partition)
                .query(String.class)
                .list();
    }

    @Test
    void preparesAsOftenAsOneLikes() {
        sink().prepare();
        sink().verify();
        assertThat(stored("0")).isEmpty();
    }
}
