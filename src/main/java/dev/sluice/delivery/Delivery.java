package dev.sluice.delivery;

import dev.sluice.control.Pauses;
import dev.sluice.delivery.BufferStore.Backlog;
import dev.sluice.delivery.BufferStore.Head;
import dev.sluice.delivery.BufferStore.Waiting;
import dev.sluice.delivery.ParcelStore.Wanted;
import dev.sluice.sink.Disposition;
import dev.sluice.sink.Engine;
import dev.sluice.sink.SinkException;
import dev.sluice.sink.SinkRecord;
import dev.sluice.sink.TooLargeException;
import dev.sluice.snapshot.Claims;
import dev.sluice.snapshot.PartitionKey;
import dev.sluice.snapshot.RoundStore;
import dev.sluice.snapshot.Snapshot;
import dev.sluice.snapshot.SnapshotStore;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Delivers batches of a buffer: fixes and commits the intents of many partitions, hands each on with no transaction open,
 * commits together which of them are delivered. Whatever happens in between, an intent is handed on again with the same
 * bounds and bytes; it is cut only if it is known that the target has done nothing with it.
 */
@Component
class Delivery {

    private static final Logger log = LoggerFactory.getLogger(Delivery.class);
    private static final int TRANSACTIONS_AT_ONCE = 2;
    /* What is read of a buffer at once. */
    private static final long BYTES_AT_A_TIME = 16 << 20;
    /* Nor may the deliveries of all partitions wait because one of them is being written to. */
    private static final String WAIT_SHORTLY = "set local lock_timeout = '500ms'";

    private final SnapshotStore snapshots;
    private final RoundStore rounds;
    private final Claims claims;
    private final BufferStore buffer;
    private final ParcelStore parcels;
    private final BatchLimits limits;
    private final JdbcClient jdbc;
    private final TransactionTemplate transactions;
    private final ObjectProvider<TargetWriter> writer;
    private final Pauses pauses;
    private final MeterRegistry meters;
    private final DeliveryTraces traces;
    /* Writers must not wait for connections because much is delivered. */
    private final Semaphore transactionsAtOnce = new Semaphore(TRANSACTIONS_AT_ONCE, true);

    Delivery(
            SnapshotStore snapshots,
            RoundStore rounds,
            Claims claims,
            JdbcClient jdbc,
            Engine engine,
            TransactionTemplate transactions,
            ObjectProvider<TargetWriter> writer,
            Pauses pauses,
            MeterRegistry meters,
            DeliveryTraces traces) {
        this.snapshots = snapshots;
        this.rounds = rounds;
        this.claims = claims;
        this.buffer = new BufferStore(jdbc);
        this.parcels = new ParcelStore(jdbc, engine);
        this.limits = new BatchLimits(jdbc);
        this.jdbc = jdbc;
        this.transactions = transactions;
        this.writer = writer;
        this.pauses = pauses;
        this.meters = meters;
        this.traces = traces;
    }

    /** Whether a partition is to deliver nothing: its delivery is paused, or its target's intake. */
    boolean held(BufferSink sink, String partition) {
        return !pauses.none()
                && (pauses.delivery(sink.id(), partition).isPresent()
                        || !writer.getObject().takes(sink.target(), partition));
    }

    /** Whether what waits in a partition is to be delivered at once. */
    boolean drains(BufferSink sink, String partition) {
        return !pauses.none() && pauses.drains(sink.id(), partition);
    }

    /** Fixes what these partitions deliver next, and claims it; nothing for those that have nothing due. */
    List<Parcel> intend(BufferSink sink, List<String> partitions) {
        Map<String, Intent> intents = transact(() -> intendAll(sink, partitions));
        Map<String, List<SinkRecord>> records = intents.isEmpty() ? Map.of() : parcels.records(sink.id(), intents);
        return intents.entrySet().stream()
                .map(entry -> new Parcel(
                        new PartitionKey(sink.id(), entry.getKey()),
                        entry.getValue(),
                        records.getOrDefault(entry.getKey(), List.of()),
                        traces.begin(new PartitionKey(sink.id(), entry.getKey()), entry.getValue())))
                .toList();
    }

