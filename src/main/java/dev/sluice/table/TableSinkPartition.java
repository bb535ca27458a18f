package dev.sluice.table;

import dev.sluice.sink.JointWrite;
import dev.sluice.sink.NotRewindableException;
import dev.sluice.sink.RecordProbe;
import dev.sluice.sink.RejectedRecord;
import dev.sluice.sink.RewindablePartition;
import dev.sluice.sink.SinkRecord;
import dev.sluice.sink.StatefulSinkPartition;
import dev.sluice.sink.TransactionalPartition;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
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
        Sieve sieve = new Sieve(joined(), sink.trial(joined()), MOST_REJECTIONS);
        try (Statement statement = joined().createStatement()) {
            statement.execute("set constraints all immediate");
            sieve.store(partition, items);
        } catch (SQLException e) {
            throw table.failed(e, table.insert());
        }
        return sieve.refused();
    }

    private Connection joined() {
        return Objects.requireNonNull(transaction, "join() comes before any write");
    }
}
