package dev.sluice.commit;

import dev.sluice.batch.Batch;
import dev.sluice.batch.BatchReader;
import dev.sluice.commit.PartitionFailure.Kind;
import dev.sluice.commit.WriteOutcome.Conflict;
import dev.sluice.commit.WriteOutcome.Fenced;
import dev.sluice.commit.WriteOutcome.Gap;
import dev.sluice.commit.WriteOutcome.Status;
import dev.sluice.commit.WriteOutcome.TokenRequired;
import dev.sluice.commit.WriteOutcome.TooScattered;
import dev.sluice.commit.WriteOutcome.UnknownToken;
import dev.sluice.live.LivePartition;
import dev.sluice.snapshot.OffsetRange;
import dev.sluice.snapshot.OffsetRanges;
import dev.sluice.snapshot.PartitionKey;
import dev.sluice.snapshot.Snapshot;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What happens between BEGIN and COMMIT for the batches of one partition: lock the row, decide each batch by the
 * table, write what is new, advance the snapshot. One use, one thread.
 */
final class GroupTransaction {

    /**
     * How far a transaction came.
     *
     * @param outcomes of the first batches; they hold only once the transaction is committed
     * @param toSend the batch after these, if it has to be sent
     */
    record Step(List<WriteOutcome> outcomes, @Nullable Consignment toSend) {}

    /** What a batch is: an outcome, or to be written. */
    private sealed interface Decided {}

    private record Settled(WriteOutcome outcome) implements Decided {}

    private record Fresh(NewPart part) implements Decided {}

    private final PartitionKey key;
    private final Stores stores;
    private final Function<Snapshot, LivePartition<?, ?>> partitions;
    private final Connection connection;
    private final Snapshot locked;
    private Snapshot current;
    private @Nullable OffsetRanges settled;
    private @Nullable LivePartition<?, ?> live;
    private @Nullable RecordWriter writer;

    GroupTransaction(
            PartitionKey key,
            Stores stores,
            Function<Snapshot, LivePartition<?, ?>> partitions,
            Connection connection) {
        this.key = key;
        this.stores = stores;
        this.partitions = partitions;
        this.connection = connection;
        this.locked = stores.snapshots().lock(key);
        this.current = locked;
    }

    /** Decides and writes the batches in the order given, until one needs something to be committed first. */
    Step run(List<BatchEntry> entries) {
        List<WriteOutcome> outcomes = new ArrayList<>(entries.size());
        for (BatchEntry entry : entries) {
            Decided decided = decide(entry);
            if (decided instanceof Fresh fresh) {
                boolean dryRun = entry.request().dryRun();
                if (!dryRun && keepsInitialState()) {
                    return new Step(outcomes, null);
                }
                if (!dryRun && live().outbound()) {
                    return new Step(outcomes, outcomes.isEmpty() ? consign(entry, fresh.part()) : null);
                }
                outcomes.add(write(entry, fresh.part()));
            } else {
                outcomes.add(((Settled) decided).outcome());
            }
        }
        finish(entries.get(0));
        return new Step(outcomes, null);
    }

    private void finish(BatchEntry any) {
        if (writer != null) {
            writer.flush();
            current = current.advanced(current.nextOffset(), live().state(), 0);
            stores.snapshots().advance(key, current, locked.version());
            stores.keepState(key, current);
            if (any.anyOrder()) {
                stores.settled().write(key, settled(any));
            }
            if (any.request().dryRun()) {
                stores.snapshots().checkDeferredConstraints();
            }
        }
    }

    private Decided decide(BatchEntry entry) {
        WriteRequest request = entry.request();
        Batch batch = request.batch();
        Long token = request.trusted() ? Long.valueOf(current.fencingToken()) : request.fencingToken();
        Decision decision = entry.anyOrder()
                ? Decision.ofToken(current, token).orElse(Decision.OVERLAP)
                : Decision.of(current, token, batch.first(), batch.end());
        return switch (decision) {
            case TOKEN_REQUIRED -> new Settled(new TokenRequired(current));
            case FENCED -> new Settled(new Fenced(current));
            case UNKNOWN_TOKEN -> new Settled(new UnknownToken(current));
            case GAP -> new Settled(new Gap(current));
            case NEW, OVERLAP, DUPLICATE -> compare(entry);
        };
    }