    private Map<String, Intent> intendAll(BufferSink sink, List<String> partitions) {
        Map<String, Snapshot> locked = rounds.lock(sink.id(), partitions);
        List<String> behind = partitions.stream()
                .filter(partition -> deliveredOffset(of(locked, partition))
                        < of(locked, partition).nextOffset())
                .toList();
        if (behind.isEmpty()) {
            return Map.of();
        }
        Map<String, Backlog> backlogs = parcels.backlogs(sink.id(), behind);
        Set<String> due = due(sink, behind);
        List<String> candidates = behind.stream()
                .filter(partition -> !held(sink, partition))
                .filter(partition -> due.contains(partition)
                        || drains(sink, partition)
                        || Objects.requireNonNull(backlogs.get(partition)).intentEnd() != null)
                .toList();
        Set<String> taken = candidates.isEmpty()
                ? Set.of()
                : claims.takeFree(
                        sink.id(), candidates.stream().map(Delivery::claimed).toList());
        List<String> ours = candidates.stream()
                .filter(partition -> taken.contains(claimed(partition)))
                .toList();
        Map<String, Intent> intents = intents(sink, ours, locked, backlogs);
        if (!intents.isEmpty()) {
            parcels.intend(sink.id(), intents);
        }
        List<String> left = ours.stream()
                .filter(partition -> !intents.containsKey(partition))
                .toList();
        if (!left.isEmpty()) {
            claims.release(sink.id(), left.stream().map(Delivery::claimed).toList());
        }
        return intents;
    }

    private Set<String> due(BufferSink sink, List<String> partitions) {
        BatchingSinkProperties settings = sink.settings();
        return buffer
                .waiting(
                        sink.id(),
                        partitions,
                        settings.batchSize(),
                        settings.batchBytes().toBytes(),
                        settings.flushInterval())
                .stream()
                .filter(Waiting::due)
                .map(Waiting::partition)
                .collect(Collectors.toSet());
    }

    /** Returns the intents of as many partitions as fit into memory; what was intended before stays as it was. */
    private Map<String, Intent> intents(
            BufferSink sink, List<String> partitions, Map<String, Snapshot> locked, Map<String, Backlog> backlogs) {
        BatchingSinkProperties settings = sink.settings();
        Map<String, Intent> intents = new LinkedHashMap<>();
        List<Wanted> wanted = new ArrayList<>();
        long bytes = 0;
        for (String partition : partitions) {
            Backlog backlog = Objects.requireNonNull(backlogs.get(partition));
            long room = settings.batchBytes().toBytes();
            if (bytes > 0 && bytes + Math.min(room, backlog.bytes()) > BYTES_AT_A_TIME) {
                continue;
            }
            bytes += Math.min(room, backlog.bytes());
            long from = deliveredOffset(of(locked, partition));
            Long end = backlog.intentEnd();
            if (end == null) {
                int most = limits.next(new PartitionKey(sink.id(), partition), backlog, settings.batchSize());
                wanted.add(new Wanted(partition, from, most + 1));
            } else {
                intents.put(partition, new Intent(from, end, backlog.untouched()));
            }
        }
        if (!wanted.isEmpty()) {
            Map<String, List<Head>> heads = parcels.heads(sink.id(), wanted);
            for (Wanted one : wanted) {
                long end = end(
                        heads.getOrDefault(one.partition(), List.of()),
                        of(locked, one.partition()).nextOffset(),
                        one.most() - 1,
                        settings.batchBytes().toBytes());
                intents.put(one.partition(), new Intent(one.from(), end, true));
            }
        }
        return intents;
    }

