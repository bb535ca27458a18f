package dev.sluice.commit;

import dev.sluice.batch.Batch;
import dev.sluice.live.LivePartition;
import dev.sluice.snapshot.OffsetRanges;
import dev.sluice.snapshot.Snapshot;

/**
 * A batch that was decided to be new and has to be sent while no transaction is held.
 *
 * @param decidedAt the snapshot that was locked when it was decided
 * @param settled the offsets settled then
 */
record Consignment(Batch batch, NewPart fresh, LivePartition<?, ?> live, Snapshot decidedAt, OffsetRanges settled) {}
