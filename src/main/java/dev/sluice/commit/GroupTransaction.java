package dev.sluice.commit;

import dev.sluice.batch.Batch;
import dev.sluice.commit.WriteOutcome.Conflict;
import dev.sluice.commit.WriteOutcome.Fenced;
import dev.sluice.commit.WriteOutcome.Gap;
import dev.sluice.commit.WriteOutcome.Status;
import dev.sluice.commit.WriteOutcome.TokenRequired;
import dev.sluice.commit.WriteOutcome.UnknownToken;
import dev.sluice.commit.WriteOutcome.Written;
import dev.sluice.live.LivePartition;
import dev.sluice.live.LivePartitions;
import dev.sluice.snapshot.PartitionKey;
import dev.sluice.snapshot.ReceiptStore;
import dev.sluice.snapshot.Snapshot;
import dev.sluice.snapshot.SnapshotStore;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What happens between BEGIN and COMMIT for the batches of one partition: lock the row, decide each batch by the
 * table, write what is new, advance the snapshot. One use, one thread.
 */
final class GroupTransaction {

    private final PartitionKey key;
    private final SnapshotStore snapshots;
    private final ReceiptStore receipts;
    private final LivePartitions partitions;
    private final Connection connection;
    private final Snapshot locked;
    private Snapshot current;
    private @Nullable LivePartition<?, ?> live;
    private @Nullable RecordWriter writer;

    GroupTransaction(
            PartitionKey key,
            SnapshotStore snapshots,
            ReceiptStore receipts,
            LivePartitions partitions,
            Connection connection) {
        this.key = key;
        this.snapshots = snapshots;
        this.receipts = receipts;
        this.partitions = partitions;
        this.connection = connection;
        this.locked = snapshots.lock(key);
        this.current = locked;
    }

    /** Decides and writes the batches in the order given; the outcomes hold only once the transaction is committed. */
    List<WriteOutcome> run(List<BatchEntry> entries) {
        List<WriteOutcome> outcomes = new ArrayList<>(entries.size());
        for (BatchEntry entry : entries) {
            outcomes.add(decide(entry));
        }
        if (live != null && writer != null) {
            writer.flush();
            current = current.advanced(current.nextOffset(), live.state(), 0);
            snapshots.advance(key, current, locked.version());
            if (entries.get(0).request().dryRun()) {
                snapshots.checkDeferredConstraints();
            }
        }
        return outcomes;
    }

    private WriteOutcome decide(BatchEntry entry) {
        WriteRequest request = entry.request();
        Batch batch = request.batch();
        return switch (Decision.of(current, request.fencingToken(), batch.first(), batch.end())) {
            case TOKEN_REQUIRED -> new TokenRequired(current);
            case FENCED -> new Fenced(current);
            case UNKNOWN_TOKEN -> new UnknownToken(current);
            case GAP -> new Gap(current);
            case NEW -> write(entry, Status.COMMITTED, 0, true);
            case OVERLAP -> replay(entry, Status.TRIMMED);
            case DUPLICATE -> replay(entry, Status.DUPLICATE);
        };
    }

    private WriteOutcome replay(BatchEntry entry, Status status) {
        Batch batch = entry.request().batch();
        if (writer != null) {
            writer.flushReceipts();
        }
        long limit = Math.min(batch.end(), current.nextOffset());
        Replay replay = new Replay(batch.reader(), batch.first(), limit, key, receipts);
        Replay.Mismatch mismatch = replay.mismatch();
        if (mismatch != null) {
            return new Conflict(mismatch.offset(), mismatch.difference(), current);
        }
        return status == Status.DUPLICATE
                ? written(status, 0, replay.duplicates(), replay.verified())
                : write(entry, status, replay.duplicates(), replay.verified());
    }

    private WriteOutcome write(BatchEntry entry, Status status, long duplicates, boolean verified) {
        Batch batch = entry.request().batch();
        if (entry.refusals().concern(current.nextOffset())) {
            return entry.refusals().outcome(current.nextOffset());
        }
        long written = writer(entry.request().dryRun()).write(batch, current.nextOffset(), current.fencingToken());
        current = current.advanced(batch.end(), current.state(), 1);
        return written(status, written, duplicates, verified);
    }

    private RecordWriter writer(boolean dryRun) {
        if (writer == null) {
            live = partitions.at(key, locked);
            live.join(connection);
            writer = new RecordWriter(key, live, receipts, dryRun);
        }
        return writer;
    }

    private Written written(Status status, long written, long duplicates, boolean verified) {
        return new Written(
                status, written, duplicates, verified, current.nextOffset(), current.fencingToken(), current.version());
    }

    /** To be called once the commit is known to have happened. */
    void committed() {
        if (live != null) {
            live.movedTo(current.version());
        }
    }
}
