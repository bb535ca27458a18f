package dev.sluice.live;

import dev.sluice.sink.Disposition;
import dev.sluice.sink.FencedPartition;
import dev.sluice.sink.FixedPartitionedSink;
import dev.sluice.sink.FlushedPartition;
import dev.sluice.sink.OutboundPartition;
import dev.sluice.sink.RecordProbe;
import dev.sluice.sink.RejectedRecord;
import dev.sluice.sink.RewindablePartition;
import dev.sluice.sink.SinkBatch;
import dev.sluice.sink.SinkException;
import dev.sluice.sink.SinkRecord;
import dev.sluice.sink.StatefulSinkPartition;
import dev.sluice.sink.TransactionalPartition;
import dev.sluice.snapshot.Snapshot;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * A sink's partition in memory: a cache of its snapshot row, good only as long as the row is the one it stands at. Used
 * by its lane's leader only.
 */
public class LivePartition<X, S> {

    private static final int MOST_STATE_BYTES = 64 * 1024;

    private final FixedPartitionedSink<X, S> sink;
    private final StatefulSinkPartition<X, S> partition;
    private final JsonMapper json;
    private Snapshot stand;

    LivePartition(
            FixedPartitionedSink<X, S> sink, StatefulSinkPartition<X, S> partition, JsonMapper json, Snapshot stand) {
        this.sink = sink;
        this.partition = partition;
        this.json = json;
        this.stand = stand;
    }

    static <X, S> LivePartition<X, S> build(
            FixedPartitionedSink<X, S> sink, PartitionScope.Occupant occupant, JsonMapper json) {
        S resumeState = resumeState(sink, occupant, json);
        return new LivePartition<>(
                sink,
                sink.buildPart(occupant.key().sink(), occupant.key().partition(), resumeState),
                json,
                occupant.snapshot());
    }

    private static <X, S> @Nullable S resumeState(
            FixedPartitionedSink<X, S> sink, PartitionScope.Occupant occupant, JsonMapper json) {
        String state = occupant.snapshot().state();
        try {
            return state == null ? null : json.readValue(state, sink.stateType());
        } catch (JacksonException e) {
            throw new SinkException(
                    Disposition.BROKEN,
                    "the state of " + occupant.key() + " was not written by a sink of these settings: " + state
                            + ". Take the settings (or the version of the sink's type) back that it was written with",
                    e);
        }
    }

    /** Whether it is what a row describes. */
    boolean standsAt(Snapshot row) {
        return stand.standsWhere(row);
    }

    /** To be told once it is known to be committed. */
    public void movedTo(Snapshot committed) {
        stand = committed;
    }

    public void join(Connection transaction) {
        if (partition instanceof TransactionalPartition transactional) {
            transactional.join(transaction);
        }
    }

    /** Whether what is written goes when the transaction is rolled back. */
    public boolean transactional() {
        return partition instanceof TransactionalPartition;
    }

    /** Whether it is written to without a transaction, by {@link #send}. */
    public boolean outbound() {
        return partition instanceof OutboundPartition<?>;
    }

    /** Whether its target has to hear of offsets without a record. */
    public boolean hearsOfHoles() {
        return partition instanceof OutboundPartition<?> outbound && outbound.hearsOfHoles();
    }

    /** Begins to send a batch; the stage completes once it has arrived, or fails with what the sink says. */
    @SuppressWarnings("unchecked") // a partition's capabilities are of the partition's own types
    public CompletionStage<Void> send(SinkBatch<SinkRecord> batch, Executor blocking) {
        List<X> items = batch.items().stream().map(sink::decode).toList();
        return ((OutboundPartition<X>) partition)
                .sendAsync(
                        new SinkBatch<>(batch.first(), batch.end(), items).in(batch.traceparent(), batch.tracestate()),
                        blocking);
    }

    /** Whether it can be written to first and made durable later, by {@link #append} and {@link #flush}. */
    public boolean flushes() {
        return partition instanceof FlushedPartition<?>;
    }

    @SuppressWarnings("unchecked") // see send
    public void append(List<SinkRecord> records) {
        ((FlushedPartition<X>) partition)
                .append(records.stream().map(sink::decode).toList());
    }

    /** Returns once what was appended is durable. */
    public void flush() {
        ((FlushedPartition<?>) partition).flush();
    }

    /** Tells what holds for the writes that follow. */
    public void fence(Snapshot current) {
        if (partition instanceof FencedPartition fenced) {
            fenced.fence(current.fencingToken(), current.life());
        }
    }

    /** Whether it was built by this very sink, which a later definition may have replaced. */
    boolean builtBy(FixedPartitionedSink<?, ?> current) {
        return sink == current;
    }

    public void write(List<SinkRecord> records) {
        partition.writeBatch(records.stream().map(sink::decode).toList());
    }

    /** Returns a state that a writer has brought as {@link #state} would write it. */
    public String normalized(String foreign) {
        return json.writeValueAsString(json.readValue(foreign, sink.stateType()));
    }

    /** Returns the resume state as JSON, null if there is none. */
    public @Nullable String state() {
        S state = partition.snapshot();
        if (state == null) {
            return null;
        }
        String text = json.writeValueAsString(state);
        int bytes = text.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > MOST_STATE_BYTES) {
            throw new IllegalStateException(
                    "the sink's resume state has " + bytes + " bytes, at most " + MOST_STATE_BYTES + " are kept");
        }
        return text;
    }

    public boolean rewindable() {
        return partition instanceof RewindablePartition<?>;
    }

    @SuppressWarnings("unchecked") // see send
    public void rewind(long nextOffset, @Nullable String state) {
        S resumeState = state == null ? null : json.readValue(state, sink.stateType());
        ((RewindablePartition<S>) partition).rewind(nextOffset, resumeState);
    }

    public boolean probes() {
        return partition instanceof RecordProbe<?>;
    }

    @SuppressWarnings("unchecked") // see send
    public List<RejectedRecord> probe(List<SinkRecord> records) {
        return ((RecordProbe<X>) partition)
                .probe(records.stream().map(sink::decode).toList());
    }

    /** Releases what the partition holds. */
    public void close() {
        partition.close();
    }
}
