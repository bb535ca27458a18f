package dev.sluice.sink;

import java.sql.Connection;

/**
 * A sink in Sluice's own PostgreSQL database that takes records of several of its partitions at once: the service then
 * commits batches that wait for different partitions together. All its partitions are {@link TransactionalPartition
 * transactional}.
 */
public interface JointSink extends RawSink {

    /**
     * Looks at the target as it is in this transaction, and keeps it so until the transaction ends.
     *
     * <p>Called once in each transaction, before {@link #join} and before anything is acknowledged, also where nothing
     * is to be written: a repetition is no duplicate in a target that has lost the record. Throws
     * {@link LostTargetException}, or another {@link SinkException}, where the target cannot take the records.
     */
    default void inspect(Connection transaction) {}

    /**
     * Begins to write through the transaction of a connection.
     *
     * <p>Auto-commit is off. Do not commit, roll back, close, or change settings that outlive the transaction. Called
     * by many threads at once, each with a transaction of its own.
     *
     * @param records how many will be written
     */
    JointWrite join(Connection transaction, long records);

    @Override
    default boolean transactional() {
        return true;
    }

    @Override
    default boolean groups() {
        return true;
    }
}