    private Decided compare(BatchEntry entry) {
        Batch batch = entry.request().batch();
        OffsetRanges before = settled(entry);
        List<OffsetRange> fresh = new ArrayList<>();
        Replay replay = null;
        for (OffsetRange covered : covered(batch)) {
            fresh.addAll(before.without(covered));
            for (OffsetRange old : before.within(covered)) {
                if (replay == null) {
                    replay = replay(batch);
                }
                replay.compare(old.first(), old.end());
            }
        }
        if (replay != null && replay.mismatch() != null) {
            Replay.Mismatch mismatch = replay.mismatch();
            return new Settled(new Conflict(mismatch.offset(), mismatch.difference(), current));
        }
        long duplicates = replay == null ? 0 : replay.duplicates();
        boolean verified = replay == null || replay.verified();
        if (fresh.isEmpty()) {
            return new Settled(new NewPart(fresh, duplicates, verified, Status.DUPLICATE).written(0, current));
        }
        if (entry.refusals().concern(fresh)) {
            return new Settled(entry.refusals().outcome(fresh));
        }
        if (entry.anyOrder() && scatters(before, fresh, entry.maxRanges())) {
            return new Settled(new TooScattered(current, before.completeUpTo(), entry.maxRanges()));
        }
        return new Fresh(new NewPart(fresh, duplicates, verified, replay == null ? Status.COMMITTED : Status.TRIMMED));
    }

    private Replay replay(Batch batch) {
        if (writer != null) {
            writer.flushReceipts();
        }
        return new Replay(batch.reader(), key, stores.receipts());
    }

    private static boolean scatters(OffsetRanges before, List<OffsetRange> fresh, int most) {
        OffsetRanges after = OffsetRanges.of(before.ranges());
        fresh.forEach(after::add);
        return after.size() > most && after.size() > before.size();
    }

    /** Returns the offsets that a batch settles. */
    private static List<OffsetRange> covered(Batch batch) {
        if (!batch.scattered()) {
            return List.of(new OffsetRange(batch.first(), batch.end()));
        }
        OffsetRanges runs = new OffsetRanges();
        BatchReader reader = batch.reader();
        while (reader.next()) {
            runs.add(new OffsetRange(reader.offset(), reader.offset() + 1));
        }
        return runs.ranges();
    }

    private OffsetRanges settled(BatchEntry entry) {
        if (!entry.anyOrder()) {
            return OffsetRanges.of(List.of(new OffsetRange(0, current.nextOffset())));
        }
        if (settled == null) {
            settled = stores.settled().read(key);
        }
        return settled;
    }

    private WriteOutcome write(BatchEntry entry, NewPart fresh) {
        Batch batch = entry.request().batch();
        if (writer == null) {
            live().join(connection);
            live().fence(current);
            writer = new RecordWriter(
                    key, live(), stores.receipts(), entry.request().dryRun());
        }
        long written = writer.write(batch, fresh.ranges(), current.fencingToken());
        OffsetRanges after = settled(entry);
        fresh.ranges().forEach(after::add);
        current = current.advanced(after.completeUpTo(), current.state(), 1);
        return fresh.written(written, current);
    }

    private LivePartition<?, ?> live() {
        if (live == null) {
            live = partitions.apply(locked);
        }
        return live;
    }

    /* Otherwise a crash would leave a target that was written to and a snapshot that says it never was. */
    private boolean keepsInitialState() {
        if (writer != null || locked.state() != null || live().transactional()) {
            return false;
        }
        String state = live().state();
        if (state != null) {
            stores.snapshots().keepInitialState(key, state, locked.version());
        }
        return state != null;
    }

    private Consignment consign(BatchEntry entry, NewPart fresh) {
        if (stores.claims().heldElsewhere(key)) {
            throw new PartitionFailure(
                    Kind.BUSY, "another replica is sending a batch to this partition's target", null);
        }
        stores.claims().take(key);
        return new Consignment(entry.request().batch(), fresh, live(), locked, settled(entry));
    }

    /** To be called once the commit is known to have happened. */
    void committed() {
        if (live != null) {
            live.movedTo(current.version());
        }
    }
}
