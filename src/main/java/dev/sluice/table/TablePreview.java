package dev.sluice.table;

import dev.sluice.column.Change;
import dev.sluice.column.Mapping;
import dev.sluice.column.RowReader;
import dev.sluice.sink.RecordPreview.Effect;
import dev.sluice.sink.RecordPreview.Previewed;
import dev.sluice.sink.RejectedRecord;
import dev.sluice.sink.SinkRecord;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Records as the rows that a table with columns of the user's own would have, one after the other. One thread. */
final class TablePreview {

    private static final String NO_RIGHT = "42501";

    /* Added to the offsets, so that no row of the table has them. */
    private static final long STAND_IN = 1L << 62;

    private final Connection transaction;
    private final TableName table;
    private final RowLayout layout;
    private final Mapping mapping;
    private final Optional<SoftDelete> softDelete;
    private final RowReader reader;

    TablePreview(
            Connection transaction,
            TableName table,
            RowLayout layout,
            Mapping mapping,
            Optional<SoftDelete> softDelete) {
        this.transaction = transaction;
        this.table = table;
        this.layout = layout;
        this.mapping = mapping;
        this.softDelete = softDelete;
        this.reader = mapping.reader();
    }

    List<Previewed> of(String partition, List<SinkRecord> records) throws SQLException {
        MappedRows.pin(transaction);
        try (Statement statement = transaction.createStatement()) {
            statement.execute("set constraints all immediate");
        }
        List<Previewed> previewed = new ArrayList<>();
        for (SinkRecord record : records) {
            previewed.add(of(partition, record));
        }
        return previewed;
    }

    private Previewed of(String partition, SinkRecord record) throws SQLException {
        reader.read(record);
        Optional<RejectedRecord> refused = reader.refused().filter(rejected -> !layout.adds(rejected));
        if (refused.isPresent()) {
            return new Previewed(record.offset(), null, null, refused.get());
        }
        Savepoint before = transaction.setSavepoint();
        try {
            return changed(partition, record, true);
        } catch (SQLException e) {
            transaction.rollback(before);
            if (SqlFailure.state(e).equals(NO_RIGHT)) {
                return hidden(partition, record, e, before);
            }
            if (!SqlFailure.blamesRecords(e)) {
                throw e;
            }
            return rejected(record, e);
        } finally {
            transaction.rollback(before); // each record by itself
        }
    }

    /* A role that may insert rows and not read them. */
    private Previewed hidden(String partition, SinkRecord record, SQLException before, Savepoint savepoint)
            throws SQLException {
        try {
            return changed(partition, record, false);
        } catch (SQLException e) {
            transaction.rollback(savepoint);
            if (!SqlFailure.blamesRecords(e)) {
                before.addSuppressed(e);
                throw before;
            }
            return rejected(record, e);
        }
    }

    private static Previewed rejected(SinkRecord record, SQLException e) {
        return new Previewed(record.offset(), null, null, SqlFailure.rejection(e, record.offset()));
    }

    private Previewed changed(String partition, SinkRecord record, boolean shown) throws SQLException {
        reader.read(record);
        Previewed last = new Previewed(record.offset(), Effect.NONE, null, null);
        while (reader.next()) {
            last = changed(partition, record.offset(), shown);
        }
        return last;
    }

    private Previewed changed(String partition, long index, boolean shown) throws SQLException {
        if (reader.change() == Change.TRUNCATE) {
            return new Previewed(index, Effect.DELETED, null, null); // and is not tried: all rows would be locked
        }
        BitSet left = new BitSet();
        if (reader.change() == Change.WRITE) {
            reader.defaults(left);
        }
        List<Integer> columns = IntStream.range(0, mapping.columns().size())
                .filter(column -> !left.get(column))
                .boxed()
                .toList();
        long offset = STAND_IN + index;
        if (layout.upserts()) {
            UpsertGroup group = new UpsertGroup(
                    new UpsertStatement(table, layout, mapping, columns, softDelete), layout, mapping, columns);
            group.add(partition, offset, reader);
            if (!shown) {
                group.write(transaction);
            }
            String row = shown ? group.preview(transaction) : null;
            Effect effect = reader.change() == Change.WRITE ? Effect.WRITTEN : Effect.DELETED;
            return new Previewed(index, effect, row, null);
        }
        InsertGroup group = new InsertGroup(table, mapping, columns, layout.positions());
        group.add(partition, offset, reader);
        if (!shown) {
            group.write(transaction);
        }
        return new Previewed(index, Effect.WRITTEN, shown ? group.preview(transaction) : null, null);
    }
}
