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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

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
    private final RowLayout layout;
    private final boolean copies;
    private final RowReader reader;
    private final BitSet defaults = new BitSet();
    private final List<RowGroup> groups = new ArrayList<>();
    private final Map<BitSet, RowGroup> open = new HashMap<>();
    private @Nullable RowGroup begun;
    private boolean pinned;
    private long count;
    private long bytes;

    /** {@code copies} is whether rows go by COPY. */
    MappedRows(Connection connection, TableName table, RowLayout layout, Mapping mapping, boolean copies) {
        this.connection = connection;
        this.table = table;
        this.mapping = mapping;
        this.layout = layout;
        this.copies = copies;
        this.reader = mapping.reader();
    }

    /** Adds a record; returns the rows that it went to. */
    RowGroup add(String partition, SinkRecord record) {
        reader.read(record);
        reader.defaults(defaults);
        RowGroup group = open.get(defaults);
        if (group == null) {
            if (layout.upserts()) {
                open.clear(); // of a key that is in both, the later record has to win
            }
            BitSet left = (BitSet) defaults.clone();
            group = group(left);
            open.put(left, group);
            groups.add(group);
        }
        group.add(partition, record.offset(), reader);
        count++;
        bytes += record.length();
        return group;
    }

    private RowGroup group(BitSet left) {
        List<Integer> columns = new ArrayList<>();
        for (int i = left.nextClearBit(0); i < mapping.columns().size(); i = left.nextClearBit(i + 1)) {
            columns.add(i);
        }
        List<MappedColumn> written =
                columns.stream().map(mapping.columns()::get).toList();
        if (layout.upserts()) {
            return new UpsertGroup(table, layout, mapping, columns);
        }
        return copies && (layout.positions() || !written.isEmpty())
                ? new CopyGroup(table, written, columns, layout.positions())
                : new InsertGroup(table, mapping, columns, layout.positions());
    }

    /** Returns how many rows wait to be written. */
    long count() {
        return count;
    }

    /** Returns how many bytes their records have. */
    long bytes() {
        return bytes;
    }

    /** Returns the group whose statement was the last to begin; null before the first. */
    @Nullable
    RowGroup begun() {
        return begun;
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
        for (RowGroup group : groups) {
            begun = group;
            kept += group.write(connection);
        }
        groups.clear();
        open.clear();
        count = 0;
        bytes = 0;
        return kept;
    }
}
