package dev.sluice.delivery;

import dev.sluice.delivery.BufferStore.Backlog;
import dev.sluice.sink.Disposition;
import dev.sluice.sink.Engine;
import dev.sluice.sink.NotRewindableException;
import dev.sluice.sink.RewindablePartition;
import dev.sluice.sink.SinkException;
import dev.sluice.sink.SinkRecord;
import dev.sluice.sink.StatefulSinkPartition;
import dev.sluice.sink.TransactionalPartition;
import dev.sluice.snapshot.PartitionKey;
import java.sql.Connection;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/** Accepts records into the buffer, in the transaction that stores the snapshot. */
final class BufferPartition
        implements StatefulSinkPartition<SinkRecord, Void>, TransactionalPartition, RewindablePartition<Void> {

    private static final String DELIVERED = """
            select coalesce(delivered_offset, 0) from sluice.snapshot where sink = ? and partition_id = ?""";

    private final PartitionKey key;
    private final long maxBacklog;
    private final Engine engine;
    private @Nullable JdbcClient transaction;

    BufferPartition(PartitionKey key, long maxBacklog, Engine engine) {
        this.key = key;
        this.maxBacklog = maxBacklog;
        this.engine = engine;
    }

    @Override
    public void join(Connection connection) {
        transaction = JdbcClient.create(new SingleConnectionDataSource(connection, true));
    }

    @Override
    public void writeBatch(List<SinkRecord> items) {
        if (items.isEmpty()) {
            return;
        }
        BufferStore buffer = new BufferStore(joined());
        if (!buffer.add(key, items, maxBacklog, engine)) {
            Backlog backlog = buffer.backlog(key);
            throw new SinkException(
                    Disposition.BUSY,
                    items.size() + " records do not fit: " + backlog.records() + " records (" + backlog.bytes()
                            + " bytes) are accepted and not delivered yet, and at most max-backlog=" + maxBacklog
                            + " may be",
                    null);
        }
    }

    @Override
    public @Nullable Void snapshot() {
        return null;
    }

    @Override
    public void rewind(long nextOffset, @Nullable Void state) {
        BufferStore buffer = new BufferStore(joined());
        long delivered = joined().sql(DELIVERED)
                .params(key.sink(), key.partition())
                .query(Long.class)
                .single();
        Long intentEnd = buffer.backlog(key).intentEnd();
        long underWay = intentEnd == null ? delivered : intentEnd;
        if (nextOffset < underWay) {
            throw new NotRewindableException(
                    "everything below " + underWay + " is delivered or on its way to the target, and stays there");
        }
        buffer.removeFrom(key, nextOffset);
    }

    private JdbcClient joined() {
        return Objects.requireNonNull(transaction, "join() comes before any write");
    }
}
