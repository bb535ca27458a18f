package dev.sluice.delivery;

import dev.sluice.sink.Engine;
import dev.sluice.sink.FixedPartitionedSink;
import dev.sluice.sink.SinkRecord;
import dev.sluice.sink.TransactionalSinkContract;
import java.time.Duration;
import java.util.List;
import org.flywaydb.core.Flyway;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.util.unit.DataSize;

class BufferSinkContractIT extends TransactionalSinkContract {

    @Override
    protected void makeTables() {
        Flyway.configure()
                .dataSource(dataSource)
                .defaultSchema("sluice")
                .createSchemas(true)
                .locations("classpath:db/migration", "classpath:db/vendor/postgresql")
                .load()
                .migrate();
        JdbcClient.create(dataSource)
                .sql("insert into sluice.snapshot (sink, partition_id) values ('contract', '0')")
                .update();
    }

    @Override
    public FixedPartitionedSink<SinkRecord, Void> sink() {
        return new BufferSink(
                "contract",
                AnySink.target("target"),
                new BatchingSinkProperties("target", 1000, DataSize.ofMegabytes(1), Duration.ofSeconds(30), 1_000_000),
                null,
                Engine.POSTGRESQL);
    }

    @Override
    public List<String> stored(String partition) {
        return JdbcClient.create(dataSource)
                .sql("select convert_from(data, 'UTF8') from sluice.buffer where sink = 'contract' and partition_id = ?"
                        + " order by source_offset")
                .param(partition)
                .query(String.class)
                .list();
    }
}
