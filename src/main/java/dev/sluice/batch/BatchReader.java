package dev.sluice.batch;

import dev.sluice.sink.SinkRecord;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A walk over the records of a batch, in order. */
public final class BatchReader {

    private static final byte[] NOTHING = new byte[0];

    private final long count;
    private final Spool.Reader records;
    private final OffsetSource source;
    private final Spool.@Nullable Reader listed;
    private long index = -1;
    private long offset;
    private long hash;
    private int length;

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
        index++;
        records.take(BatchBuilder.HEADER);
        byte[] header = records.buffer();
        int at = records.start();
        length = BatchBuilder.lengthIn(header, at);
        hash = BatchBuilder.hashIn(header, at);
        offset = BatchBuilder.offsetIn(header, at) + source.shift();
        records.take(length);
        if (listed != null) {
            listed.take(Long.BYTES);
            offset =
                    ByteBuffer.wrap(listed.buffer(), listed.start(), Long.BYTES).getLong();
        } else if (source.base() >= 0) {
            offset = source.base() + index;
        }
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

    /** Returns the current record; its bytes are those of the batch in memory where they are there. */
    public SinkRecord record() {
        byte[] buffer = records.buffer();
        int start = records.start();
        if (length == 0) {
            return new SinkRecord(offset, NOTHING);
        }
        return records.lasting()
                ? new SinkRecord(offset, buffer, start, length)
                : new SinkRecord(offset, Arrays.copyOfRange(buffer, start, start + length));
    }
}
