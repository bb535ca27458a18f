package dev.sluice.delivery;

import dev.sluice.delivery.BufferStore.Backlog;
import dev.sluice.delivery.BufferStore.Head;
import dev.sluice.delivery.BufferStore.Waiting;
import dev.sluice.sink.Disposition;
import dev.sluice.sink.SinkBatch;
import dev.sluice.sink.SinkException;
import dev.sluice.sink.SinkRecord;
import dev.sluice.snapshot.Claims;
import dev.sluice.snapshot.PartitionKey;
import dev.sluice.snapshot.Snapshot;
import dev.sluice.snapshot.SnapshotStore;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Delivers one batch of a buffer: fixes and commits the intent, hands it on with no transaction open, commits that it
 * is delivered. Whatever happens in between, the intent is handed on again with the same bounds and bytes.
 */
@Component
class Delivery {

    private static final Logger log = LoggerFactory.getLogger(Delivery.class);
    private static final int TRANSACTIONS_AT_ONCE = 2;
    /* Nor may the deliveries of all partitions wait because one of them is being written to. */
    private static final String WAIT_SHORTLY = "set local lock_timeout = '500ms'";

    /** What is to be handed on: {@code [from, end)}. */
    private record Intent(long from, long end) {}

    private final SnapshotStore snapshots;
    private final Claims claims;
    private final BufferStore buffer;
    private final JdbcClient jdbc;
    private final TransactionTemplate transactions;
    private final ObjectProvider<TargetWriter> writer;
    /* Writers must not wait for connections because much is delivered. */
    private final Semaphore transactionsAtOnce = new Semaphore(TRANSACTIONS_AT_ONCE, true);

    Delivery(
            SnapshotStore snapshots,
            Claims claims,
            JdbcClient jdbc,
            TransactionTemplate transactions,
            ObjectProvider<TargetWriter> writer) {
        this.snapshots = snapshots;
        this.claims = claims;
        this.buffer = new BufferStore(jdbc);
        this.jdbc = jdbc;
        this.transactions = transactions;
        this.writer = writer;
    }

    /** Delivers the next batch if it is time; returns whether there may be more. */
    boolean deliverOne(PartitionKey key, BufferSink sink) {
        Optional<Intent> intent = transact(() -> intend(key, sink));
        if (intent.isEmpty()) {
            return false;
        }
        boolean done = false;
        try {
            handOn(key, sink, intent.get());
            done = true;
        } finally {
            if (!done) {
                release(key);
            }
        }
        return true;
    }

    private void handOn(PartitionKey key, BufferSink sink, Intent intent) {
        List<SinkRecord> records = buffer.records(key, intent.from(), intent.end());
        writer.getObject().write(sink.target(), key.partition(), new SinkBatch<>(intent.from(), intent.end(), records));
        long bytes = records.stream().mapToLong(SinkRecord::length).sum();
        transact(() -> {
            record(key, intent, records.size(), bytes);
            return intent;
        });
    }

    private Optional<Intent> intend(PartitionKey key, BufferSink sink) {
        Snapshot snapshot = snapshots.lock(key);
        long from = deliveredOffset(snapshot);
        if (claims.heldElsewhere(claim(key)) || from >= snapshot.nextOffset()) {
            return Optional.empty();
        }
        Backlog backlog = buffer.backlog(key);
        Long end = backlog.intentEnd();
        if (end == null) {
            if (!isDue(key, sink)) {
                return Optional.empty();
            }
            end = cut(key, from, snapshot.nextOffset(), sink.settings());
            buffer.intend(key, end);
        }
        claims.take(claim(key));
        return Optional.of(new Intent(from, end));
    }

    private boolean isDue(PartitionKey key, BufferSink sink) {
        BatchingSinkProperties settings = sink.settings();
        return buffer
                .waiting(
                        key.sink(),
                        key.partition(),
                        settings.batchSize(),
                        settings.batchBytes().toBytes(),
                        settings.flushInterval())
                .stream()
                .anyMatch(Waiting::due);
    }

    /** Returns the end of the next batch: as many records as fit, and the holes behind the last one. */
    private long cut(PartitionKey key, long from, long nextOffset, BatchingSinkProperties settings) {
        List<Head> heads = buffer.heads(key, from, settings.batchSize() + 1);
        long bytes = 0;
        for (int i = 0; i < heads.size(); i++) {
            bytes += heads.get(i).bytes();
            if (i > 0
                    && (i == settings.batchSize()
                            || bytes > settings.batchBytes().toBytes())) {
                return heads.get(i - 1).offset() + 1;
            }
        }
        return nextOffset;
    }

    private void record(PartitionKey key, Intent intent, int records, long bytes) {
        Snapshot snapshot = snapshots.lock(key);
        boolean same = deliveredOffset(snapshot) == intent.from()
                && Objects.equals(buffer.backlog(key).intentEnd(), intent.end());
        if (!claims.heldHere(claim(key)) || !same) {
            throw new SinkException(
                    Disposition.OUTCOME_UNKNOWN,
                    "[" + intent.from() + ", " + intent.end()
                            + ") was handed on, but meanwhile another replica has taken the delivery over",
                    null);
        }
        buffer.delivered(key, intent.end(), records, bytes);
        snapshots.delivered(key, intent.end());
        claims.release(claim(key));
    }

    /* Only a courtesy to other replicas: a claim that stays is this process's own, and ends with it. */
    private void release(PartitionKey key) {
        try {
            transact(() -> {
                snapshots.lock(key);
                claims.release(claim(key));
                return key;
            });
        } catch (RuntimeException e) {
            log.debug("The claim on the delivery of {} could not be given back", key, e);
        }
    }

    private <T> T transact(Supplier<T> work) {
        transactionsAtOnce.acquireUninterruptibly();
        try {
            return Objects.requireNonNull(transactions.execute(status -> {
                jdbc.sql(WAIT_SHORTLY).update();
                return work.get();
            }));
        } finally {
            transactionsAtOnce.release();
        }
    }

    private static long deliveredOffset(Snapshot snapshot) {
        Long delivered = snapshot.deliveredOffset();
        return delivered == null ? 0 : delivered;
    }

    /* Apart from the partition's own, which says who writes to it. No partition's name has a space. */
    private static PartitionKey claim(PartitionKey key) {
        return new PartitionKey(key.sink(), key.partition() + " delivery");
    }
}
