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
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Records as the rows that a table with columns of the user's own would have, one after the other. One thread. */
final class TablePreview {

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
        List<Previewed> previewed = new ArrayList<>();
        for (SinkRecord record : records) {
            previewed.add(of(partition, record));
        }
        return previewed;
    }

    private Previewed of(String partition, SinkRecord record) throws SQLException {
        reader.read(record);
        Optional<RejectedRecord> refused = reader.refused();
        if (refused.isPresent()) {
            return new Previewed(record.offset(), null, null, refused.get());
        }
        Savepoint before = transaction.setSavepoint();
        try {
            reader.read(record);
            Previewed last = new Previewed(record.offset(), Effect.NONE, null, null);
            while (reader.next()) {
                last = changed(partition, record.offset());
            }
            transaction.releaseSavepoint(before);
            return last;
        } catch (SQLException e) {
            if (!SqlFailure.blamesRecords(e)) {
                throw e;
            }
            transaction.rollback(before);
            return new Previewed(record.offset(), null, null, SqlFailure.rejection(e, record.offset()));
        }
    }

    private Previewed changed(String partition, long offset) throws SQLException {
        if (reader.change() == Change.TRUNCATE) {
            new TruncateGroup(table, softDelete).write(transaction);
            return new Previewed(offset, Effect.DELETED, null, null);
        }
        BitSet left = new BitSet();
        if (reader.change() == Change.WRITE) {
            reader.defaults(left);
        }
        List<Integer> columns = IntStream.range(0, mapping.columns().size())
                .filter(column -> !left.get(column))
                .boxed()
                .toList();
        if (layout.upserts()) {
            UpsertGroup group = new UpsertGroup(table, layout, mapping, columns, softDelete);
            group.add(partition, offset, reader);
            @Nullable String row = group.preview(transaction);
            return new Previewed(offset, row == null ? Effect.DELETED : Effect.WRITTEN, row, null);
        }
        InsertGroup group = new InsertGroup(table, mapping, columns, layout.positions());
        group.add(partition, offset, reader);
        return new Previewed(offset, Effect.WRITTEN, group.preview(transaction), null);
    }
}
