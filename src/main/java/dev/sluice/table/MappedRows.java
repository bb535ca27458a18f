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

    /* Where rows take turns in what they leave out, groups are too small for three round trips each. */
    private static final int MOST_STAGED = 4;

    private final Connection connection;
    private final TableName table;
    private final Mapping mapping;
    private final RowLayout layout;
    private final Optional<SoftDelete> softDelete;
    private final boolean copies;
    private final Optional<String> staged;
    private final CopyBuffers buffers;
    private final boolean unfolds;
    private final boolean moreKeys;
    private final RowReader reader;
    private final BitSet defaults = new BitSet();
    private final List<RowGroup> groups = new ArrayList<>();
    private final Map<BitSet, Ways> open = new HashMap<>();
    private @Nullable RowGroup begun;
    private boolean pinned;
    private long count;
    private long bytes;

    /**
     * Makes one for a transaction.
     *
     * @param softDelete how rows say that they are deleted, where they stay
     * @param copies whether rows that are appended go by COPY
     * @param staged the table's mark, where rows that replace others go through a temporary table
     * @param unfolds whether the database takes rows as arrays
     * @param moreKeys whether the table has unique keys beside the one that rows are found by
     */
    MappedRows(
            Connection connection,
            TableName table,
            RowLayout layout,
            Mapping mapping,
            Optional<SoftDelete> softDelete,
            boolean copies,
            Optional<String> staged,
            CopyBuffers buffers,
            boolean unfolds,
            boolean moreKeys) {
        this.moreKeys = moreKeys;
        this.unfolds = unfolds;
        this.buffers = buffers;
        this.connection = connection;
        this.table = table;
        this.mapping = mapping;
        this.layout = layout;
        this.softDelete = softDelete;
        this.copies = copies;
        this.staged = staged;
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
            if (!layout.adds()) { // what gets a column was checked on arrival; on a dry run it gets none
                reader.requireNothingElse();
            }
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

    private RowGroup upsert(List<Integer> columns) {
        UpsertStatement statement = new UpsertStatement(table, layout, mapping, columns, softDelete);
        RowGroup inOrder = new RowByRowGroup(table, statement, layout, mapping, columns, softDelete);
        if (!unfolds) {
            return inOrder;
        }
        if (moreKeys) {
            return new OrderedUpsertGroup(new UpsertGroup(statement, layout, mapping, columns), inOrder);
        }
        // Of a row that is gone a domain may refuse that it has no value.
        boolean stages = staged.isPresent()
                && groups.size() < MOST_STAGED
                && (layout.changes().isEmpty()
                        || mapping.columns().stream()
                                .noneMatch(column -> column.type().domain()));
        return stages
                ? new StagedUpsertGroup(
                        buffers,
                        statement,
                        new Staging(table, statement, layout, mapping, staged.get()),
                        mapping,
                        columns,
                        layout.positions())
                : new UpsertGroup(statement, layout, mapping, columns);
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
                this.first = upsert(columns);
            } else if (!unfolds) {
                this.first = new ValuesGroup(table, mapping, columns, layout.positions());
            } else if (!copies || (!layout.positions() && columns.isEmpty())) {
                this.first = new InsertGroup(table, mapping, columns, layout.positions());
            } else if (columns.stream().allMatch(mapping::binary)) {
                this.first = new BinaryCopyGroup(buffers, table.quoted(), mapping, columns, layout.positions(), null);
            } else {
                this.first = new CopyGroup(buffers, table.quoted(), mapping, columns, layout.positions(), null);
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
                there = begin(new CopyGroup(buffers, table.quoted(), mapping, columns, layout.positions(), null));
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

    /** Returns how many statements they need. */
    int groups() {
        return groups.size();
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
