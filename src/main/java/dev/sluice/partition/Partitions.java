package dev.sluice.partition;

import dev.sluice.audit.Caller;
import dev.sluice.catalog.SinkDefinition;
import dev.sluice.commit.BatchEntry;
import dev.sluice.commit.FailureClassifier;
import dev.sluice.commit.Lanes;
import dev.sluice.commit.PartitionFailure;
import dev.sluice.commit.Refusals;
import dev.sluice.commit.Terms;
import dev.sluice.commit.WriteOutcome;
import dev.sluice.commit.WriteRequest;
import dev.sluice.live.LivePartitions;
import dev.sluice.snapshot.PartitionKey;
import dev.sluice.snapshot.Receipt;
import dev.sluice.snapshot.ReceiptStore;
import dev.sluice.snapshot.Snapshot;
import dev.sluice.snapshot.SnapshotStore;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * What can be done to a partition. Thread-safe. Every method throws {@link PartitionFailure} where no answer can be
 * given; what has an answer is a return value.
 */
@Component
public class Partitions {

    private static final Logger log = LoggerFactory.getLogger(Partitions.class);

    private final Lanes lanes;
    private final Opening opening;
    private final Resetting resetting;
    private final LivePartitions live;
    private final SnapshotStore snapshots;
    private final ReceiptStore receipts;
    private final WriteCounters counters;
    private final OutcomeReport report;
    private final PartitionSearch search;

    Partitions(
            Lanes lanes,
            Opening opening,
            Resetting resetting,
            LivePartitions live,
            SnapshotStore snapshots,
            ReceiptStore receipts,
            WriteCounters counters,
            OutcomeReport report,
            PartitionSearch search) {
        this.lanes = lanes;
        this.opening = opening;
        this.resetting = resetting;
        this.live = live;
        this.snapshots = snapshots;
        this.receipts = receipts;
        this.counters = counters;
        this.report = report;
        this.search = search;
    }

    /** Writes a batch; returns once its outcome is durable. */
    public WriteOutcome write(SinkDefinition sink, String partition, WriteRequest request) {
        PartitionKey key = new PartitionKey(sink.id(), partition);
        try {
            return told(key, request, lanes.of(key).write(entry(sink, request)));
        } catch (RuntimeException e) {
            throw failed(key, e);
        }
    }

    /** Begins to write a batch; the answer comes once its outcome is durable, or fails with a {@link PartitionFailure}. */
    public CompletableFuture<WriteOutcome> begin(SinkDefinition sink, String partition, WriteRequest request) {
        PartitionKey key = new PartitionKey(sink.id(), partition);
        try {
            return lanes.of(key).begin(entry(sink, request)).handle((outcome, failure) -> {
                if (outcome == null) {
                    throw failed(key, failure instanceof RuntimeException e ? e : new IllegalStateException(failure));
                }
                return told(key, request, outcome);
            });
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(failed(key, e));
        }
    }

    private static BatchEntry entry(SinkDefinition sink, WriteRequest request) {
        return new BatchEntry(request, Refusals.of(sink.partitioned(), request.batch(), request.dryRun()), terms(sink));
    }

    static Terms terms(SinkDefinition sink) {
        return new Terms(sink.partitioned(), sink.maxRanges(), sink.deadLetters());
    }

    private WriteOutcome told(PartitionKey key, WriteRequest request, WriteOutcome outcome) {
        if (!request.dryRun()) {
            counters.count(key, outcome);
            report.answered(key, outcome);
        }
        return outcome;
    }

    private PartitionFailure failed(PartitionKey key, RuntimeException e) {
        counters.countFailure(key);
        PartitionFailure failure = FailureClassifier.classify(e);
        report.failed(key, failure);
        return failure;
    }