    /** Returns the end of the next batch: as many records as fit, and the holes behind the last one. */
    private static long end(List<Head> heads, long nextOffset, int most, long mostBytes) {
        long bytes = 0;
        for (int i = 0; i < heads.size(); i++) {
            bytes += heads.get(i).bytes();
            if (i > 0 && (i == most || bytes > mostBytes)) {
                return heads.get(i - 1).offset() + 1;
            }
        }
        return nextOffset;
    }

    private static Snapshot of(Map<String, Snapshot> locked, String partition) {
        return locked.getOrDefault(partition, Snapshot.EMPTY);
    }

    /** Begins to hand a parcel on; the answer fails with a {@link SinkException} if the target lacks some of it. */
    CompletionStage<Long> handOn(BufferSink sink, Parcel parcel) {
        return writer.getObject().begin(sink.target(), parcel.key().partition(), parcel.batch());
    }

    /**
     * Records what the target has.
     *
     * @return those that are recorded: the others were taken over by another replica meanwhile
     */
    Set<Parcel> record(BufferSink sink, List<Parcel> arrived) {
        return transact(() -> recordAll(sink, arrived));
    }

    private Set<Parcel> recordAll(BufferSink sink, List<Parcel> arrived) {
        List<String> partitions =
                arrived.stream().map(parcel -> parcel.key().partition()).toList();
        Map<String, Snapshot> locked = rounds.lock(sink.id(), partitions);
        Set<String> held = claims.heldHere(
                sink.id(), partitions.stream().map(Delivery::claimed).toList());
        Map<String, Backlog> backlogs = parcels.backlogs(sink.id(), partitions);
        List<Parcel> ours = arrived.stream()
                .filter(parcel -> held.contains(claimed(parcel.key().partition()))
                        && isCurrent(
                                parcel.intent(),
                                of(locked, parcel.key().partition()),
                                Objects.requireNonNull(backlogs.get(parcel.key().partition()))))
                .toList();
        if (ours.isEmpty()) {
            return Set.of();
        }
        ours.forEach(parcel -> limits.taken(
                parcel.key(),
                Objects.requireNonNull(backlogs.get(parcel.key().partition())),
                parcel.records().size(),
                sink.settings().batchSize()));
        parcels.delivered(sink.id(), ours);
        snapshots.delivered(
                sink.id(),
                ours.stream()
                        .collect(Collectors.toMap(
                                parcel -> parcel.key().partition(),
                                parcel -> parcel.intent().end())));
        claims.release(
                sink.id(),
                ours.stream().map(parcel -> claimed(parcel.key().partition())).toList());
        return Set.copyOf(ours);
    }

    private static boolean isCurrent(Intent intent, Snapshot locked, Backlog backlog) {
        return deliveredOffset(locked) == intent.from() && Objects.equals(backlog.intentEnd(), intent.end());
    }

    /** Returns what is told of a parcel that was handed on, while another replica has taken the delivery over. */
    static SinkException takenOver(Parcel parcel) {
        return new SinkException(
                Disposition.OUTCOME_UNKNOWN,
                "[" + parcel.intent().from() + ", " + parcel.intent().end()
                        + ") was handed on, but meanwhile another replica has taken the delivery over",
                null);
    }

    /** Puts a smaller intent in the place of one that was refused; throws what keeps it from that. */
    void cut(BufferSink sink, Parcel parcel, SinkException refusal) {
        PartitionKey key = parcel.key();
        Intent intent = parcel.intent();
        Cut cut = Cut.of(refusal, parcel.records(), intent, sink.targetSink())
                .orElseThrow(() -> keep(key, intent, refusal));
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

    /** Gives a claim back. Only a courtesy to other replicas: one that stays is this process's own, and ends with it. */
    void release(PartitionKey key) {
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
        return new PartitionKey(key.sink(), claimed(key.partition()));
    }

    private static String claimed(String partition) {
        return partition + " delivery";
    }
}
