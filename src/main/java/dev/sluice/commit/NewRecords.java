package dev.sluice.commit;

import dev.sluice.batch.Batch;
import dev.sluice.batch.BatchReader;
import dev.sluice.snapshot.OffsetRange;
import dev.sluice.snapshot.Receipt;
import dev.sluice.snapshot.ReceiptWriter;
import java.util.List;
import java.util.function.Consumer;

/** The records of a batch that are not settled yet. */
final class NewRecords {

    private final Batch batch;
    private final List<OffsetRange> ranges;

    /** The ranges come in the order of offsets. */
    NewRecords(Batch batch, List<OffsetRange> ranges) {
        this.batch = batch;
        this.ranges = ranges;
    }

    /** Visits each record, at which the reader stands then; returns how many there are. */
    long each(Consumer<BatchReader> visit) {
        return each(visit, range -> {}, range -> {});
    }

    /** Visits each record, and hands over the receipts of those that were visited. */
    long each(long fencingToken, Consumer<BatchReader> visit, Consumer<List<Receipt>> receipts) {
        ReceiptWriter[] ledger = new ReceiptWriter[1];
        return each(
                reader -> {
                    ledger[0].add(reader.offset(), reader.hash());
                    visit.accept(reader);
                    receipts.accept(ledger[0].drain());
                },
                range -> ledger[0] = new ReceiptWriter(range.first(), fencingToken, batch.count()),
                range -> receipts.accept(ledger[0].finish(range.end())));
    }

    private long each(Consumer<BatchReader> visit, Consumer<OffsetRange> begin, Consumer<OffsetRange> end) {
        BatchReader reader = batch.reader();
        boolean present = reader.next();
        long visited = 0;
        for (OffsetRange range : ranges) {
            begin.accept(range);
            while (present && reader.offset() < range.end()) {
                if (reader.offset() >= range.first()) {
                    visit.accept(reader);
                    visited++;
                }
                present = reader.next();
            }
            end.accept(range);
        }
        return visited;
    }
}