    /**
     * Fails if a batch of so many bytes could not wait for its turn now, so that its body need not be read to say so.
     */
    public void requireRoomFor(SinkDefinition sink, String partition, long bytes) {
        PartitionKey key = new PartitionKey(sink.id(), partition);
        try {
            lanes.of(key).requireRoomFor(bytes);
        } catch (RuntimeException e) {
            counters.countFailure(key);
            throw e;
        }
    }

    /**
     * Raises the fencing token for a new writer, and takes the partition back if that is asked for and nobody else has
     * opened it since this call.
     */
    public OpenOutcome open(SinkDefinition sink, String partition, OpenRequest request) {
        PartitionKey key = new PartitionKey(sink.id(), partition);
        return orFailure(() -> {
            long tokenOnArrival = snapshots.read(key).fencingToken();
            Caller caller = Caller.current(); // the lane runs it in another thread
            return lanes.of(key).run(() -> opening.open(key, request, tokenOnArrival, sink.anyOrder(), caller));
        });
    }

    /**
     * Does what an operator wants to a partition: raises the fencing token, and lets it stand elsewhere if that is asked
     * for.
     *
     * @param action its name in the trail of audit
     */
    public ActOutcome act(SinkDefinition sink, String partition, String action, ActRequest request) {
        PartitionKey key = new PartitionKey(sink.id(), partition);
        return orFailure(() -> {
            long tokenOnArrival = snapshots.read(key).fencingToken();
            Caller caller = Caller.current();
            return lanes.of(key).run(() -> resetting.act(sink, key, action, request, tokenOnArrival, caller));
        });
    }

    /** Whether the partition is of a kind that can be taken back; false where that cannot be found out now. */
    boolean canTakeBack(SinkDefinition sink, String partition) {
        PartitionKey key = new PartitionKey(sink.id(), partition);
        try {
            return lanes.of(key).run(() -> opening.canTakeBack(key, sink.anyOrder()));
        } catch (RuntimeException e) {
            log.debug("{} could not be looked at", key, e);
            return false;
        }
    }

    /** Releases what the partition holds in memory; its position stays. */
    public Snapshot close(SinkDefinition sink, String partition) {
        PartitionKey key = new PartitionKey(sink.id(), partition);
        return orFailure(() -> lanes.of(key).run(() -> {
            live.discard(key);
            return snapshots.read(key);
        }));
    }

    /** Returns the last committed snapshot. */
    public Snapshot snapshot(SinkDefinition sink, String partition) {
        return orFailure(() -> snapshots.read(new PartitionKey(sink.id(), partition)));
    }

    /** Returns a page of a sink's partitions. */
    public PartitionPage page(SinkDefinition sink, PartitionPage.Wanted wanted) {
        return orFailure(
                () -> PartitionPage.of(sink, search.find(sink, wanted), names -> snapshots.read(sink.id(), names)));
    }

    /** Returns the names of the states by which lists can be filtered. */
    public Set<String> states() {
        return search.states().keySet();
    }

    /** Returns the state of that name, which is one of {@link #states}. */
    public PartitionState state(String name) {
        return search.state(name);
    }

    /** Returns where the same partition of each sink that {@code sink} is made of stands. */
    public Map<String, Long> targets(SinkDefinition sink, String partition) {
        return orFailure(() -> {
            Map<String, Long> positions = new LinkedHashMap<>();
            for (String target : sink.targets()) {
                positions.put(
                        target,
                        snapshots.read(new PartitionKey(target, partition)).nextOffset());
            }
            return positions;
        });
    }

    /** Returns the first {@code limit} receipts that overlap {@code [from, to)}, without their hashes. */
    public List<Receipt> receipts(SinkDefinition sink, String partition, long from, long to, int limit) {
        return orFailure(() -> receipts.list(new PartitionKey(sink.id(), partition), from, to, limit));
    }

    private static <T> T orFailure(Supplier<T> work) {
        try {
            return work.get();
        } catch (RuntimeException e) {
            throw FailureClassifier.classify(e);
        }
    }
}
