package dev.sluice.delivery;

import dev.sluice.sink.Engine;
import dev.sluice.sink.JointSink;
import dev.sluice.sink.JointWrite;
import dev.sluice.sink.ReadableSink;
import dev.sluice.sink.RejectedRecord;
import dev.sluice.sink.RetryingSink;
import dev.sluice.sink.SinkRecord;
import dev.sluice.sink.StatefulSinkPartition;
import dev.sluice.snapshot.PartitionKey;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Accepts records durably and delivers them to another sink in batches of its own making. */
final class BufferSink implements JointSink, AcceptingSink, ReadableSink, RetryingSink {

    private final String id;
    private final Target target;
    private final BatchingSinkProperties settings;
    private final Flusher flusher;
    private final Engine engine;

    BufferSink(String id, Target target, BatchingSinkProperties settings, Flusher flusher, Engine engine) {
        this.id = id;
        this.target = target;
        this.settings = settings;
        this.flusher = flusher;
        this.engine = engine;
    }

    String id() {
        return id;
    }

    BatchingSinkProperties settings() {
        return settings;
    }

    Target targetSink() {
        return target;
    }

    @Override
    public String target() {
        return target.id();
    }

    @Override
    public long maxBacklog() {
        return settings.maxBacklog();
    }

    @Override
    public boolean readable() {
        return engine.unfolds();
    }

    @Override
    public List<List<Excerpt>> read(String partition, List<Long> positions, long end, int most) {
        return flusher.reader(id).read(partition, positions, end, most);
    }

    @Override
    public Duration flushInterval() {
        return settings.flushInterval();
    }

    @Override
    public void prepare() {
        flusher.serve(this);
    }

    @Override
    public Map<String, Object> status() {
        Map<String, Object> status = new TreeMap<>();
        status.put("undeliveredRecords", flusher.undelivered(id));
        flusher.oldest(id).ifPresent(since -> status.put("undeliveredSince", since.toString()));
        flusher.drain(id).ifPresent(left -> status.put("drainSeconds", left.toSeconds()));
        status.put("failing", new TreeMap<>(flusher.failures(id)));
        Map<String, Instant> tries = flusher.nextTries(id);
        if (!tries.isEmpty()) {
            status.put("nextTries", new TreeMap<>(tries));
        }
        Map<String, Integer> limits = flusher.limits(id);
        if (!limits.isEmpty()) {
            status.put("batchLimits", new TreeMap<>(limits));
        }
        return status;
    }

    @Override
    public void tryNow() {
        flusher.tryNow(id);
    }

    @Override
    public void close() {
        flusher.forget(this);
    }

    @Override
    public List<String> listParts() {
        return target.partitions();
    }

    @Override
    public int partFn(String itemKey) {
        return target.sink().partFn(itemKey);
    }

    @Override
    public JointWrite join(Connection transaction, long records) {
        BufferStore buffer = new BufferStore(BufferStore.client(transaction));
        return new BufferWrite(id, settings, buffer, engine, due -> flusher.accepted(this, due));
    }

    @Override
    public void check(SinkRecord record) {
        target.check(record);
    }

    @Override
    public boolean takesKeysOfTombstones() {
        return target.sink().takesKeysOfTombstones();
    }

    @Override
    public boolean makesRoomFor(RejectedRecord refused) {
        return target.sink().makesRoomFor(refused);
    }

    @Override
    public void makeRoom(Iterable<SinkRecord> records) {
        target.sink().makeRoom(records);
    }

    @Override
    public StatefulSinkPartition<SinkRecord, Void> buildPart(
            String stepId, String forPart, @Nullable Void resumeState) {
        return new BufferPartition(new PartitionKey(stepId, forPart), this);
    }
}
