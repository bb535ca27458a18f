package dev.sluice.batch;

/**
 * Records and the half-open range {@code [first, end)} of offsets that they cover; complete, valid and hashed.
 * Can be read several times; one reader at a time.
 */
public final class Batch implements AutoCloseable {

    private final long first;
    private final long end;
    private final long count;
    private final long bytes;
    private final boolean scattered;
    private final Spool records;
    private final OffsetSource offsets;

    Batch(long first, long end, long count, long bytes, boolean scattered, Spool records, OffsetSource offsets) {
        this.first = first;
        this.end = end;
        this.count = count;
        this.bytes = bytes;
        this.scattered = scattered;
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

    /** Whether it covers nothing but the offsets of its records, rather than all from first to end. */
    public boolean scattered() {
        return scattered;
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
        return new BatchReader(count, records, offsets);
    }

    /** Releases memory and disk. */
    @Override
    public void close() {
        records.close();
        Spool listed = offsets.listed();
        if (listed != null) {
            listed.close();
        }
    }
}
