package dev.sluice.table;

import dev.sluice.column.MappedColumn;
import dev.sluice.column.Mapping;
import dev.sluice.column.RowReader;
import dev.sluice.sink.SinkRecord;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Records as rows on their way into a table, those that leave the same columns to their defaults together: before
 * PostgreSQL 16, COPY has no mark for a default. One thread.
 */
final class MappedRows {

    /* What input functions make of a text must not depend on how a role or a database is set up. */
    private static final String PIN = """
            select set_config('DateStyle', 'ISO, YMD', true), set_config('IntervalStyle', 'postgres', true),
                   set_config('TimeZone', 'UTC', true), set_config('lc_monetary', 'C', true),
                   set_config('xmloption', 'content', true), set_config('array_nulls', 'on', true)""";

    private final Connection connection;
    private final TableName table;
    private final Mapping mapping;
    private final boolean positions;
    private final boolean copies;
    private final RowReader reader;
    private final BitSet defaults = new BitSet();
    private final Map<BitSet, RowGroup> groups = new LinkedHashMap<>();
    private boolean pinned;
    private long count;
    private long bytes;

    /** {@code copies} is whether rows go by COPY. */
    MappedRows(Connection connection, TableName table, Mapping mapping, boolean positions, boolean copies) {
        this.connection = connection;
        this.table = table;
        this.mapping = mapping;
        this.positions = positions;
        this.copies = copies;
        this.reader = mapping.reader();
    }

    void add(String partition, SinkRecord record) {
        reader.read(record);
        reader.defaults(defaults);
        RowGroup group = groups.get(defaults);
        if (group == null) {
            BitSet left = (BitSet) defaults.clone();
            group = group(left);
            groups.put(left, group);
        }
        group.add(partition, record.offset(), reader);
        count++;
        bytes += record.length();
    }

    private RowGroup group(BitSet left) {
        List<Integer> columns = new ArrayList<>();
        for (int i = left.nextClearBit(0); i < mapping.columns().size(); i = left.nextClearBit(i + 1)) {
            columns.add(i);
        }
        List<MappedColumn> written =
                columns.stream().map(mapping.columns()::get).toList();
        return copies && (positions || !written.isEmpty())
                ? new CopyGroup(table, written, columns, positions)
                : new InsertGroup(table, written, columns, positions);
    }

    /** Returns how many rows wait to be written. */
    long count() {
        return count;
    }

    /** Returns how many bytes their records have. */
    long bytes() {
        return bytes;
    }

    /** Writes all rows; returns how many the table has kept. */
    long write() throws SQLException {
        if (count == 0) {
            return 0;
        }
        if (!pinned) {
            try (PreparedStatement statement = connection.prepareStatement(PIN)) {
                statement.execute();
            }
            pinned = true;
        }
        long kept = 0;
        for (RowGroup group : groups.values()) {
            kept += group.write(connection);
        }
        groups.clear();
        count = 0;
        bytes = 0;
        return kept;
    }
}
