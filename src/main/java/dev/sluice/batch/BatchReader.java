package dev.sluice.batch;

import dev.sluice.sink.SinkRecord;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** A walk over the records of a batch, in order. */
public final class BatchReader {

    private final long denseBase;
    private final long count;
    private final Spool.Reader records;
    private final Spool.@Nullable Reader offsets;
    private final ByteBuffer header = ByteBuffer.allocate(BatchBuilder.HEADER);
    private long index = -1;
    private long offset;
    private long hash;
    private int length;
    private boolean valueRead = true;

    BatchReader(long denseBase, long count, Spool.Reader records, Spool.@Nullable Reader offsets) {
        this.denseBase = denseBase;
        this.count = count;
        this.records = records;
        this.offsets = offsets;
    }

    /** Moves to the next record; false if there is none. */
    public boolean next() {
        if (index + 1 >= count) {
            return false;
        }
        if (!valueRead) {
            records.skip(length);
        }
        index++;
        records.read(header.array(), 0, BatchBuilder.HEADER);
        header.clear();
        length = header.getInt();
        hash = header.getLong();
        offset = header.getLong();
        if (offsets != null) {
            offsets.read(header.array(), 0, Long.BYTES);
            offset = header.getLong(0);
        } else if (denseBase >= 0) {
            offset = denseBase + index;
        }
        valueRead = false;
        return true;
    }

    /** Returns the current record's offset. */
    public long offset() {
        return offset;
    }

    /** Returns the current record's hash. */
    public long hash() {
        return hash;
    }

    /** Returns the length of the current record's value in bytes. */
    public int length() {
        return length;
    }

    /** Reads the current record; at most once a record. */
    public SinkRecord record() {
        byte[] value = new byte[length];
        records.read(value, 0, length);
        valueRead = true;
        return new SinkRecord(offset, value);
    }
}
