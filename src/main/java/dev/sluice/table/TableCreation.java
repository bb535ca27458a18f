package dev.sluice.table;

import dev.sluice.column.ColumnSource;
import dev.sluice.sink.Disposition;
import dev.sluice.sink.Engine;
import dev.sluice.sink.SinkException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Creates a table that is missing, where its partitions' snapshots are. Belongs into a transaction. */
record TableCreation(JdbcClient jdbc, Engine engine) {

    /* YugabyteDB makes tablets of the hashes of the key's first column, and sorts each by the rest. */
    private static final String CREATE = """
            create table if not exists {table} ({columns})""";
    private static final String POSITIONS = "partition_id text not null, source_offset bigint not null, ";
    private static final String KEY = ", primary key (partition_id, source_offset)";

    /* Two replicas that create the same table at once collide in the system catalogue in spite of "if not exists". */
    private static final String ONE_AT_A_TIME =
            "select pg_advisory_xact_lock(hashtextextended('sluice create table', 0))";

    private static final String TO_DISTRIBUTE = "select to_regclass('pg_dist_partition') is not null";

    private static final String DISTRIBUTED =
            "select exists (select from pg_dist_partition where logicalrelid = to_regclass(?))";

    private static final String DISTRIBUTE = "select create_distributed_table(to_regclass(?), ?, colocate_with => ?)";

    private static final String THERE = "select to_regclass(?) is not null";

    void create(TableName table, RowLayout layout) {
        if (holds(jdbc.sql(THERE).param(table.quoted()))) {
            return; // also where this role must not create any
        }
        jdbc.sql(ONE_AT_A_TIME).query((row, number) -> "").single();
        jdbc.sql(CREATE.replace("{table}", table.quoted()).replace("{columns}", columns(table, layout)))
                .update();
        // A table without a key stays on one server, for whoever knows better.
        if (engine == Engine.CITUS
                && (layout.upserts() || layout.positions())
                && holds(jdbc.sql(TO_DISTRIBUTE))
                && !holds(jdbc.sql(DISTRIBUTED).param(table.quoted()))) {
            String column = layout.upserts() ? layout.key().get(0) : RowLayout.PARTITION;
            jdbc.sql(DISTRIBUTE)
                    .params(table.quoted(), column, layout.upserts() ? "default" : "sluice.snapshot")
                    .query((row, number) -> "")
                    .single();
        }
    }

    private static String columns(TableName table, RowLayout layout) {
        if (layout.mapped() && layout.columns().isEmpty()) {
            throw new SinkException(
                    Disposition.BROKEN,
                    "the table " + table + " does not exist, and the definition lists no columns to create it with;"
                            + " create the table, or list columns with their types",
                    null);
        }
        String own = layout.mapped()
                ? Stream.concat(
                                layout.columns().entrySet().stream()
                                        .map(column -> TableName.quote(column.getKey()) + " "
                                                + type(table, column.getKey(), column.getValue())),
                                layout.softDelete().stream().map(column -> TableName.quote(column) + " timestamptz"))
                        .collect(Collectors.joining(", "))
                : RowLayout.DATA + " " + layout.dataType().sql() + " not null";
        if (layout.upserts()) {
            String key = layout.key().stream()
                    .map(TableName::quote)
                    .collect(Collectors.joining(", ", ", primary key (", ")"));
            return (layout.positions() ? POSITIONS : "") + own + key;
        }
        return layout.positions() ? POSITIONS + own + KEY : own;
    }

    private static String type(TableName table, String name, ColumnSource source) {
        if (source.type() == null) {
            throw new SinkException(
                    Disposition.BROKEN,
                    "the table " + table + " does not exist, and the column " + name
                            + " has no type to create it with; create the table, or add a type to columns." + name,
                    null);
        }
        return source.type();
    }

    private static boolean holds(JdbcClient.StatementSpec question) {
        return question.query(Boolean.class).single();
    }
}
