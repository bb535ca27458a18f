package dev.sluice.table;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.sink.Engine;
import dev.sluice.sink.FixedPartitionedSink;
import dev.sluice.sink.SinkRecord;
import dev.sluice.sink.TransactionalSinkContract;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
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
                new Binder(new MapConfigurationPropertySource(Map.of()))
                        .bindOrCreate("sink", TableSinkProperties.class),
                new TableDatabase(dataSource, new JdbcTransactionManager(dataSource), Engine.POSTGRESQL),
                new CopyBuffers(),
                added -> {},
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
