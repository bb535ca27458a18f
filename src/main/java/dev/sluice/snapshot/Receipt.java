package dev.sluice.snapshot;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One row of the ledger: what was committed between {@code first} and {@code end}.
 *
 * @param count records in the range
 * @param hashes 8 bytes a record, big-endian
 * @param offsets the same for the records' offsets; null where they follow each other from {@code first} on
 * @param committedAt null until it is stored
 */
@SuppressWarnings("ArrayRecordComponent") // never compared; a copy of 80 KB per row would buy nothing
public record Receipt(
        long first,
        long end,
        long fencingToken,
        int count,
        byte[] hashes,
        byte @Nullable [] offsets,
        @Nullable Instant committedAt) {

    /** Returns the offset of the record at {@code index}. */
    public long offsetAt(int index) {
        return offsets == null ? first + index : ByteBuffer.wrap(offsets).getLong(index * Long.BYTES);
    }

    /** Returns the hash of the record at {@code index}. */
    public long hashAt(int index) {
        return ByteBuffer.wrap(hashes).getLong(index * Long.BYTES);
    }

    /** Returns the part of this receipt below {@code newEnd}. */
    Receipt cutAt(long newEnd) {
        int kept = indexOf(newEnd);
        return new Receipt(
                first,
                newEnd,
                fencingToken,
                kept,
                Arrays.copyOf(hashes, kept * Long.BYTES),
                offsets == null || kept == newEnd - first ? null : Arrays.copyOf(offsets, kept * Long.BYTES),
                committedAt);
    }

    /** Returns the index of the first record at or above {@code offset}, {@code count} if there is none. */
    public int indexOf(long offset) {
        int low = 0;
        int high = count;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (offsetAt(middle) < offset) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
