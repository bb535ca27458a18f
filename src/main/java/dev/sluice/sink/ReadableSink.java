package dev.sluice.sink;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A sink whose records can be read back, for people who watch them arrive. Positions are offsets, or bytes of the
 * partition's file ({@link #countsBytes}). Nothing here waits for a lock, keeps a transaction, or touches a partition.
 */
public interface ReadableSink {

    /**
     * Some of what is committed.
     *
     * @param first the record's first position: its offset, or where its line begins
     * @param last its last position: its offset again, or where its line ends
     * @param json the record as JSON, or the beginning of it
     * @param bytes of the whole record
     * @param whole whether {@code json} is all of it
     */
    record Excerpt(long first, long last, String json, long bytes, boolean whole) {}

    /** The most bytes or characters of a record that an excerpt has. */
    int MOST_OF_A_RECORD = 8 * 1024;

    /** Whether records can be read back with this sink's settings; if not, only positions can be shown. */
    boolean readable();

    /** Whether positions are bytes and not offsets. */
    default boolean countsBytes() {
        return false;
    }

    /**
     * Returns the exclusive end of what is committed, as a position.
     *
     * @param state the partition's committed state as JSON
     */
    default long end(long nextOffset, @Nullable String state) {
        return nextOffset;
    }

    /**
     * Reads what is committed from each of some positions on, with one statement for all of them: where there is more
     * than {@code most}, one half of that from the beginning and the other from the end. Records that came or went
     * since {@code end} was known may be missing, and none is there that is not committed.
     *
     * @param positions each below {@code end}
     * @return for each position, in their order, records in the order of positions
     */
    List<List<Excerpt>> read(String partition, List<Long> positions, long end, int most);
}
