package com.example.audit;

import dev.sluice.sink.FixedPartitionedSink;
import dev.sluice.sink.SinkPartitionContract;
import dev.sluice.sink.StatefulSinkPartition;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;

/** What Sluice expects of every sink, asked of this one. */
class AuditContractTests extends SinkPartitionContract<AuditEntry, AuditState>
        implements SinkPartitionContract.Target<AuditEntry, AuditState> {

    @AutoClose
    private AuditTableForTests table;

    @BeforeEach
    void createTable() throws SQLException {
        table = new AuditTableForTests();
    }

    @Override
    protected Target<AuditEntry, AuditState> target() {
        return this;
    }

    /** The records that the contract writes have to be entries of an audit trail. */
    @Override
    protected String value(long offset, String text) {
        return "{\"actor\":\"contract\",\"action\":\"write " + offset + " " + text
                + "\",\"at\":\"2026-11-22T17:29:11Z\"}";
    }

    @Override
    public FixedPartitionedSink<AuditEntry, AuditState> sink() {
        return table.sink();
    }

    @Override
    public void commit(StatefulSinkPartition<AuditEntry, AuditState> partition, Runnable work) {
        table.commit(partition, work);
    }

    @Override
    public void lose(StatefulSinkPartition<AuditEntry, AuditState> partition, Runnable work) {
        table.lose(partition, work);
    }

    @Override
    public List<String> stored(String partition) {
        return table.sql("select entry from {table} where partition_id = '" + partition + "' order by source_offset");
    }
}
