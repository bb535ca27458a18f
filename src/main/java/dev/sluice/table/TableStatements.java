package dev.sluice.table;

import dev.sluice.sink.Disposition;
import dev.sluice.sink.Engine;
import dev.sluice.sink.SinkException;
import java.sql.SQLException;

/**
 * What is said to the server about one table. No "on conflict": a row that is there already was not committed by its
 * partition, and must be told.
 */
record TableStatements(
        TableName name,
        DataType dataType,
        Engine engine,
        LockHolders locks,
        MissingRights rights,
        String insert,
        String copy,
        String deleteFrom,
        String holdsAny) {

    private static final String INSERT = """
            insert into {table} (partition_id, source_offset, data)
            select r.partition_id, r.source_offset, r.data::{type}
              from unnest(?::text[], ?::bigint[], ?::text[]) as r (partition_id, source_offset, data)""";

    private static final String INSERT_VALUES = "insert into {table} (partition_id, source_offset, data)";
    private static final String ROW = "(?, ?, ?::{type})";

    private static final String COPY = "copy {table} (partition_id, source_offset, data) from stdin (format binary)";

    private static final String DELETE_FROM = "delete from {table} where partition_id = ? and source_offset >= ?";

    private static final String HOLDS_ANY = "select exists (select from {table} where partition_id = any (?))";

    private static final String HOLDS_ANY_AT_ALL = "select exists (select from {table})";

    static TableStatements of(
            TableName name, RowLayout layout, Engine engine, LockHolders locks, MissingRights rights) {
        DataType dataType = layout.dataType();
        String insert = engine.unfolds() ? INSERT : INSERT_VALUES;
        return new TableStatements(
                name,
                dataType,
                engine,
                locks,
                rights,
                insert.replace("{table}", name.quoted()).replace("{type}", dataType.sql()),
                COPY.replace("{table}", name.quoted()),
                DELETE_FROM.replace("{table}", name.quoted()),
                (layout.positions() ? HOLDS_ANY : HOLDS_ANY_AT_ALL).replace("{table}", name.quoted()));
    }

    /** Returns the INSERT of so many rows where they are not unfolded. */
    String insert(int rows) {
        return insert + Engine.values(ROW.replace("{type}", dataType.sql()), rows);
    }

    /** Returns what a statement's failure means. */
    RuntimeException failed(SQLException e, String sql) {
        return SqlFailure.of(e, this, sql);
    }

    void requireStored(long stored, long sent) {
        if (stored != sent) {
            throw new SinkException(
                    Disposition.BROKEN,
                    "the table " + name + " kept " + stored + " of " + sent
                            + " rows: one of its triggers or rules swallows rows",
                    null);
        }
    }
}
