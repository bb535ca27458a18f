package dev.sluice.sink;

import java.sql.Connection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link JointSink} implements besides whose rows can be read back, so that they can be compared with what was
 * acknowledged. Called with transactions that only read; must not change anything.
 */
public interface ReadableRows {

    /** Is told of a row. */
    interface RowVisitor {

        /**
         * Called for each row in the order of offsets.
         *
         * @param bytes of the record as it was sent; null where {@link #keptAs} says that the row does not tell
         */
        void row(long offset, byte @Nullable [] bytes);
    }

    /** Returns why rows do not tell which records they are of; empty if they do. */
    Optional<String> untold();

    /** Returns how rows keep records, where it is not as the bytes that were sent; empty if it is. */
    Optional<String> keptAs();

    /** Returns how many rows the partitions have at and above an offset; may take minutes. */
    long countRows(Connection transaction, List<String> partitions, long from);

    /** Visits the rows of {@code [from, end)} without holding more than a few thousand of them. */
    void readRows(Connection transaction, String forPart, long from, long end, RowVisitor visitor);
}
