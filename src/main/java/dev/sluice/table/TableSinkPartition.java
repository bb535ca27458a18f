package dev.sluice.table;

import dev.sluice.sink.JointWrite;
import dev.sluice.sink.NotRewindableException;
import dev.sluice.sink.RecordProbe;
import dev.sluice.sink.RejectedRecord;
import dev.sluice.sink.RewindablePartition;
import dev.sluice.sink.SinkException;
import dev.sluice.sink.SinkRecord;
import dev.sluice.sink.StatefulSinkPartition;
import dev.sluice.sink.TransactionalPartition;
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

    private static final int MOST_REJECTIONS = 100;
    private static final int TRIED_AT_A_TIME = 250;

    private final String partition;
    private final TableSink sink;
    private final TableStatements table;
    private @Nullable Connection transaction;

    TableSinkPartition(String partition, TableSink sink, TableStatements table) {
        this.partition = partition;
        this.sink = sink;
        this.table = table;
    }

    @Override
    public void join(Connection transaction) {
        this.transaction = transaction;
    }

    @Override
    public void writeBatch(List<SinkRecord> items) {
        JointWrite write = sink.join(joined(), items.size());
        try {
            items.forEach(record -> write.add(partition, record));
            write.flush();
        } finally {
            write.close();
        }
    }

    @Override
    public @Nullable Void snapshot() {
        return null;
    }

    @Override
    public void rewind(long nextOffset, @Nullable Void state) {
        if (sink.rewindsPosition()) {
            return; // what is replayed overwrites the same keys
        }
        if (!sink.takesBack()) {
            throw new NotRewindableException(
                    "the rows of this table cannot be taken back: they were overwritten (mode: upsert), or do not say"
                            + " where they are from (position: none)");
        }
        try (PreparedStatement statement = joined().prepareStatement(table.deleteFrom())) {
            statement.setString(1, partition);
            statement.setLong(2, nextOffset);
            statement.executeUpdate();
        } catch (SQLException e) {
            throw table.failed(e, table.deleteFrom());
        }
    }

    @Override
    public List<RejectedRecord> probe(List<SinkRecord> items) {
        List<RejectedRecord> rejected = new ArrayList<>();
        try (Statement statement = joined().createStatement()) {
            statement.execute("set constraints all immediate");
            probe(items, sink.trial(joined()), rejected);
        } catch (SQLException e) {
            throw table.failed(e, table.insert());
        }
        return rejected;
    }

    /** Cuts what is refused at the record that the database names, or in halves, until single records are left. */
    private void probe(List<SinkRecord> items, RecordTrial trial, List<RejectedRecord> rejected) throws SQLException {
        for (int from = 0; from < items.size(); from += TRIED_AT_A_TIME) {
            probeSome(items.subList(from, Math.min(items.size(), from + TRIED_AT_A_TIME)), trial, rejected);
        }
    }

    private void probeSome(List<SinkRecord> items, RecordTrial trial, List<RejectedRecord> rejected)
            throws SQLException {
        if (items.isEmpty() || rejected.size() >= MOST_REJECTIONS) {
            return;
        }
        Connection connection = joined();
        Savepoint before = connection.setSavepoint();
        try {
            trial.store(partition, items);
            connection.releaseSavepoint(before);
        } catch (SinkException e) {
            // By the columns that there are now.
            int refused = indexOf(e, items);
            if (refused < 0) {
                throw e;
            }
            connection.rollback(before);
            probeSome(items.subList(0, refused), trial, rejected);
            rejected.addAll(e.rejected());
            probeSome(items.subList(refused + 1, items.size()), trial, rejected);
        } catch (SQLException e) {
            if (!SqlFailure.blamesRecords(e)) {
                throw e;
            }
            connection.rollback(before);
            int blamed = items.size() == 1 ? 0 : trial.blamed(e);
            int cut = blamed < 0 ? items.size() / 2 : blamed;
            probeSome(items.subList(0, cut), trial, rejected);
            if (blamed >= 0 && rejected.size() < MOST_REJECTIONS) {
                rejected.add(SqlFailure.rejection(e, items.get(blamed).offset()));
            }
            probeSome(items.subList(blamed < 0 ? cut : blamed + 1, items.size()), trial, rejected);
        }
    }

    private static int indexOf(SinkException e, List<SinkRecord> items) {
        for (int i = 0; i < items.size() && !e.rejected().isEmpty(); i++) {
            if (items.get(i).offset() == e.rejected().get(0).offset()) {
                return i;
            }
        }
        return -1;
    }

    private Connection joined() {
        return Objects.requireNonNull(transaction, "join() comes before any write");
    }
}
