package dev.sluice.commit;

import dev.sluice.batch.BatchReader;
import dev.sluice.commit.PartitionFailure.Kind;
import dev.sluice.commit.WriteOutcome.Rejected;
import dev.sluice.live.LivePartition;
import dev.sluice.live.LivePartitions;
import dev.sluice.sink.RejectedRecord;
import dev.sluice.sink.SinkException;
import dev.sluice.sink.SinkRecord;
import dev.sluice.snapshot.OffsetRange;
import dev.sluice.snapshot.OffsetRanges;
import dev.sluice.snapshot.PartitionKey;
import dev.sluice.snapshot.Snapshot;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** Finds out which records of a batch the target refuses, where it has not said so itself. */
@Component
class Rejections {

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
        if (refusal instanceof SinkException sink && !sink.rejected().isEmpty()) {
            return new Rejected(sink.rejected(), true, null);
        }
        Optional<List<RejectedRecord>> probed =
                transactions.run(key, true, connection -> probe(key, entry, connection));
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
        return new Rejected(found, found.size() < Refusals.MOST_LISTED, null);
    }

    private Optional<List<RejectedRecord>> probe(PartitionKey key, BatchEntry entry, Connection connection) {
        Snapshot current = stores.snapshots().read(key);
        LivePartition<?, ?> live = partitions.at(key, current);
        if (!live.probes()) {
            return Optional.empty();
        }
        partitions.inspect(key.sink(), connection);
        live.join(connection);
        OffsetRanges settled = entry.anyOrder()
                ? stores.settled().read(key)
                : OffsetRanges.of(List.of(new OffsetRange(0, current.nextOffset())));
        List<RejectedRecord> found = new ArrayList<>();
        List<SinkRecord> piece = new ArrayList<>();
        BatchReader reader = entry.request().batch().reader();
        while (reader.next() && found.size() < Refusals.MOST_LISTED) {
            if (settled.without(new OffsetRange(reader.offset(), reader.offset() + 1))
                            .size()
                    == 1) {
                piece.add(reader.record());
            }
            if (piece.size() == PROBED_AT_A_TIME) {
                found.addAll(live.probe(piece));
                piece.clear();
            }
        }
        found.addAll(live.probe(piece));
        return Optional.of(found.subList(0, Math.min(found.size(), Refusals.MOST_LISTED)));
    }
}
