package dev.sluice.snapshot;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Collects one batch's receipts: a row for each {@value #RECORDS_PER_RECEIPT} records, without a gap between them. */
public final class ReceiptWriter {

    /** Records in one row of the ledger at most. */
    public static final int RECORDS_PER_RECEIPT = 10_000;

    private final long fencingToken;
    private final List<Receipt> done = new ArrayList<>();
    private final ByteBuffer hashes;
    private final ByteBuffer offsets;
    private long first;
    private int count;

    /** Starts at {@code first} for a batch of {@code expected} records. */
    public ReceiptWriter(long first, long fencingToken, long expected) {
        int capacity = (int) Math.min(expected, RECORDS_PER_RECEIPT) * Long.BYTES;
        this.first = first;
        this.fencingToken = fencingToken;
        this.hashes = ByteBuffer.allocate(capacity);
        this.offsets = ByteBuffer.allocate(capacity);
    }

    /** Adds a record, in the order of offsets. */
    public void add(long offset, long hash) {
        if (count == RECORDS_PER_RECEIPT) {
            cut(offset);
        }
        hashes.putLong(hash);
        offsets.putLong(offset);
        count++;
    }

    /** Closes the last row at {@code end} and takes all that are complete. */
    public List<Receipt> finish(long end) {
        if (end > first) {
            cut(end);
        }
        return drain();
    }

    /** Takes the rows that are complete so far. */
    public List<Receipt> drain() {
        if (done.isEmpty()) {
            return List.of();
        }
        List<Receipt> rows = List.copyOf(done);
        done.clear();
        return rows;
    }

    private void cut(long end) {
        boolean dense = count == end - first;
        done.add(
                new Receipt(first, end, fencingToken, count, taken(hashes), dense ? null : taken(offsets), null, null));
        hashes.clear();
        offsets.clear();
        first = end;
        count = 0;
    }

    private static byte[] taken(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.position()];
        buffer.get(0, bytes);
        return bytes;
    }
}
