package dev.sluice.commit;

import dev.sluice.live.LivePartition;
import dev.sluice.snapshot.OffsetRanges;
import dev.sluice.snapshot.PartitionKey;
import dev.sluice.snapshot.Snapshot;

/**
 * A batch that was decided to be new, and whose partition was claimed: to be sent while no transaction is held.
 *
 * @param share with this batch alone
 * @param decidedAt the snapshot that was locked when it was decided
 * @param settled the offsets settled then
 */
record Consignment(Share share, NewPart fresh, LivePartition<?, ?> live, Snapshot decidedAt, OffsetRanges settled) {

    PartitionKey key() {
        return share.key();
    }

    BatchEntry entry() {
        return share.batches().get(0);
    }
}
