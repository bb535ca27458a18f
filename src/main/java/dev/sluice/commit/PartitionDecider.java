package dev.sluice.commit;

import dev.sluice.batch.Batch;
import dev.sluice.batch.BatchReader;
import dev.sluice.commit.WriteOutcome.Conflict;
import dev.sluice.commit.WriteOutcome.Fenced;
import dev.sluice.commit.WriteOutcome.ForeignToken;
import dev.sluice.commit.WriteOutcome.Gap;
import dev.sluice.commit.WriteOutcome.Status;
import dev.sluice.commit.WriteOutcome.TokenRequired;
import dev.sluice.commit.WriteOutcome.TooScattered;
import dev.sluice.commit.WriteOutcome.UnknownToken;
import dev.sluice.commit.WriteOutcome.Written;
import dev.sluice.snapshot.OffsetRange;
import dev.sluice.snapshot.OffsetRanges;
import dev.sluice.snapshot.PartitionKey;
import dev.sluice.snapshot.Snapshot;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the batches of one partition are, each after those before it, by the partition's locked row. One use, one
 * thread, one transaction.
 */
final class PartitionDecider {

    private final PartitionKey key;
    private final Stores stores;
    private final Snapshot locked;
    private final Runnable flushReceipts;
    private Snapshot current;
    private @Nullable OffsetRanges settled;

    /**
     * Decides by the row as it was locked.
     *
     * @param settled what is settled of a partition that takes offsets in any order
     * @param flushReceipts makes receipts of this transaction that are still in memory visible in the database
     */
    PartitionDecider(
            PartitionKey key, Snapshot locked, @Nullable OffsetRanges settled, Stores stores, Runnable flushReceipts) {
        this.key = key;
        this.locked = locked;
        this.current = locked;
        this.settled = settled;
        this.stores = stores;
        this.flushReceipts = flushReceipts;
    }

    /** Returns the row as it was locked. */
    Snapshot locked() {
        return locked;
    }

    /** Returns where the partition stands after what was decided to be written. */
    Snapshot current() {
        return current;
    }

    /** Decides a batch; takes nothing for written. */
    Decided decide(BatchEntry entry) {
        WriteRequest request = entry.request();
        Batch batch = request.batch();
        Long token = request.trusted() ? Long.valueOf(current.fencingToken()) : request.fencingToken();
        Decision decision = entry.anyOrder()
                ? Decision.ofToken(current, token, request.sender()).orElse(Decision.OVERLAP)
                : Decision.of(current, token, request.sender(), batch.first(), batch.end());
        return switch (decision) {
            case TOKEN_REQUIRED -> new Decided.Settled(new TokenRequired(current));
            case FENCED -> new Decided.Settled(new Fenced(current));
            case FOREIGN_TOKEN -> new Decided.Settled(new ForeignToken(current));
            case UNKNOWN_TOKEN -> new Decided.Settled(new UnknownToken(current));
            case GAP -> new Decided.Settled(new Gap(current, null));
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
            return new Decided.Settled(new Conflict(mismatch.offset(), mismatch.difference(), current));
        }
        long duplicates = replay == null ? 0 : replay.duplicates();
        boolean verified = replay == null || replay.verified();
        if (fresh.isEmpty()) {
            return new Decided.Settled(
                    new NewPart(fresh, duplicates, verified, Status.DUPLICATE).written(0, 0, current));
        }
        if (entry.refusals().concern(fresh)) {
            return new Decided.Settled(entry.refusals().outcome(fresh));
        }
        if (entry.anyOrder() && scatters(before, fresh, entry.maxRanges())) {
            return new Decided.Settled(new TooScattered(current, before.completeUpTo(), entry.maxRanges()));
        }
        return new Decided.Fresh(
                new NewPart(fresh, duplicates, verified, replay == null ? Status.COMMITTED : Status.TRIMMED));
    }

    private Replay replay(Batch batch) {
        flushReceipts.run();
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

    /** Returns the offsets that are settled. */
    OffsetRanges settled(BatchEntry entry) {
        if (!entry.anyOrder()) {
            return OffsetRanges.of(List.of(new OffsetRange(0, current.nextOffset())));
        }
        if (settled == null) {
            settled = stores.settled().read(key);
        }
        return settled;
    }

    /** Takes a part of a batch for written and returns what it is answered with, {@code records} of it new. */
    Written advance(BatchEntry entry, NewPart fresh, long records) {
        OffsetRanges after = settled(entry);
        fresh.ranges().forEach(after::add);
        current = current.advanced(after.completeUpTo(), current.state(), 1, records);
        long deadLetters = entry.aside().within(fresh.ranges());
        return fresh.written(records - deadLetters, deadLetters, current);
    }

    /** Takes the sink's state for that of the partition. */
    void stateIs(@Nullable String state) {
        current = current.advanced(current.nextOffset(), state, 0, 0);
    }
}
