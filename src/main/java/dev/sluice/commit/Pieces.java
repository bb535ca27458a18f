package dev.sluice.commit;

import dev.sluice.batch.Batch;
import dev.sluice.batch.BatchReader;
import dev.sluice.sink.SinkBatch;
import dev.sluice.sink.SinkRecord;
import dev.sluice.snapshot.OffsetRange;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.Consumer;

/** Records in pieces that fit into memory, always cut at the same places. */
final class Pieces {

    private static final int RECORDS_AT_A_TIME = 10_000;
    private static final long BYTES_AT_A_TIME = 4 << 20;

    private final BatchReader reader;
    private final List<OffsetRange> ranges;
    private int range;
    private long first;
    private boolean present;

    /** Cuts what is in the ranges, which come in the order of offsets. */
    Pieces(Batch batch, List<OffsetRange> ranges) {
        this.reader = batch.reader();
        this.ranges = ranges;
        this.present = reader.next();
        this.first = ranges.isEmpty() ? 0 : ranges.get(0).first();
    }

    boolean hasNext() {
        return range < ranges.size();
    }

    /** Returns the next piece; the last of a range goes up to its end, so that a range without records is one, too. */
    SinkBatch<SinkRecord> next() {
        if (!hasNext()) {
            throw new NoSuchElementException("that was the last piece");
        }
        List<SinkRecord> records = new ArrayList<>();
        long bytes = 0;
        OffsetRange current = ranges.get(range);
        long from = first;
        while (present && reader.offset() < current.end()) {
            if (reader.offset() >= current.first()) {
                if (records.size() >= RECORDS_AT_A_TIME || bytes >= BYTES_AT_A_TIME) {
                    first = records.get(records.size() - 1).offset() + 1;
                    return new SinkBatch<>(from, first, records);
                }
                records.add(reader.record());
                bytes += reader.length();
            }
            present = reader.next();
        }
        range++;
        first = hasNext() ? ranges.get(range).first() : current.end();
        return new SinkBatch<>(from, current.end(), records);
    }

    /** Hands all records of several batches over, small ones together. */
    static final class Joined {

        private final Consumer<List<SinkRecord>> write;
        private List<SinkRecord> records = new ArrayList<>();
        private long bytes;

        Joined(Consumer<List<SinkRecord>> write) {
            this.write = write;
        }

        void add(SinkRecord record) {
            records.add(record);
            bytes += record.length();
            if (records.size() >= RECORDS_AT_A_TIME || bytes >= BYTES_AT_A_TIME) {
                flush();
            }
        }

        void flush() {
            if (!records.isEmpty()) {
                write.accept(records);
                records = new ArrayList<>();
                bytes = 0;
            }
        }
    }
}
