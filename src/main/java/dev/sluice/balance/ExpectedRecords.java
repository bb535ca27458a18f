package dev.sluice.balance;

import dev.sluice.balance.BalanceStore.Letter;
import dev.sluice.snapshot.OffsetRange;
import dev.sluice.snapshot.OffsetRanges;
import dev.sluice.snapshot.PartitionKey;
import dev.sluice.snapshot.Receipt;
import dev.sluice.snapshot.ReceiptStore;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a partition's receipts say of a range, record by record; a few receipts are held at a time. Not thread-safe. */
final class ExpectedRecords {

    private static final int RECEIPTS_AT_A_TIME = 50;

    private final ReceiptStore receipts;
    private final BalanceStore store;
    private final PartitionKey key;
    private final long end;
    private final OffsetRanges covered = new OffsetRanges();
    private final Map<Long, Letter> letters = new HashMap<>();
    private List<Receipt> page = List.of();
    private int receipt;
    private int record;
    private long nextPage;
    private boolean last;

    ExpectedRecords(ReceiptStore receipts, BalanceStore store, PartitionKey key, long from, long end) {
        this.receipts = receipts;
        this.store = store;
        this.key = key;
        this.nextPage = from;
        this.end = end;
        load();
        record = page.isEmpty() ? 0 : page.get(0).indexOf(from);
        settle();
    }

    /** Whether there is a record; it is the current one. */
    boolean has() {
        return receipt < page.size();
    }

    long offset() {
        return page.get(receipt).offsetAt(record);
    }

    /** Returns the hash of the current record. */
    long hash() {
        return page.get(receipt).hashAt(record);
    }

    /** Returns what became of the current record, if its target has refused it once. */
    Optional<Letter> letter() {
        return Optional.ofNullable(letters.get(offset()));
    }

    void next() {
        record++;
        settle();
    }

    /** Returns which offsets there are receipts for, as far as has been read: up to the current record at least. */
    OffsetRanges covered() {
        return covered;
    }

    private void settle() {
        while (has()) {
            if (record < page.get(receipt).count()) {
                if (offset() >= end) {
                    page = List.of();
                    last = true;
                }
                return;
            }
            record = 0;
            receipt++;
            if (receipt == page.size()) {
                load();
            }
        }
    }

    private void load() {
        receipt = 0;
        page = last || nextPage >= end ? List.of() : receipts.covering(key, nextPage, end, RECEIPTS_AT_A_TIME);
        last = page.size() < RECEIPTS_AT_A_TIME;
        if (!page.isEmpty()) {
            page.forEach(one -> covered.add(new OffsetRange(one.first(), one.end())));
            long to = page.get(page.size() - 1).end();
            letters.clear();
            store.lettersOf(key, nextPage, to).forEach(letter -> letters.put(letter.offset(), letter));
            nextPage = to;
        }
    }
}
