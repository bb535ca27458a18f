package dev.sluice.sink;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link FixedPartitionedSink} implements besides that keeps each record as a line, in the order of writing, and
 * can read the lines back, so that they can be compared with what was acknowledged.
 *
 * @param <S> the resume state
 */
public interface ReadableLines<S> {

    /** Is told of a line. */
    interface LineVisitor {

        /** Called for each line, without what ends it; false if no more are wanted. */
        boolean line(byte[] line);
    }

    /**
     * Visits the lines that a partition has at {@code state}, in order.
     *
     * @throws SinkException if they are not there, or cannot be read
     */
    void readLines(String forPart, @Nullable S state, LineVisitor visitor);

    /** Returns what a record may have been that was stored as this line, if it was not the line itself. */
    List<byte[]> originals(byte[] line);
}
