package dev.sluice.commit;

import dev.sluice.batch.BatchReader;
import dev.sluice.commit.WriteOutcome.Difference;
import dev.sluice.snapshot.PartitionKey;
import dev.sluice.snapshot.Receipt;
import dev.sluice.snapshot.ReceiptStore;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Compares the part of a batch that was committed before with its receipts, record by record.
 *
 * <p>Receipts are pruned after a while: what they no longer cover passes unverified.
 */
final class Replay {

    private static final int RECEIPTS_AT_A_TIME = 50;

    private final BatchReader reader;
    private final PartitionKey key;
    private final ReceiptStore store;
    private boolean present;
    private boolean verified = true;
    private long duplicates;
    private @Nullable Mismatch mismatch;

    record Mismatch(long offset, Difference difference) {}

    /** The reader must stand before the first record. */
    Replay(BatchReader reader, PartitionKey key, ReceiptStore store) {
        this.reader = reader;
        this.key = key;
        this.store = store;
        this.present = reader.next();
    }

    /** Compares the records of {@code [first, limit)}; ranges come in the order of offsets. */
    void compare(long first, long limit) {
        while (present && reader.offset() < first) {
            present = reader.next();
        }
        long covered = first;
        while (covered < limit && mismatch == null) {
            List<Receipt> receipts = store.covering(key, covered, limit, RECEIPTS_AT_A_TIME);
            for (Receipt receipt : receipts) {
                skipUnverified(Math.max(covered, receipt.first()), receipt.first() > covered);
                compare(receipt, Math.max(covered, receipt.first()), Math.min(receipt.end(), limit));
                covered = receipt.end();
            }
            if (receipts.size() < RECEIPTS_AT_A_TIME) {
                break;
            }
        }
        if (mismatch == null) {
            skipUnverified(limit, covered < limit);
        }
    }

    private void skipUnverified(long to, boolean uncovered) {
        if (uncovered) {
            verified = false;
        }
        while (present && reader.offset() < to) {
            duplicates++;
            present = reader.next();
        }
    }

    private void compare(Receipt receipt, long from, long to) {
        int i = receipt.indexOf(from);
        while (mismatch == null) {
            boolean committed = i < receipt.count() && receipt.offsetAt(i) < to;
            boolean sent = present && reader.offset() < to;
            if (!committed && !sent) {
                return;
            }
            if (!committed || (sent && reader.offset() < receipt.offsetAt(i))) {
                mismatch = new Mismatch(reader.offset(), Difference.RECORD_IN_HOLE);
            } else if (!sent || reader.offset() > receipt.offsetAt(i)) {
                mismatch = new Mismatch(receipt.offsetAt(i), Difference.HOLE_OVER_RECORD);
            } else if (reader.hash() != receipt.hashAt(i)) {
                mismatch = new Mismatch(reader.offset(), Difference.OTHER_BYTES);
            } else {
                duplicates++;
                i++;
                present = reader.next();
            }
        }
    }

    /** Returns where batch and receipts differ first, null if nowhere. */
    @Nullable
    Mismatch mismatch() {
        return mismatch;
    }

    /** Whether receipts covered all of it. */
    boolean verified() {
        return verified;
    }

    /** Returns the number of records below the limit. */
    long duplicates() {
        return duplicates;
    }
}
