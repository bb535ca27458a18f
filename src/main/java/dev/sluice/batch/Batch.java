package dev.sluice.batch;

import org.jspecify.annotations.Nullable;

/**
 * Records and the half-open range {@code [first, end)} of offsets that they cover; complete, valid and hashed.
 * Can be read several times; one reader at a time.
 */
public final class Batch implements AutoCloseable {

    private final long first;
    private final long end;
    private final long count;
    private final long bytes;
    private final long denseBase;
    private final Spool records;
    private final @Nullable Spool offsets;

    Batch(long first, long end, long count, long bytes, long denseBase, Spool records, @Nullable Spool offsets) {
        this.first = first;
        this.end = end;
        this.count = count;
        this.bytes = bytes;
        this.denseBase = denseBase;
        this.records = records;
        this.offsets = offsets;
    }

    /** Returns the first offset covered. */
    public long first() {
        return first;
    }

    /** Returns the first offset after those covered. */
    public long end() {
        return end;
    }

    /** Returns the number of records; fewer than {@code end − first} where there are holes. */
    public long count() {
        return count;
    }

    /** Returns the bytes of all values together. */
    public long bytes() {
        return bytes;
    }

    /** Starts reading at the first record. */
    public BatchReader reader() {
        return new BatchReader(denseBase, count, records.newReader(), offsets == null ? null : offsets.newReader());
    }

    /** Releases memory and disk. */
    @Override
    public void close() {
        records.close();
        if (offsets != null) {
            offsets.close();
        }
    }
}
