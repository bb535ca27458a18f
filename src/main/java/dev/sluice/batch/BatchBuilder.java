package dev.sluice.batch;

import dev.sluice.sink.SinkRecord;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import net.jpountz.xxhash.XXHash64;
import net.jpountz.xxhash.XXHashFactory;
import org.jspecify.annotations.Nullable;

/**
 * Collects the records of one batch as they arrive, hashes them, and closes with {@link #dense} or {@link #sparse}.
 *
 * <p>Offsets come with the records ({@link #add(long, byte[], int, int)}), in a list before or after them
 * ({@link #addOffset}), or are counted from the first ({@link #dense}). One thread at a time.
 */
public final class BatchBuilder implements AutoCloseable {

    /** The largest offset a record can have; its exclusive end still fits a long. */
    public static final long MAX_OFFSET = Long.MAX_VALUE - 1;

    static final int HEADER = Integer.BYTES + 2 * Long.BYTES;

    private static final int HASH_AT = Integer.BYTES;
    private static final int OFFSET_AT = HASH_AT + Long.BYTES;
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final byte[] NOTHING = new byte[0];

    /* The pure Java implementation: the hash is no bottleneck, native code and Unsafe are trouble on newer JDKs. */
    private static final XXHash64 HASH = XXHashFactory.safeInstance().hash64();

    private final Spool records;
    private final SpoolStorage storage;
    private final boolean anyOrder;
    private final byte[] header = new byte[HEADER];
    private final byte[] offsetBytes = new byte[Long.BYTES];
    private @Nullable Spool offsets;
    private long count;
    private long bytes;
    private long offsetCount;
    private long lowest = -1;
    private long highest = -1;
    private boolean unsorted;
    private boolean finished;
    private boolean hashed = true;

    BatchBuilder(SpoolStorage storage, boolean anyOrder) {
        this.storage = storage;
        this.anyOrder = anyOrder;
        this.records = new Spool(storage);
    }

    /** Leaves the hashes out, where there are no receipts to keep them. */
    public BatchBuilder unhashed() {
        hashed = false;
        return this;
    }

    /** Returns the hash that receipts keep of a record: XXH64 with seed 0 of its raw bytes. */
    public static long hash(byte[] value, int start, int length) {
        return HASH.hash(value, start, length, 0);
    }

    static int lengthIn(byte[] header, int at) {
        return (int) INT.get(header, at);
    }

    static long hashIn(byte[] header, int at) {
        return (long) LONG.get(header, at + HASH_AT);
    }

    static long offsetIn(byte[] header, int at) {
        return (long) LONG.get(header, at + OFFSET_AT);
    }

    /** Adds the next record, whose offset is told otherwise. */
    public void add(byte[] buffer, int start, int length) {
        append(-1, buffer, start, length);
    }

    /** Adds the next record with its offset. */
    public void add(long offset, byte[] buffer, int start, int length) {
        nextOffset(offset);
        append(offset, buffer, start, length);
    }

    /** Adds the offset of the next record that has none yet. */
    public void addOffset(long offset) {
        nextOffset(offset);
        if (offsets == null) {
            offsets = new Spool(storage);
        }
        LONG.set(offsetBytes, 0, offset);
        offsets.append(offsetBytes, NOTHING, 0, 0);
    }

    private void nextOffset(long offset) {
        if (offset < 0 || offset > MAX_OFFSET) {
            throw new InvalidBatchException(
                    "offset " + offset + " is outside 0 … 9223372036854775806 (2^63−2)", offsetCount);
        }
        if (offset <= highest && !anyOrder) {
            throw new InvalidBatchException(
                    offset == highest
                            ? "the offset " + offset + " stands there twice"
                            : "offsets must be strictly increasing, but " + offset + " comes after " + highest,
                    offsetCount);
        }
        unsorted |= offset <= highest;
        lowest = offsetCount == 0 ? offset : Math.min(lowest, offset);
        highest = Math.max(highest, offset);
        offsetCount++;
    }

