package dev.sluice.commit;

import dev.sluice.batch.Batch;
import dev.sluice.commit.WriteOutcome.Written;
import dev.sluice.sink.JointSink;
import dev.sluice.sink.JointWrite;
import dev.sluice.snapshot.JointStore.Advance;
import dev.sluice.snapshot.PartitionKey;
import dev.sluice.snapshot.Receipt;
import dev.sluice.snapshot.ReceiptStore.PartitionReceipt;
import dev.sluice.snapshot.Snapshot;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * What happens between BEGIN and COMMIT for batches of many partitions of one sink: lock the rows, decide each batch by
 * the table, write all that is new at once, advance the snapshots. One use, one thread.
 */
final class JointTransaction {

    private static final int RECEIPTS_AT_A_TIME = 100;

    private record NewBatch(PartitionKey key, NewRecords records, long count) {}

    private final String sink;
    private final JointSink target;
    private final BooleanSupplier current;
    private final Stores stores;
    private final Connection connection;
    private final List<NewBatch> toWrite = new ArrayList<>();
    private final List<PartitionReceipt> receipts = new ArrayList<>();
    private final List<Advance> advances = new ArrayList<>();

    /** {@code current} tells whether the target is what the sink is made of now. */
    JointTransaction(String sink, JointSink target, BooleanSupplier current, Stores stores, Connection connection) {
        this.sink = sink;
        this.target = target;
        this.current = current;
        this.stores = stores;
        this.connection = connection;
    }

    /**
     * Decides and writes.
     *
     * @return the outcomes of each share, which hold only once the transaction is committed; empty for one whose row is
     *     held by somebody else, or if the sink is defined anew by now
     */
    List<Optional<List<WriteOutcome>>> run(List<Share> shares) {
        Map<String, Snapshot> locked = stores.joint()
                .lockFree(
                        sink,
                        shares.stream().map(share -> share.key().partition()).toList());
        // Under the locks, as late as possible: the definition may have changed while this waited.
        if (!current.getAsBoolean()) {
            return Collections.nCopies(shares.size(), Optional.empty());
        }
        List<Optional<List<WriteOutcome>>> outcomes = new ArrayList<>(shares.size());
        for (Share share : shares) {
            Snapshot row = locked.get(share.key().partition());
            outcomes.add(row == null ? Optional.empty() : Optional.of(decide(share, row)));
        }
        if (outcomes.stream().flatMap(Optional::stream).flatMap(List::stream).anyMatch(Written.class::isInstance)) {
            target.inspect(connection);
        }
        write();
        if (!advances.isEmpty()) {
            stores.joint().advance(sink, receipts, advances);
        }
        return outcomes;
    }

    private List<WriteOutcome> decide(Share share, Snapshot row) {
        PartitionKey key = share.key();
        PartitionDecider decider = new PartitionDecider(key, row, stores, this::flushReceipts);
        List<WriteOutcome> outcomes = new ArrayList<>(share.batches().size());
        for (BatchEntry entry : share.batches()) {
            Decided decided = decider.decide(entry);
            if (decided instanceof Decided.Fresh fresh) {
                long records = take(key, entry.request().batch(), fresh.part(), row.fencingToken());
                outcomes.add(decider.advance(entry, fresh.part(), records));
            } else {
                outcomes.add(((Decided.Settled) decided).outcome());
            }
        }
        if (decider.current().version() != row.version()) {
            advances.add(new Advance(key.partition(), decider.current(), row.version()));
        }
        return outcomes;
    }

    private long take(PartitionKey key, Batch batch, NewPart part, long fencingToken) {
        NewRecords records = new NewRecords(batch, part.ranges());
        long count = stores.receipts().kept()
                ? records.each(fencingToken, reader -> {}, rows -> add(key.partition(), rows))
                : records.each(reader -> {});
        toWrite.add(new NewBatch(key, records, count));
        return count;
    }

    private void add(String partition, List<Receipt> rows) {
        rows.forEach(row -> add(new PartitionReceipt(partition, row)));
        if (receipts.size() >= RECEIPTS_AT_A_TIME && !rows.isEmpty() && large(rows)) {
            flushReceipts();
        }
    }

    /* Batches of a partition follow each other here: a row for all of them costs the server what a row for one does. */
    private void add(PartitionReceipt next) {
        int last = receipts.size() - 1;
        if (last >= 0 && receipts.get(last).joins(next)) {
            receipts.set(last, receipts.get(last).join(next));
        } else {
            receipts.add(next);
        }
    }

    /* Receipts of small batches can wait for the snapshots' statement, however many there are. */
    private static boolean large(List<Receipt> rows) {
        return rows.get(0).count() >= RECEIPTS_AT_A_TIME;
    }

    private void flushReceipts() {
        stores.receipts().add(sink, receipts);
        receipts.clear();
    }

    private void write() {
        long records = toWrite.stream().mapToLong(NewBatch::count).sum();
        if (records == 0) {
            return;
        }
        JointWrite write = target.join(connection, records);
        try {
            for (NewBatch batch : toWrite) {
                String partition = batch.key().partition();
                batch.records().each(reader -> write.add(partition, reader.record()));
            }
            write.flush();
        } finally {
            write.close();
        }
    }
}
