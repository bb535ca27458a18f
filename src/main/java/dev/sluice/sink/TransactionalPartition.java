package dev.sluice.sink;

import java.sql.Connection;

/**
 * A {@link StatefulSinkPartition} that writes to Sluice's own PostgreSQL database, through the transaction that stores
 * the snapshot: records and snapshot become visible together or not at all.
 */
public interface TransactionalPartition {

    /**
     * Hands over the connection of the transaction that the following calls belong to, until the next
     * {@code join}.
     *
     * <p>Auto-commit is off. Do not commit, roll back, close, or change settings that outlive the transaction.
     */
    void join(Connection transaction);
}
