package dev.sluice.commit;

import com.zaxxer.hikari.HikariDataSource;
import dev.sluice.commit.PartitionFailure.Kind;
import dev.sluice.live.LivePartition;
import dev.sluice.live.LivePartitions;
import dev.sluice.live.UnconfirmedRowException;
import dev.sluice.snapshot.PartitionKey;
import java.sql.Connection;
import java.util.Objects;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.stereotype.Component;
import org.springframework.transaction.HeuristicCompletionException;
import org.springframework.transaction.support.TransactionTemplate;

/** The transactions that partitions are written in: only so many at once, and repeated where that helps. */
@Component
public class Transactions {

    private static final int REPETITIONS = 5;

    private final Stores stores;
    private final LivePartitions partitions;
    private final TransactionTemplate transactions;
    private final DataSource dataSource;
    private final LaneProperties properties;
    /* Fair, so that no lane starves; without it they would queue for connections, which gives up after 2 s. */
    private final Semaphore permits;

    Transactions(
            Stores stores,
            LivePartitions partitions,
            TransactionTemplate transactions,
            DataSource dataSource,
            LaneProperties properties) {
        this.stores = stores;
        this.partitions = partitions;
        this.transactions = transactions;
        this.dataSource = dataSource;
        this.properties = properties;
        requireConnectionsToSpare(dataSource, properties);
        this.permits = new Semaphore(properties.concurrentCommits(), true);
    }

    /* With every connection in a commit, reads and health checks would find none. */
    private static void requireConnectionsToSpare(DataSource dataSource, LaneProperties properties) {
        if (dataSource instanceof HikariDataSource pool
                && properties.concurrentCommits() >= pool.getMaximumPoolSize()) {
            throw new IllegalArgumentException("sluice.lanes.concurrent-commits (" + properties.concurrentCommits()
                    + ") must be below spring.datasource.hikari.maximum-pool-size (" + pool.getMaximumPoolSize() + ")");
        }
    }

    /**
     * Runs {@code work} in a transaction; again, if it needs the partition in memory and the partition's row was not
     * durable yet. If anything fails, the partition in memory is dropped.
     */
    public <T> T run(PartitionKey key, boolean rollBack, Function<Connection, T> work) {
        boolean kept = false;
        try {
            T result = onceConfirmed(key, () -> run(rollBack, work, () -> partitions.discard(key)));
            kept = !rollBack;
            return result;
        } finally {
            if (!kept) {
                partitions.discard(key);
            }
        }
    }

    private <T> T onceConfirmed(PartitionKey key, Supplier<T> work) {
        try {
            for (int repetition = 1; ; repetition++) {
                try {
                    return work.get();
                } catch (UnconfirmedRowException e) {
                    if (repetition == REPETITIONS) {
                        throw new PartitionFailure(
                                Kind.BUSY, "the partition was opened anew whenever this replica took it over", e);
                    }
                    confirm(key);
                }
            }
        } finally {
            partitions.forgetConfirmed(key);
        }
    }

    /* The lock alone makes the commit wait for whatever the database waits for. */
    private void confirm(PartitionKey key) {
        try {
            partitions.confirm(key, run(false, connection -> stores.snapshots().lock(key), () -> {}));
        } catch (HeuristicCompletionException e) {
            throw new PartitionFailure(
                    Kind.STORAGE_UNAVAILABLE,
                    "nothing was written: it could not be made sure that the database keeps where the partition stands",
                    e);
        }
    }

    /** Runs {@code work} in a transaction that needs no partition in memory. */
    public <T> T run(boolean rollBack, Function<Connection, T> work) {
        return run(rollBack, work, () -> {});
    }

    /** Runs {@code work} in a transaction; {@code again} is called before it is repeated. */
    <T> T run(boolean rollBack, Function<Connection, T> work, Runnable again) {
        takePermit();
        try {
            for (int repetition = 1; ; repetition++) {
                try {
                    return Objects.requireNonNull(transactions.execute(status -> {
                        if (rollBack) {
                            status.setRollbackOnly();
                        }
                        return work.apply(DataSourceUtils.getConnection(dataSource));
                    }));
                } catch (RuntimeException e) {
                    if (repetition == REPETITIONS || !FailureClassifier.passesOnRepetition(e)) {
                        throw e;
                    }
                    again.run();
                }
            }
        } finally {
            permits.release();
        }
    }

    private void takePermit() {
        boolean taken = false;
        try {
            taken = permits.tryAcquire(properties.maxWait().toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (!taken) {
            throw new PartitionFailure(
                    Kind.OVERLOADED,
                    properties.concurrentCommits() + " commits were under way for " + properties.maxWait()
                            + " and none ended (sluice.lanes.concurrent-commits)",
                    null);
        }
    }

    /** Brings a partition's target to where its snapshot stands. */
    public void reconcile(PartitionKey key) {
        run(key, false, connection -> {
            LivePartition<?, ?> live = partitions.at(key, stores.snapshots().lock(key));
            live.join(connection);
            return live;
        });
    }
}
