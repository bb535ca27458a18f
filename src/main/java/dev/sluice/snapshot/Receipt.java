package dev.sluice.snapshot;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One row of the ledger: what was committed between {@code first} and {@code end} – by one batch, or by several that
 * follow each other and were committed together.
 *
 * @param count records in the range
 * @param hashes 8 bytes a record, big-endian
 * @param offsets the same for the records' offsets; null where they follow each other from {@code first} on
 * @param batchEnds where its batches end, 8 bytes each, without the last one, which is {@code end}; null for one batch.
 *     Those at or above {@code end} were cut off
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
        byte @Nullable [] batchEnds,
        @Nullable Instant committedAt) {

    /* A row of a few kilobytes: what joining saves is the row, of which a large batch has one for thousands of records. */
    private static final int JOINED_RECORDS = 1_000;

    /** Returns whether {@code next} can be kept in the same row: batches without holes, one after the other. */
    boolean joins(Receipt next) {
        return end == next.first
                && fencingToken == next.fencingToken
                && offsets == null
                && next.offsets == null
                && count + next.count <= JOINED_RECORDS;
    }

    /** Returns one row for both, of which {@code next} {@link #joins} this one. */
    Receipt join(Receipt next) {
        ByteBuffer ends = ByteBuffer.allocate(length(batchEnds) + Long.BYTES + length(next.batchEnds));
        put(ends, batchEnds);
        ends.putLong(end);
        put(ends, next.batchEnds);
        ByteBuffer joined = ByteBuffer.allocate(hashes.length + next.hashes.length);
        joined.put(hashes).put(next.hashes);
        return new Receipt(
                first, next.end, fencingToken, count + next.count, joined.array(), null, ends.array(), committedAt);
    }

    private static int length(byte @Nullable [] bytes) {
        return bytes == null ? 0 : bytes.length;
    }

    private static void put(ByteBuffer to, byte @Nullable [] bytes) {
        if (bytes != null) {
            to.put(bytes);
        }
    }

    /** Returns one receipt for each batch, without hashes. */
    List<Receipt> batches() {
        if (batchEnds == null) {
            return List.of(this);
        }
        List<Receipt> batches = new ArrayList<>();
        long from = first;
        for (ByteBuffer ends = ByteBuffer.wrap(batchEnds); ends.hasRemaining(); ) {
            long to = ends.getLong();
            // A row that was cut keeps the ends above.
            if (to >= end) {
                break;
            }
            batches.add(withoutHashes(from, to));
            from = to;
        }
        batches.add(withoutHashes(from, end));
        return batches;
    }

    private Receipt withoutHashes(long from, long to) {
        return new Receipt(from, to, fencingToken, (int) (to - from), new byte[0], null, null, committedAt);
    }

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
                batchEnds,
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
