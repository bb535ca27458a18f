package dev.sluice.delivery;

import dev.sluice.delivery.BufferStore.Backlog;
import dev.sluice.delivery.BufferStore.Head;
import dev.sluice.delivery.BufferStore.Waiting;
import dev.sluice.sink.Disposition;
import dev.sluice.sink.SinkBatch;
import dev.sluice.sink.SinkException;
import dev.sluice.sink.SinkRecord;
import dev.sluice.sink.TooLargeException;
import dev.sluice.snapshot.Claims;
import dev.sluice.snapshot.PartitionKey;
import dev.sluice.snapshot.Snapshot;
import dev.sluice.snapshot.SnapshotStore;
import io.micrometer.core.instrument.MeterRegistry;
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
import org.springframework.util.unit.DataSize;

/**
 * Delivers one batch of a buffer: fixes and commits the intent, hands it on with no transaction open, commits that it
 * is delivered. Whatever happens in between, the intent is handed on again with the same bounds and bytes; it is cut
 * only if it is known that the target has done nothing with it.
 */
@Component
class Delivery {

    private static final Logger log = LoggerFactory.getLogger(Delivery.class);
    private static final int TRANSACTIONS_AT_ONCE = 2;
    /* Nor may the deliveries of all partitions wait because one of them is being written to. */
    private static final String WAIT_SHORTLY = "set local lock_timeout = '500ms'";

    private final SnapshotStore snapshots;
    private final Claims claims;
    private final BufferStore buffer;
    private final BatchLimits limits;
    private final JdbcClient jdbc;
    private final TransactionTemplate transactions;
    private final ObjectProvider<TargetWriter> writer;
    private final MeterRegistry meters;
    /* Writers must not wait for connections because much is delivered. */
    private final Semaphore transactionsAtOnce = new Semaphore(TRANSACTIONS_AT_ONCE, true);

    Delivery(
            SnapshotStore snapshots,
            Claims claims,
            JdbcClient jdbc,
            TransactionTemplate transactions,
            ObjectProvider<TargetWriter> writer,
            MeterRegistry meters) {
        this.snapshots = snapshots;
        this.claims = claims;
        this.buffer = new BufferStore(jdbc);
        this.limits = new BatchLimits(jdbc);
        this.jdbc = jdbc;
        this.transactions = transactions;
        this.writer = writer;
        this.meters = meters;
    }

    /** Delivers the next batch if it is time, or cuts it; returns whether there may be more. */
    boolean deliverOne(PartitionKey key, BufferSink sink) {
        Optional<Intent> intent = transact(() -> intend(key, sink));
        if (intent.isEmpty()) {
            return false;
        }
        boolean done = false;
        try {
            done = handOn(key, sink, intent.get());
        } finally {
            if (!done) {
                release(key);
            }
        }
        return true;
    }

    /** Returns false if the claim is still to be given back. */
    private boolean handOn(PartitionKey key, BufferSink sink, Intent intent) {
        List<SinkRecord> records = buffer.records(key, intent.from(), intent.end());
        SinkBatch<SinkRecord> batch = new SinkBatch<>(intent.from(), intent.end(), records);
        try {
            writer.getObject().write(sink.target(), key.partition(), batch);
        } catch (SinkException refusal) {
            Cut cut = Cut.of(refusal, records, intent, sink.targetSink()).orElseThrow(() -> keep(key, intent, refusal));
            transact(() -> cut(key, intent, cut));
            meters.counter("sluice.delivery.cuts", "sink", key.sink()).increment();
            log.info(
                    "{}: '{}' refused [{}, {}) and took nothing of it, [{}, {}) is next: {}",
                    key,
                    sink.target(),
                    intent.from(),
                    intent.end(),
                    intent.from(),
                    cut.end(),
                    refusal.getMessage());
            return false;
        }
        long bytes = records.stream().mapToLong(SinkRecord::length).sum();
        transact(() -> record(key, sink, intent, records.size(), bytes));
        return true;
    }

    /* Where the refusal is known to have done nothing, whoever makes the next try has to know it as well. */
    private SinkException keep(PartitionKey key, Intent intent, SinkException refusal) {
        boolean untouched = intent.untouched() && Cut.knownToHaveDoneNothing(refusal);
        if (untouched) {
            try {
                transact(() -> {
                    if (isOurs(key, snapshots.lock(key), intent)) {
                        buffer.intend(key, intent.end(), true);
                    }
                    return intent;
                });
            } catch (RuntimeException e) {
                log.debug("{} counts as possibly delivered from now on", key, e);
            }
        }
        return refusal instanceof TooLargeException && !untouched
                ? new SinkException(
                        refusal.disposition(),
                        refusal.getMessage() + " Sluice would send fewer, but an earlier try of [" + intent.from()
                                + ", " + intent.end() + ") may have been processed, and the target knows these records"
                                + " by the bounds of that try only: let it take this one request",
                        refusal)
                : refusal;
    }

    private Cut cut(PartitionKey key, Intent intent, Cut cut) {
        if (isOurs(key, snapshots.lock(key), intent)) {
            if (cut.limit() == null) {
                buffer.intend(key, cut.end(), true);
            } else {
                limits.cut(key, cut.end(), cut.limit());
            }
        }
        return cut;
    }

    private boolean isOurs(PartitionKey key, Snapshot locked, Intent intent) {
        return claims.heldHere(claim(key))
                && deliveredOffset(locked) == intent.from()
                && Objects.equals(buffer.backlog(key).intentEnd(), intent.end());
    }

    private Optional<Intent> intend(PartitionKey key, BufferSink sink) {
        Snapshot snapshot = snapshots.lock(key);
        long from = deliveredOffset(snapshot);
        if (claims.heldElsewhere(claim(key)) || from >= snapshot.nextOffset()) {
            return Optional.empty();
        }
        Backlog backlog = buffer.backlog(key);
        Long end = backlog.intentEnd();
        boolean untouched = end == null || backlog.untouched();
        if (end == null) {
            if (!isDue(key, sink)) {
                return Optional.empty();
            }
            int most = limits.next(key, backlog, sink.settings().batchSize());
            end = cut(key, from, snapshot.nextOffset(), most, sink.settings().batchBytes());
            buffer.intend(key, end);
        } else if (untouched) {
            buffer.intend(key, end, false); // from here on it may arrive
        }
        claims.take(claim(key));
        return Optional.of(new Intent(from, end, untouched));
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
    private long cut(PartitionKey key, long from, long nextOffset, int most, DataSize mostBytes) {
        List<Head> heads = buffer.heads(key, from, most + 1);
        long bytes = 0;
        for (int i = 0; i < heads.size(); i++) {
            bytes += heads.get(i).bytes();
            if (i > 0 && (i == most || bytes > mostBytes.toBytes())) {
                return heads.get(i - 1).offset() + 1;
            }
        }
        return nextOffset;
    }

    private Intent record(PartitionKey key, BufferSink sink, Intent intent, int records, long bytes) {
        if (!isOurs(key, snapshots.lock(key), intent)) {
            throw new SinkException(
                    Disposition.OUTCOME_UNKNOWN,
                    "[" + intent.from() + ", " + intent.end()
                            + ") was handed on, but meanwhile another replica has taken the delivery over",
                    null);
        }
        limits.taken(key, buffer.backlog(key), records, sink.settings().batchSize());
        buffer.delivered(key, intent.end(), records, bytes);
        snapshots.delivered(key, intent.end());
        claims.release(claim(key));
        return intent;
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
