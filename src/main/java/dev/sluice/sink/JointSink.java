package dev.sluice.sink;

import java.sql.Connection;
import java.util.Optional;

/**
 * A sink in Sluice's own PostgreSQL database that takes records of several of its partitions at once: the service then
 * commits batches that wait for different partitions together. All its partitions are {@link TransactionalPartition
 * transactional}.
 */
public interface JointSink extends RawSink {

    /**
     * Looks at the target as it is in this transaction, and keeps it so until the transaction ends.
     *
     * <p>Called once in each transaction that does not {@link #rely} on an earlier one, before {@link #join} and before
     * anything is acknowledged, also where nothing is to be written: a repetition is no duplicate in a target that has lost the record. Throws
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

    /**
     * Begins to write as {@link #join} does, but without {@link #inspect}: by what earlier transactions found, which the
     * write's {@link JointWrite#lastLook} compares. Empty where the target has to be inspected first.
     */
    default Optional<JointWrite> rely(Connection transaction, long records) {
        return Optional.empty();
    }

    /**
     * Begins to write records of one partition as {@link #join} does, but without those that the target refuses. Called
     * after it has refused some. Empty where the target cannot go on without them in the same transaction.
     *
     * @param most how many may be refused
     */
    default Optional<SiftingWrite> sift(Connection transaction, long records, int most) {
        return Optional.empty();
    }

    /**
     * Whether a record takes the place of what an earlier one has written: then one that is written late takes back what
     * came after it.
     */
    default boolean overwrites() {
        return false;
    }

    @Override
    default boolean transactional() {
        return true;
    }

    @Override
    default boolean groups() {
        return true;
    }
}
