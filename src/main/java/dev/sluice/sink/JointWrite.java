package dev.sluice.sink;

import java.util.Optional;

/**
 * Records of several partitions on their way into one transaction. Nothing else uses the connection between the first
 * {@link #add} and {@link #flush}. Used by one thread, once.
 */
public interface JointWrite {

    /**
     * Adds the next record of a partition, in the order of its offsets; the partitions come in any order.
     *
     * <p>Throws {@link SinkException} where the target refuses or fails; then nothing of the transaction is committed.
     * Throws {@link RefusedPartitionsException} where only some partitions are to blame.
     */
    void add(String forPart, SinkRecord record);

    /** Brings all that was added into the transaction; throws as {@link #add} does. */
    void flush();

    /** Returns what has to be asked, once all is flushed, before the transaction may be committed. */
    default Optional<LastLook> lastLook() {
        return Optional.empty();
    }

    /** Gives back what it holds, whether all was flushed or not. */
    void close();
}
