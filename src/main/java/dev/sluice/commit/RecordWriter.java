package dev.sluice.commit;

import dev.sluice.batch.Batch;
import dev.sluice.live.LivePartition;
import dev.sluice.sink.SinkRecord;
import dev.sluice.snapshot.OffsetRange;
import dev.sluice.snapshot.PartitionKey;
import dev.sluice.snapshot.Receipt;
import dev.sluice.snapshot.ReceiptStore;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes the records of one transaction to the partition and their receipts to the ledger, in pieces that fit into
 * memory. Batches of a group share their pieces: a hundred small ones are one call of the sink.
 */
final class RecordWriter {

    static final int RECORDS_AT_A_TIME = 10_000;
    static final long BYTES_AT_A_TIME = 4 << 20;
    private static final int RECEIPTS_AT_A_TIME = 100;

    private final PartitionKey key;
    private final LivePartition<?, ?> partition;
    private final ReceiptStore store;
    private final boolean withoutTarget;
    private final List<SinkRecord> records = new ArrayList<>();
    private final List<Receipt> receipts = new ArrayList<>();
    private long bytes;

    RecordWriter(PartitionKey key, LivePartition<?, ?> partition, ReceiptStore store, boolean dryRun) {
        // What cannot be rolled back must not be written in the first place.
        this(key, partition, dryRun && !partition.transactional(), store);
    }

    private RecordWriter(PartitionKey key, LivePartition<?, ?> partition, boolean withoutTarget, ReceiptStore store) {
        this.key = key;
        this.partition = partition;
        this.store = store;
        this.withoutTarget = withoutTarget;
    }

    /** Makes one for records that have reached their target already. */
    static RecordWriter ofReceiptsOnly(PartitionKey key, LivePartition<?, ?> partition, ReceiptStore store) {
        return new RecordWriter(key, partition, true, store);
    }

    /** Writes the batch's records in the given ranges, which are in order; returns how many there are. */
    long write(Batch batch, List<OffsetRange> ranges, long fencingToken) {
        return new NewRecords(batch, ranges).each(fencingToken, reader -> add(reader.record()), receipts::addAll);
    }

    private void add(SinkRecord record) {
        records.add(record);
        bytes += record.length();
        if (records.size() >= RECORDS_AT_A_TIME || bytes >= BYTES_AT_A_TIME) {
            flushRecords();
        }
        if (receipts.size() >= RECEIPTS_AT_A_TIME) {
            flushReceipts();
        }
    }

    /** Hands over all that is still held back. */
    void flush() {
        flushRecords();
        flushReceipts();
    }

    private void flushRecords() {
        if (!records.isEmpty()) {
            if (!withoutTarget) {
                partition.write(records);
            }
            records.clear();
            bytes = 0;
        }
    }

    /** Makes the receipts so far visible to this transaction. */
    void flushReceipts() {
        store.add(key, receipts);
        receipts.clear();
    }
}
