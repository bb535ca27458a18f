package dev.sluice.table;

import dev.sluice.sink.Engine;
import dev.sluice.sink.JointWrite;
import dev.sluice.sink.SinkRecord;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Rows by INSERT: one round trip for a few, and the only way into tables with rules or row-level security. */
final class InsertWrite implements JointWrite {

    private static final int ROWS_AT_A_TIME = 10_000;
    private static final long BYTES_AT_A_TIME = 4 << 20;

    private final Connection connection;
    private final TableStatements table;
    private final List<String> partitions = new ArrayList<>();
    private final List<SinkRecord> records = new ArrayList<>();
    private long bytes;

    InsertWrite(Connection connection, TableStatements table) {
        this.connection = connection;
        this.table = table;
    }

    @Override
    public void add(String forPart, SinkRecord record) {
        partitions.add(forPart);
        records.add(record);
        bytes += record.length();
        if (records.size() >= ROWS_AT_A_TIME || bytes >= BYTES_AT_A_TIME) {
            flush();
        }
    }

    @Override
    public void flush() {
        if (records.isEmpty()) {
            return;
        }
        try {
            table.requireStored(insert(connection, table, partitions, records), records.size());
        } catch (SQLException e) {
            throw table.failed(e, table.insert());
        }
        partitions.clear();
        records.clear();
        bytes = 0;
    }

    /** Returns how many rows the table has kept. */
    static int insert(Connection connection, TableStatements table, List<String> partitions, List<SinkRecord> records)
            throws SQLException {
        return table.engine().unfolds()
                ? unfold(connection, table, partitions, records)
                : values(connection, table, partitions, records);
    }

    private static int values(
            Connection connection, TableStatements table, List<String> partitions, List<SinkRecord> records)
            throws SQLException {
        int stored = 0;
        for (int from = 0; from < records.size(); from += Engine.VALUES_AT_A_TIME) {
            int rows = Math.min(records.size() - from, Engine.VALUES_AT_A_TIME);
            try (PreparedStatement statement = connection.prepareStatement(table.insert(rows))) {
                int parameter = 1;
                for (int row = from; row < from + rows; row++) {
                    statement.setString(parameter++, partitions.get(row));
                    statement.setLong(parameter++, records.get(row).offset());
                    statement.setString(parameter++, records.get(row).json());
                }
                stored += statement.executeUpdate();
            }
        }
        return stored;
    }

    private static int unfold(
            Connection connection, TableStatements table, List<String> partitions, List<SinkRecord> records)
            throws SQLException {
        Long[] offsets = new Long[records.size()];
        String[] values = new String[records.size()];
        for (int i = 0; i < values.length; i++) {
            offsets[i] = records.get(i).offset();
            values[i] = records.get(i).json();
        }
        try (PreparedStatement statement = connection.prepareStatement(table.insert())) {
            Array partitionArray = connection.createArrayOf("text", partitions.toArray(String[]::new));
            Array offsetArray = connection.createArrayOf("bigint", offsets);
            Array valueArray = connection.createArrayOf("text", values);
            statement.setArray(1, partitionArray);
            statement.setArray(2, offsetArray);
            statement.setArray(3, valueArray);
            return statement.executeUpdate();
        }
    }

    @Override
    public void close() {
        // Holds nothing but what it was given.
    }
}
