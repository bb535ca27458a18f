package dev.sluice.commit;

import dev.sluice.batch.Batch;
import dev.sluice.batch.BatchReader;
import dev.sluice.commit.PartitionFailure.Kind;
import dev.sluice.commit.WriteOutcome.Rejected;
import dev.sluice.live.LivePartition;
import dev.sluice.live.LivePartitions;
import dev.sluice.sink.FixedPartitionedSink;
import dev.sluice.sink.RejectedRecord;
import dev.sluice.sink.SinkException;
import dev.sluice.sink.SinkRecord;
import dev.sluice.snapshot.OffsetRange;
import dev.sluice.snapshot.OffsetRanges;
import dev.sluice.snapshot.PartitionKey;
import dev.sluice.snapshot.Snapshot;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Finds out which records of a batch the target refuses, where it has not said so itself. */
@Component
class Rejections {

    private static final Logger log = LoggerFactory.getLogger(Rejections.class);

    private static final int PROBED_AT_A_TIME = 1_000;

    private final Stores stores;
    private final LivePartitions partitions;
    private final Transactions transactions;

    Rejections(Stores stores, LivePartitions partitions, Transactions transactions) {
        this.stores = stores;
        this.partitions = partitions;
        this.transactions = transactions;
    }

    /** Returns what the target refuses of a batch that it refused when it was written alone. */
    Rejected explain(PartitionKey key, BatchEntry entry, RuntimeException refusal) {
        if (!entry.refusals().complete()) {
            Optional<Rejected> checked = check(key, entry);
            if (checked.isPresent()) {
                return complete(key, entry, checked.get());
            }
        }
        if (refusal instanceof SinkException sink && !sink.rejected().isEmpty()) {
            return new Rejected(sink.rejected(), true, null);
        }
        Optional<List<RejectedRecord>> probed =
                transactions.run(key, true, connection -> probe(key, entry, Set.of(), connection));
        if (probed.isEmpty()) {
            return new Rejected(List.of(), false, String.valueOf(refusal.getMessage()));
        }
        List<RejectedRecord> found = probed.get();
        if (found.isEmpty()) {
            throw new PartitionFailure(
                    Kind.TARGET_BROKEN,
                    "the target refuses the batch, but each of its records alone passes: " + refusal.getMessage(),
                    refusal);
        }
        return listed(found);
    }

    /**
     * Returns what the target refuses of batches that it takes one by one, but not together. Each is tried behind those
     * before it.
     *
     * @return by the number of the share; empty if the target does not say
     */
    SortedMap<Integer, Rejected> explainTogether(List<Share> shares) {
        return transactions.run(true, connection -> {
            SortedMap<Integer, Rejected> refused = new TreeMap<>();
            for (int i = 0; i < shares.size(); i++) {
                Share share = shares.get(i);
                List<RejectedRecord> found = probe(share.key(), share.batches().get(0), Set.of(), connection)
                        .orElse(List.of());
                if (!found.isEmpty()) {
                    refused.put(i, listed(found));
                }
            }
            return refused;
        });
    }

    private static Rejected listed(List<RejectedRecord> found) {
        return new Rejected(
                List.copyOf(found.subList(0, Math.min(found.size(), Refusals.MOST_LISTED))),
                found.size() <= Refusals.MOST_LISTED,
                null);
    }

    /** Whether a batch is to be tried again without records that an operator has set aside. */
    boolean permit(PartitionKey key, BatchEntry entry, Rejected rejected) {
        return entry.aside().permit(rejected, stores.setAside(key, entry));
    }

    /* What would have been found on arrival, had anybody looked. */
    private Optional<Rejected> check(PartitionKey key, BatchEntry entry) {
        Refusals refusals = known(key, entry);
        return refusals.count() == 0
                ? Optional.empty()
                : Optional.of(new Rejected(refusals.listed(), refusals.count() <= Refusals.MOST_LISTED, null));
    }

    /** Returns what the sink refuses by itself of the records that are not settled. */
    Refusals known(PartitionKey key, BatchEntry entry) {
        FixedPartitionedSink<?, ?> sink = partitions.sink(key.sink());
        Batch batch = entry.request().batch();
        List<OffsetRange> fresh =
                settled(key, entry, stores.snapshots().read(key)).without(new OffsetRange(batch.first(), batch.end()));
        return Refusals.of(
                record -> {
                    boolean isNew = Refusals.isWithin(fresh, record.offset());
                    if (isNew && !entry.aside().contains(record.offset())) {
                        sink.check(record);
                    }
                },
                batch);
    }

    private OffsetRanges settled(PartitionKey key, BatchEntry entry, Snapshot current) {
        return entry.anyOrder()
                ? stores.settled().read(key)
                : OffsetRanges.of(List.of(new OffsetRange(0, current.nextOffset())));
    }

    /** Returns what the sink refused by itself, with what its target refuses beside that. Its lane must wait meanwhile. */
    Rejected complete(PartitionKey key, BatchEntry entry, Rejected rejected) {
        if (!rejected.complete()) {
            return rejected;
        }
        Set<Long> known =
                rejected.records().stream().map(RejectedRecord::offset).collect(Collectors.toSet());
        List<RejectedRecord> all = new ArrayList<>(rejected.records());
        try {
            transactions
                    .run(key, true, connection -> probe(key, entry, known, connection))
                    .ifPresent(all::addAll);
        } catch (RuntimeException e) {
            log.debug("What the target of {} refuses beside {} cannot be asked", key, known, e);
            return new Rejected(rejected.records(), false, null);
        }
        all.sort(Comparator.comparingLong(RejectedRecord::offset));
        return listed(all);
    }

    private Optional<List<RejectedRecord>> probe(
            PartitionKey key, BatchEntry entry, Set<Long> known, Connection connection) {
        Snapshot current = stores.snapshots().read(key);
        if (!partitions.at(key, current).probes()) {
            return Optional.empty();
        }
        partitions.inspect(key.sink(), connection);
        // One of its own: that of the partition may be taken back meanwhile, in a transaction that is committed.
        LivePartition<?, ?> live = partitions.fresh(key, current);
        try {
            live.join(connection);
            return Optional.of(probe(live, key, entry, current, known));
        } finally {
            live.close();
        }
    }

    private List<RejectedRecord> probe(
            LivePartition<?, ?> live, PartitionKey key, BatchEntry entry, Snapshot current, Set<Long> known) {
        OffsetRanges settled = settled(key, entry, current);
        List<RejectedRecord> found = new ArrayList<>();
        List<SinkRecord> piece = new ArrayList<>();
        BatchReader reader = entry.request().batch().reader();
        while (reader.next() && found.size() <= Refusals.MOST_LISTED) {
            OffsetRange one = new OffsetRange(reader.offset(), reader.offset() + 1);
            if (!known.contains(reader.offset())
                    && !entry.aside().contains(reader.offset())
                    && settled.without(one).size() == 1) {
                piece.add(reader.record());
            }
            if (piece.size() == PROBED_AT_A_TIME) {
                found.addAll(live.probe(piece));
                piece.clear();
            }
        }
        found.addAll(live.probe(piece));
        return found;
    }
}
