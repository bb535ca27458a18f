package dev.sluice.http;

import dev.sluice.sink.FencedPartition;
import dev.sluice.sink.OutboundPartition;
import dev.sluice.sink.SinkBatch;
import dev.sluice.sink.SinkRecord;
import dev.sluice.sink.StatefulSinkPartition;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** One partition's requests. The target cannot tell where it stands, so there is no state. */
final class HttpSinkPartition
        implements StatefulSinkPartition<SinkRecord, Void>, OutboundPartition<SinkRecord>, FencedPartition {

    private final String name;
    private final Place address;
    private final Envelope envelope;
    private final Target target;
    private long life;

    HttpSinkPartition(String name, Place address, Envelope envelope, Target target) {
        this.name = name;
        this.address = address;
        this.envelope = envelope;
        this.target = target;
    }

    /* In another life the same offsets are other records: an old key would make the target take them for repetitions. */
    @Override
    public void fence(long fencingToken, long newLife) {
        life = newLife;
    }

    @Override
    public void send(SinkBatch<SinkRecord> batch) {
        if (says(batch)) {
            target.send(message(batch, ""));
        }
    }

    @Override
    public CompletionStage<Void> sendAsync(SinkBatch<SinkRecord> batch, Executor blocking) {
        return says(batch) ? target.sendAsync(message(batch, ""), blocking) : CompletableFuture.completedFuture(null);
    }

    @Override
    public boolean hearsOfHoles() {
        return envelope.tellsOffsets();
    }

    private boolean says(SinkBatch<SinkRecord> batch) {
        return !batch.items().isEmpty() || (envelope.tellsOffsets() && batch.first() < batch.end());
    }

    /* Another key than that of the batch, or of a part of it, that was refused. */
    void sendLate(SinkRecord record, long inLife, int revision) {
        fence(0, inLife);
        SinkBatch<SinkRecord> alone = new SinkBatch<>(record.offset(), record.offset() + 1, List.of(record));
        target.send(message(alone, "/r" + revision));
    }

    private Message message(SinkBatch<SinkRecord> batch, String of) {
        return new Message(
                address,
                name + " " + batch.first() + " to " + (batch.end() - 1),
                name + "/" + batch.first() + "-" + batch.end() + (life == 0 ? "" : "/" + life) + of,
                batch,
                envelope.body(batch));
    }

    @Override
    public void writeBatch(List<SinkRecord> items) {
        if (!items.isEmpty()) {
            long end = items.get(items.size() - 1).offset() + 1;
            send(new SinkBatch<>(items.get(0).offset(), end, items));
        }
    }

    @Override
    public @Nullable Void snapshot() {
        return null;
    }
}
