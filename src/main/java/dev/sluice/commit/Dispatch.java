package dev.sluice.commit;

import dev.sluice.batch.BatchReader;
import dev.sluice.commit.PartitionFailure.Kind;
import dev.sluice.commit.WriteOutcome.Written;
import dev.sluice.sink.SinkBatch;
import dev.sluice.sink.SinkRecord;
import dev.sluice.snapshot.OffsetRange;
import dev.sluice.snapshot.OffsetRanges;
import dev.sluice.snapshot.PartitionKey;
import dev.sluice.snapshot.Snapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Sends a batch while no transaction is held, then commits that it was sent. */
final class Dispatch {

    private final PartitionKey key;
    private final Consignment consignment;
    private final Stores stores;
    private @Nullable Snapshot recorded;

    Dispatch(PartitionKey key, Consignment consignment, Stores stores) {
        this.key = key;
        this.consignment = consignment;
        this.stores = stores;
    }

    /** Sends all of it, in pieces that fit into memory, always cut at the same places. */
    void send() {
        consignment.live().fence(consignment.decidedAt());
        BatchReader reader = consignment.batch().reader();
        boolean present = reader.next();
        for (OffsetRange range : consignment.fresh().ranges()) {
            long first = range.first();
            Piece piece = new Piece();
            while (present && reader.offset() < range.end()) {
                if (reader.offset() >= range.first()) {
                    if (piece.full()) {
                        long cut = piece.last() + 1;
                        consignment.live().send(new SinkBatch<>(first, cut, piece.records));
                        first = cut;
                        piece = new Piece();
                    }
                    piece.add(reader.record());
                }
                present = reader.next();
            }
            consignment.live().send(new SinkBatch<>(first, range.end(), piece.records));
        }
    }

    private static final class Piece {

        private final List<SinkRecord> records = new ArrayList<>();
        private long bytes;

        private void add(SinkRecord record) {
            records.add(record);
            bytes += record.length();
        }

        private boolean full() {
            return records.size() >= RecordWriter.RECORDS_AT_A_TIME || bytes >= RecordWriter.BYTES_AT_A_TIME;
        }

        private long last() {
            return records.get(records.size() - 1).offset();
        }
    }

    /** Commits what was sent; part of a transaction. */
    Written record(boolean anyOrder) {
        Snapshot decidedAt = consignment.decidedAt();
        Snapshot locked = stores.snapshots().lock(key);
        if (!stores.claims().heldHere(key) || locked.version() != decidedAt.version()) {
            throw new PartitionFailure(
                    Kind.OUTCOME_UNKNOWN,
                    "the batch was sent, but meanwhile the partition was taken over from this replica",
                    null);
        }
        RecordWriter ledger = RecordWriter.ofReceiptsOnly(key, consignment.live(), stores.receipts());
        long written = ledger.write(consignment.batch(), consignment.fresh().ranges(), decidedAt.fencingToken());
        ledger.flush();
        OffsetRanges settled = consignment.settled();
        consignment.fresh().ranges().forEach(settled::add);
        Snapshot next =
                decidedAt.advanced(settled.completeUpTo(), consignment.live().state(), 1);
        stores.snapshots().advance(key, next, decidedAt.version());
        stores.keepState(key, next);
        if (anyOrder) {
            stores.settled().write(key, settled);
        }
        stores.claims().release(key);
        recorded = next;
        return consignment.fresh().written(written, next);
    }

    /** To be called once the commit of {@link #record} is known to have happened. */
    void committed() {
        consignment.live().movedTo(Objects.requireNonNull(recorded));
    }
}
