package dev.sluice.commit;

import dev.sluice.snapshot.PartitionKey;
import dev.sluice.snapshot.Receipt;
import dev.sluice.snapshot.ReceiptStore;
import dev.sluice.snapshot.ReceiptStore.PartitionReceipt;
import java.util.ArrayList;
import java.util.List;

/**
 * The receipts of one transaction. They are kept here until all is written, so that a partition that fails can be left
 * out; only those of large batches go to the database before. One use, one thread.
 */
final class Ledger {

    private static final int RECEIPTS_AT_A_TIME = 100;

    private final String sink;
    private final ReceiptStore store;
    private final List<PartitionReceipt> rows = new ArrayList<>();
    private boolean flushed;

    Ledger(String sink, ReceiptStore store) {
        this.sink = sink;
        this.store = store;
    }

    /** Adds the receipts of what is new of a batch; returns how many records that are. */
    long add(PartitionKey key, NewRecords records, long fencingToken) {
        return store.kept()
                ? records.each(fencingToken, reader -> {}, receipts -> addAll(key.partition(), receipts))
                : records.each(reader -> {});
    }

    private void addAll(String partition, List<Receipt> receipts) {
        if (rows.size() >= RECEIPTS_AT_A_TIME && !receipts.isEmpty() && large(receipts)) {
            flush();
        }
        receipts.forEach(receipt -> add(new PartitionReceipt(partition, receipt)));
    }

    /* Batches of a partition follow each other here: a row for all of them costs the server what a row for one does. */
    private void add(PartitionReceipt next) {
        int last = rows.size() - 1;
        if (last >= 0 && rows.get(last).joins(next)) {
            rows.set(last, rows.get(last).join(next));
        } else {
            rows.add(next);
        }
    }

    /* Receipts of small batches can wait for the snapshots' statement, however many there are. */
    private static boolean large(List<Receipt> receipts) {
        return receipts.get(0).count() >= RECEIPTS_AT_A_TIME;
    }

    /** Makes all receipts so far visible to this transaction. */
    void flush() {
        if (!rows.isEmpty()) {
            store.add(sink, rows);
            rows.clear();
            flushed = true;
        }
    }

    /** Whether some receipts are in the database already, so that nothing can be left out any more. */
    boolean flushed() {
        return flushed;
    }

    /** Keeps what state the sink is in after all that was written to a partition, up to {@code end}. */
    void stateIs(PartitionKey key, long end, String state) {
        for (int i = rows.size() - 1; i >= 0; i--) {
            if (rows.get(i).partition().equals(key.partition())) {
                rows.set(i, rows.get(i).with(state));
                return;
            }
        }
        if (flushed) {
            store.keepState(key, end, state);
        }
    }

    /** Takes back what was added for a partition; impossible once it is {@link #flushed}. */
    void leaveOut(String partition) {
        rows.removeIf(row -> row.partition().equals(partition));
    }

    /** Returns the receipts that are not in the database yet. */
    List<PartitionReceipt> rows() {
        return rows;
    }
}
