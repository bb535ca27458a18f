package dev.sluice.table;

import dev.sluice.column.Change;
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
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Changes of rows on their way into a table, those that leave the same columns to their defaults together: before
 * PostgreSQL 16, COPY has no mark for a default. One thread.
 */
final class MappedRows {

    /* What input functions make of a text must not depend on how a role or a database is set up. */
    private static final String PIN = """
            select set_config('DateStyle', 'ISO, YMD', true), set_config('IntervalStyle', 'postgres', true),
                   set_config('TimeZone', 'UTC', true), set_config('lc_monetary', 'C', true),
                   set_config('xmloption', 'content', true), set_config('array_nulls', 'on', true)""";

    private static final int MOST_IN_VAIN = 64;

    private final Connection connection;
    private final TableName table;
    private final Mapping mapping;
    private final RowLayout layout;
    private final Optional<SoftDelete> softDelete;
    private final boolean copies;
    private final RowReader reader;
    private final BitSet defaults = new BitSet();
    private final List<RowGroup> groups = new ArrayList<>();
    private final Map<BitSet, Ways> open = new HashMap<>();
    private @Nullable RowGroup begun;
    private boolean pinned;
    private long count;
    private long bytes;

    /** {@code copies} is whether rows go by COPY. */
    MappedRows(
            Connection connection,
            TableName table,
            RowLayout layout,
            Mapping mapping,
            Optional<SoftDelete> softDelete,
            boolean copies) {
        this.connection = connection;
        this.table = table;
        this.mapping = mapping;
        this.layout = layout;
        this.softDelete = softDelete;
        this.copies = copies;
        this.reader = mapping.reader();
    }

    /** Adds a record; returns the rows that its last change went to, null if it changes none. */
    @Nullable
    RowGroup add(String partition, SinkRecord record) {
        reader.read(record);
        RowGroup group = null;
        while (reader.next()) {
            group = change(partition, record.offset());
            count++;
        }
        bytes += record.length();
        return group;
    }

    private RowGroup change(String partition, long offset) {
        if (reader.change() == Change.TRUNCATE) {
            open.clear(); // rows that come later stay
            return begin(new TruncateGroup(table, softDelete));
        }
        return ways().add(partition, offset);
    }

    private Ways ways() {
        if (reader.change() == Change.WRITE) {
            reader.defaults(defaults);
        } else if (!open.isEmpty()) {
            return open.values().iterator().next(); // it needs no columns but those of the key, which all have
        } else {
            defaults.clear();
        }
        Ways ways = open.get(defaults);
        if (ways == null) {
            if (layout.upserts()) {
                open.clear(); // of a key that is in both, the later record has to win
            }
            ways = new Ways(columnsBut(defaults));
            open.put((BitSet) defaults.clone(), ways);
        }
        return ways;
    }

    private List<Integer> columnsBut(BitSet left) {
        return IntStream.range(0, mapping.columns().size())
                .filter(column -> !left.get(column))
                .boxed()
                .toList();
    }

    private <G extends RowGroup> G begin(G group) {
        groups.add(group);
        return group;
    }

    /** The ways of rows that fill the same columns. */
    private final class Ways {

        private final List<Integer> columns;
        private final RowGroup first;
        private @Nullable RowGroup second;
        /* How many more rows have gone the first way than the second. */
        private int balance;

        private Ways(List<Integer> columns) {
            this.columns = columns;
            if (layout.upserts()) {
                this.first = new UpsertGroup(table, layout, mapping, columns, softDelete);
            } else if (!copies || (!layout.positions() && columns.isEmpty())) {
                this.first = new InsertGroup(table, mapping, columns, layout.positions());
            } else if (columns.stream().allMatch(mapping::binary)) {
                this.first = new BinaryCopyGroup(table, mapping, columns, layout.positions());
            } else {
                this.first = new CopyGroup(table, mapping, columns, layout.positions());
            }
            begin(first);
        }

        /** Adds the change at which the reader stands; returns the way that it went. */
        private RowGroup add(String partition, long offset) {
            if (balance > -MOST_IN_VAIN && first.add(partition, offset, reader)) {
                balance++;
                return first;
            }
            balance--;
            RowGroup there = second;
            if (there == null) {
                there = begin(new CopyGroup(table, mapping, columns, layout.positions()));
                second = there;
            }
            there.add(partition, offset, reader);
            return there;
        }
    }

    /** Returns how many changes of rows wait to be written. */
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

    /** Sets what decides how a text is read, until the transaction ends. */
    static void pin(Connection transaction) throws SQLException {
        try (PreparedStatement statement = transaction.prepareStatement(PIN)) {
            statement.execute();
        }
    }

    /** Writes all changes; returns how many the table has kept. */
    long write() throws SQLException {
        if (groups.isEmpty()) {
            return 0;
        }
        if (!pinned) {
            pin(connection);
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
