package dev.sluice.delivery;

import dev.sluice.sink.JointWrite;
import dev.sluice.sink.NotRewindableException;
import dev.sluice.sink.RewindablePartition;
import dev.sluice.sink.SinkRecord;
import dev.sluice.sink.StatefulSinkPartition;
import dev.sluice.sink.TransactionalPartition;
import dev.sluice.snapshot.PartitionKey;
import java.sql.Connection;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Accepts records into the buffer, in the transaction that stores the snapshot. */
final class BufferPartition
        implements StatefulSinkPartition<SinkRecord, Void>, TransactionalPartition, RewindablePartition<Void> {

    private static final String DELIVERED = """
            select coalesce(delivered_offset, 0) from sluice.snapshot where sink = ? and partition_id = ?""";

    private final PartitionKey key;
    private final BufferSink sink;
    private @Nullable Connection transaction;

    BufferPartition(PartitionKey key, BufferSink sink) {
        this.key = key;
        this.sink = sink;
    }

    @Override
    public void join(Connection connection) {
        transaction = connection;
    }

    @Override
    public void writeBatch(List<SinkRecord> items) {
        JointWrite write = sink.join(joined(), items.size());
        items.forEach(record -> write.add(key.partition(), record));
        write.flush();
    }

    @Override
    public @Nullable Void snapshot() {
        return null;
    }

    @Override
    public void rewind(long nextOffset, @Nullable Void state) {
        JdbcClient jdbc = BufferStore.client(joined());
        BufferStore buffer = new BufferStore(jdbc);
        long delivered = jdbc.sql(DELIVERED)
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

    private Connection joined() {
        return Objects.requireNonNull(transaction, "join() comes before any write");
    }
}
