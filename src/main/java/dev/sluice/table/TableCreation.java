package dev.sluice.table;

import dev.sluice.sink.Engine;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Creates a table that is missing, where its partitions' snapshots are. Belongs into a transaction. */
record TableCreation(JdbcClient jdbc, Engine engine) {

    /* YugabyteDB makes tablets of the hashes of the key's first column, and sorts each by the rest. */
    private static final String CREATE = """
            create table if not exists {table} (
                partition_id  text   not null,
                source_offset bigint not null,
                data          {type} not null,
                primary key (partition_id, source_offset)
            )""";

    /* Two replicas that create the same table at once collide in the system catalogue in spite of "if not exists". */
    private static final String ONE_AT_A_TIME =
            "select pg_advisory_xact_lock(hashtextextended('sluice create table', 0))";

    private static final String TO_DISTRIBUTE = "select to_regclass('pg_dist_partition') is not null";

    private static final String DISTRIBUTED =
            "select exists (select from pg_dist_partition where logicalrelid = to_regclass(?))";

    private static final String DISTRIBUTE = """
            select create_distributed_table(to_regclass(?), 'partition_id', colocate_with => 'sluice.snapshot')""";

    private static final String THERE = "select to_regclass(?) is not null";

    void create(TableName table, DataType dataType) {
        if (holds(jdbc.sql(THERE).param(table.quoted()))) {
            return; // also where this role must not create any
        }
        jdbc.sql(ONE_AT_A_TIME).query((row, number) -> "").single();
        jdbc.sql(CREATE.replace("{table}", table.quoted()).replace("{type}", dataType.sql()))
                .update();
        if (engine == Engine.CITUS
                && holds(jdbc.sql(TO_DISTRIBUTE))
                && !holds(jdbc.sql(DISTRIBUTED).param(table.quoted()))) {
            jdbc.sql(DISTRIBUTE)
                    .param(table.quoted())
                    .query((row, number) -> "")
                    .single();
        }
    }

    private static boolean holds(JdbcClient.StatementSpec question) {
        return question.query(Boolean.class).single();
    }
}
