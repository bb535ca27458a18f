package dev.sluice.sink;

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

    /** Gives back what it holds, whether all was flushed or not. */
    void close();
}