    private void append(long offset, byte[] buffer, int start, int length) {
        INT.set(header, 0, length);
        LONG.set(header, HASH_AT, hashed ? hash(buffer, start, length) : 0);
        LONG.set(header, OFFSET_AT, offset);
        records.append(header, buffer, start, length);
        count++;
        bytes += length;
    }

    /** Returns how many records there are so far. */
    public long count() {
        return count;
    }

    /** Closes a batch whose records have the offsets {@code first}, {@code first} + 1, … */
    public Batch dense(long first) {
        requireRoom(first, count);
        return finish(new Batch(first, first + count, count, bytes, false, records, OffsetSource.counted(first)));
    }

    /** Closes a batch that covers nothing but the offsets that were added. */
    public Batch scattered() {
        requireOffsets();
        if (count == 0) {
            throw new InvalidBatchException("the batch has no record and covers no range", -1);
        }
        return sorted(lowest, highest + 1, true);
    }

    /** Closes a batch that covers {@code [first, end)} with the offsets that were added. */
    public Batch sparse(long first, long end) {
        if (first < 0 || first > end) {
            throw new InvalidBatchException(
                    "the range [" + first + ", " + end + ") is not one: first must be 0 or more and not above end", -1);
        }
        requireOffsets();
        if (offsetCount > 0 && lowest < first) {
            throw new InvalidBatchException("offset " + lowest + " is below the range [" + first + ", " + end + ")", 0);
        }
        if (offsetCount > 0 && highest >= end) {
            throw outside(first, end);
        }
        return sorted(first, end, false);
    }

    /**
     * Closes a batch that covers {@code [first, first + total)}, and moves its records there: the offsets that they
     * were added with count from the first.
     */
    public Batch moved(long first, long total) {
        requireRoom(first, total);
        return finish(new Batch(first, first + total, count, bytes, false, records, OffsetSource.moved(first)));
    }

    private static void requireRoom(long first, long records) {
        if (first < 0 || first > MAX_OFFSET) {
            throw new InvalidBatchException("offset " + first + " is outside 0 … 9223372036854775806 (2^63−2)", -1);
        }
        if (first > Long.MAX_VALUE - records) {
            throw new InvalidBatchException(
                    records + " records from offset " + first + " on reach beyond the last offset, 2^63−2", -1);
        }
    }

    private void requireOffsets() {
        if (offsetCount != count) {
            throw new InvalidBatchException(
                    "there are " + offsetCount + " offsets for " + count + " records", Math.min(offsetCount, count));
        }
    }

    private Batch sorted(long first, long end, boolean scattered) {
        Batch batch = new Batch(first, end, count, bytes, scattered, records, OffsetSource.given(offsets));
        if (!unsorted) {
            return finish(batch);
        }
        if (bytes > storage.memoryPerBatch()) {
            throw new InvalidBatchException(
                    "a batch of more than sluice.spool.memory-per-batch=" + storage.memoryPerBatch()
                            + " bytes must have its offsets in rising order",
                    -1);
        }
        List<SinkRecord> byOffset = new ArrayList<>();
        BatchReader reader = batch.reader();
        while (reader.next()) {
            byOffset.add(reader.record());
        }
        byOffset.sort(Comparator.comparingLong(SinkRecord::offset));
        try (BatchBuilder inOrder = new BatchBuilder(storage, false)) {
            for (SinkRecord record : byOffset) {
                byte[] value = record.toByteArray();
                inOrder.add(record.offset(), value, 0, value.length);
            }
            Batch result = scattered ? inOrder.scattered() : inOrder.sparse(first, end);
            batch.close();
            return result;
        }
    }

    private InvalidBatchException outside(long first, long end) {
        BatchReader reader = new BatchReader(count, records, OffsetSource.given(offsets));
        long index = 0;
        while (reader.next() && reader.offset() < end) {
            index++;
        }
        return new InvalidBatchException(
                "offset " + reader.offset() + " is not below the end of the range [" + first + ", " + end + ")", index);
    }

    private Batch finish(Batch batch) {
        finished = true;
        return batch;
    }

    /** Releases what was collected, unless a batch was made of it. */
    @Override
    public void close() {
        if (!finished) {
            records.close();
            if (offsets != null) {
                offsets.close();
            }
        }
    }
}
