package dev.sluice.table;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.column.MissingMembers;
import dev.sluice.column.OtherMembers;
import dev.sluice.sink.Engine;
import dev.sluice.sink.FixedPartitionedSink;
import dev.sluice.sink.SinkRecord;
import dev.sluice.sink.TransactionalSinkContract;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;

class TableSinkContractIT extends TransactionalSinkContract {

    @Override
    protected void makeTables() {
        sink().prepare();
    }

    @Override
    public FixedPartitionedSink<SinkRecord, Void> sink() {
        return new TableSink(
                List.of("0", "1"),
                TableName.parse("Odd-Name"),
                new TableSinkProperties(
                        null,
                        true,
                        DataType.JSONB,
                        Map.of(),
                        OtherMembers.REFUSE,
                        MissingMembers.DEFAULT,
                        Position.COLUMNS,
                        WriteMode.APPEND,
                        List.of(),
                        Rewind.NONE,
                        Set.of()),
                new TableDatabase(dataSource, new JdbcTransactionManager(dataSource), Engine.POSTGRESQL),
                new CopyBuffers(),
                closed -> {});
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
        FixedPartitionedSink<SinkRecord, Void> sink = sink();
        sink.prepare();
        sink.prepare();
        sink.verify();
        assertThat(stored("0")).isEmpty();
    }
}
