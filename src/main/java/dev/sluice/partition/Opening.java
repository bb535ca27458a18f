package dev.sluice.partition;

import dev.sluice.commit.GroupCommit;
import dev.sluice.live.LivePartition;
import dev.sluice.live.LivePartitions;
import dev.sluice.partition.OpenOutcome.Fenced;
import dev.sluice.partition.OpenOutcome.NotRewindable;
import dev.sluice.partition.OpenOutcome.Opened;
import dev.sluice.partition.OpenOutcome.SinkBehind;
import dev.sluice.snapshot.PartitionKey;
import dev.sluice.snapshot.ReceiptStore;
import dev.sluice.snapshot.Snapshot;
import dev.sluice.snapshot.SnapshotStore;
import java.sql.Connection;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Raises a fencing token and takes a partition back, both in the transaction that locks its row. */
@Component
class Opening {

    private final SnapshotStore snapshots;
    private final ReceiptStore receipts;
    private final LivePartitions partitions;
    private final GroupCommit commits;

    Opening(SnapshotStore snapshots, ReceiptStore receipts, LivePartitions partitions, GroupCommit commits) {
        this.snapshots = snapshots;
        this.receipts = receipts;
        this.partitions = partitions;
        this.commits = commits;
    }

    OpenOutcome open(PartitionKey key, OpenRequest request) {
        return commits.withPermit(
                () -> commits.inTransaction(key, false, connection -> open(key, request, connection)));
    }

    private OpenOutcome open(PartitionKey key, OpenRequest request, Connection connection) {
        Snapshot current = snapshots.lock(key);
        Long expected = request.ifFencingToken();
        if (expected != null && expected != current.fencingToken()) {
            return new Fenced(current);
        }
        long resumeAt = request.resumeAt() == null ? current.nextOffset() : request.resumeAt();
        if (resumeAt > current.nextOffset()) {
            return new SinkBehind(current);
        }
        String state = current.state();
        if (resumeAt < current.nextOffset()) {
            LivePartition<?, ?> live = partitions.at(key, current);
            if (!live.rewindable()) {
                return new NotRewindable(current);
            }
            state = rewind(key, live, resumeAt, request.resumeState(), connection);
        }
        return new Opened(snapshots.open(key, request.owner(), resumeAt, state, current.version()));
    }

    private @Nullable String rewind(
            PartitionKey key, LivePartition<?, ?> live, long to, @Nullable String state, Connection connection) {
        live.join(connection);
        live.rewind(to, state);
        receipts.removeFrom(key, to);
        return live.state();
    }
}
