package dev.sluice.table;

import dev.sluice.sink.ReadableRows.RowVisitor;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** Reads back what a table has of a sink's records. Thread-safe. */
final class TableRows {

    private static final String COUNT =
            "select count(*) from {table} where partition_id = any (?) and source_offset >= ?";
    private static final String READ = """
            select source_offset, {data} as data from {table}
             where partition_id = ? and source_offset >= ? and source_offset < ?
             order by source_offset""";
    private static final int AT_A_TIME = 2_000;

    private final RowLayout layout;
    private final TableStatements statements;
    private final String count;
    private final String read;

    TableRows(TableName table, RowLayout layout, TableStatements statements) {
        this.layout = layout;
        this.statements = statements;
        this.count = COUNT.replace("{table}", table.quoted());
        this.read = READ.replace("{table}", table.quoted())
                .replace("{data}", keptAs().isEmpty() ? "data::text" : "null::text");
    }

    Optional<String> untold() {
        if (layout.upserts()) {
            return Optional.of("its rows replace others by their key, so that the table no longer has each record");
        }
        return layout.positions()
                ? Optional.empty()
                : Optional.of("its rows do not say which records they are of (position: none)");
    }

    Optional<String> keptAs() {
        if (layout.mapped()) {
            return Optional.of("the values of its columns");
        }
        return layout.dataType() == DataType.JSONB
                ? Optional.of("jsonb, which keeps neither white space nor the order of members")
                : Optional.empty();
    }

    long count(Connection transaction, List<String> partitions, long from) {
        try (PreparedStatement statement = transaction.prepareStatement(count)) {
            statement.setArray(1, transaction.createArrayOf("text", partitions.toArray()));
            statement.setLong(2, from);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        } catch (SQLException e) {
            throw statements.failed(e, count);
        }
    }

    void read(Connection transaction, String partition, long from, long end, RowVisitor visitor) {
        try (PreparedStatement statement = transaction.prepareStatement(read)) {
            statement.setFetchSize(AT_A_TIME);
            statement.setString(1, partition);
            statement.setLong(2, from);
            statement.setLong(3, end);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    String data = row.getString(2);
                    visitor.row(row.getLong(1), data == null ? null : data.getBytes(StandardCharsets.UTF_8));
                }
            }
        } catch (SQLException e) {
            throw statements.failed(e, read);
        }
    }
}
