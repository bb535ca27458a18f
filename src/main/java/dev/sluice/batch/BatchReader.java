package dev.sluice.batch;

import dev.sluice.sink.SinkRecord;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** A walk over the records of a batch, in order. */
public final class BatchReader {

    private final long count;
    private final Spool.Reader records;
    private final OffsetSource source;
    private final Spool.@Nullable Reader listed;
    private final ByteBuffer header = ByteBuffer.allocate(BatchBuilder.HEADER);
    private long index = -1;
    private long offset;
    private long hash;
    private int length;
    private boolean valueRead = true;

    BatchReader(long count, Spool records, OffsetSource source) {
        this.count = count;
        this.records = records.newReader();
        this.source = source;
        this.listed = source.listed() == null ? null : source.listed().newReader();
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
        offset = header.getLong() + source.shift();
        if (listed != null) {
            listed.read(header.array(), 0, Long.BYTES);
            offset = header.getLong(0);
        } else if (source.base() >= 0) {
            offset = source.base() + index;
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
