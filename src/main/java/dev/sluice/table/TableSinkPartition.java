package dev.sluice.table;

import dev.sluice.sink.Disposition;
import dev.sluice.sink.RecordProbe;
import dev.sluice.sink.RejectedRecord;
import dev.sluice.sink.RewindablePartition;
import dev.sluice.sink.SinkException;
import dev.sluice.sink.SinkRecord;
import dev.sluice.sink.StatefulSinkPartition;
import dev.sluice.sink.TransactionalPartition;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One partition's rows. Keeps no state of its own: the table and the snapshot change in the same transaction. */
final class TableSinkPartition
        implements StatefulSinkPartition<SinkRecord, Void>,
                TransactionalPartition,
                RewindablePartition<Void>,
                RecordProbe<SinkRecord> {

    /* No "on conflict": a row that is there already was not committed by this partition, and must be told. */
    private static final String INSERT = """
            insert into {table} (partition_id, source_offset, data)
            select ?, r.source_offset, r.data::{type}
              from unnest(?::bigint[], ?::text[]) as r (source_offset, data)""";

    private static final String DELETE_FROM = "delete from {table} where partition_id = ? and source_offset >= ?";

    private static final int MOST_REJECTIONS = 100;

    private final String partition;
    private final TableName table;
    private final String insert;
    private final String deleteFrom;
    private @Nullable Connection transaction;

    TableSinkPartition(String partition, TableName table, DataType dataType) {
        this.partition = partition;
        this.table = table;
        this.insert = INSERT.replace("{table}", table.quoted()).replace("{type}", dataType.sql());
        this.deleteFrom = DELETE_FROM.replace("{table}", table.quoted());
    }

    @Override
    public void join(Connection transaction) {
        this.transaction = transaction;
    }

    @Override
    public void writeBatch(List<SinkRecord> items) {
        int stored;
        try {
            stored = insert(items);
        } catch (SQLException e) {
            throw SqlFailure.of(e, table, insert);
        }
        if (stored != items.size()) {
            throw new SinkException(
                    Disposition.BROKEN,
                    "the table " + table + " kept " + stored + " of " + items.size()
                            + " rows: one of its triggers or rules swallows rows",
                    null);
        }
    }

    private int insert(List<SinkRecord> items) throws SQLException {
        Connection connection = joined();
        Long[] offsets = new Long[items.size()];
        String[] values = new String[items.size()];
        for (int i = 0; i < values.length; i++) {
            offsets[i] = items.get(i).offset();
            values[i] = items.get(i).json();
        }
        try (PreparedStatement statement = connection.prepareStatement(insert)) {
            Array offsetArray = connection.createArrayOf("bigint", offsets);
            Array valueArray = connection.createArrayOf("text", values);
            statement.setString(1, partition);
            statement.setArray(2, offsetArray);
            statement.setArray(3, valueArray);
            return statement.executeUpdate();
        }
    }

    @Override
    public @Nullable Void snapshot() {
        return null;
    }

    @Override
    public void rewind(long nextOffset, @Nullable Void state) {
        try (PreparedStatement statement = joined().prepareStatement(deleteFrom)) {
            statement.setString(1, partition);
            statement.setLong(2, nextOffset);
            statement.executeUpdate();
        } catch (SQLException e) {
            throw SqlFailure.of(e, table, deleteFrom);
        }
    }

    @Override
    public List<RejectedRecord> probe(List<SinkRecord> items) {
        List<RejectedRecord> rejected = new ArrayList<>();
        try (Statement statement = joined().createStatement()) {
            statement.execute("set constraints all immediate");
            probe(items, rejected);
        } catch (SQLException e) {
            throw SqlFailure.of(e, table, insert);
        }
        return rejected;
    }

    /** Halves what is refused until single records are left. */
    private void probe(List<SinkRecord> items, List<RejectedRecord> rejected) throws SQLException {
        if (items.isEmpty() || rejected.size() >= MOST_REJECTIONS) {
            return;
        }
        Connection connection = joined();
        Savepoint before = connection.setSavepoint();
        try {
            insert(items);
            connection.releaseSavepoint(before);
        } catch (SQLException e) {
            if (!SqlFailure.blamesRecords(e)) {
                throw e;
            }
            connection.rollback(before);
            if (items.size() == 1) {
                rejected.add(SqlFailure.rejection(e, items.get(0).offset()));
                return;
            }
            int half = items.size() / 2;
            probe(items.subList(0, half), rejected);
            probe(items.subList(half, items.size()), rejected);
        }
    }

    private Connection joined() {
        return Objects.requireNonNull(transaction, "join() comes before any write");
    }
}
