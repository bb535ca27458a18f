package dev.sluice.commit;

import com.zaxxer.hikari.HikariDataSource;
import dev.sluice.batch.BatchReader;
import dev.sluice.commit.PartitionFailure.Kind;
import dev.sluice.commit.WriteOutcome.Rejected;
import dev.sluice.live.LivePartition;
import dev.sluice.live.LivePartitions;
import dev.sluice.sink.RejectedRecord;
import dev.sluice.sink.SinkException;
import dev.sluice.sink.SinkRecord;
import dev.sluice.snapshot.PartitionKey;
import dev.sluice.snapshot.ReceiptStore;
import dev.sluice.snapshot.Snapshot;
import dev.sluice.snapshot.SnapshotStore;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Commits the batches of one partition that wait together, in one transaction. If that fails because of one of them,
 * each is tried alone, so that its neighbours commit. Thread-safe; called by a lane's leader.
 */
@Component
public class GroupCommit {

    private static final Logger log = LoggerFactory.getLogger(GroupCommit.class);
    private static final int REPETITIONS = 5;
    private static final int PROBED_AT_A_TIME = 1_000;

    private final SnapshotStore snapshots;
    private final ReceiptStore receipts;
    private final LivePartitions partitions;
    private final TransactionTemplate transactions;
    private final DataSource dataSource;
    private final LaneProperties properties;
    /* Fair, so that no lane starves; without it they would queue for connections, which gives up after 2 s. */
    private final Semaphore permits;

    GroupCommit(
            SnapshotStore snapshots,
            ReceiptStore receipts,
            LivePartitions partitions,
            TransactionTemplate transactions,
            DataSource dataSource,
            LaneProperties properties) {
        this.snapshots = snapshots;
        this.receipts = receipts;
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

    /** Answers every entry, except those whose outcome {@code keep} wants to keep back. */
    void commit(PartitionKey key, List<BatchEntry> entries, BiPredicate<BatchEntry, WriteOutcome> keep) {
        try {
            List<WriteOutcome> outcomes = withPermit(() -> commitTogether(key, entries));
            for (int i = 0; i < entries.size(); i++) {
                if (!keep.test(entries.get(i), outcomes.get(i))) {
                    entries.get(i).answer(outcomes.get(i));
                }
            }
        } catch (RuntimeException e) {
            if (entries.size() > 1 && FailureClassifier.mayBeOneBatch(e)) {
                log.info("{} batches for {} could not be committed together, trying each alone", entries.size(), key);
                entries.forEach(entry -> commit(key, List.of(entry), keep));
            } else if (FailureClassifier.isRejection(e)) {
                answerRejection(key, entries.get(0), e);
            } else {
                PartitionFailure failure = FailureClassifier.classify(e);
                entries.forEach(entry -> entry.fail(failure));
            }
        }
    }

    private List<WriteOutcome> commitTogether(PartitionKey key, List<BatchEntry> entries) {
        boolean dryRun = entries.get(0).request().dryRun();
        List<GroupTransaction> run = new ArrayList<>(1);
        List<WriteOutcome> outcomes = inTransaction(key, dryRun, connection -> {
            GroupTransaction group = new GroupTransaction(key, snapshots, receipts, partitions, connection);
            run.add(group);
            return group.run(entries);
        });
        if (!dryRun) {
            run.get(run.size() - 1).committed();
        }
        return outcomes;
    }

    /** Runs {@code work} in a transaction; whatever fails, the partition in memory is dropped. */
    public <T> T inTransaction(PartitionKey key, boolean rollBack, Function<Connection, T> work) {
        for (int repetition = 1; ; repetition++) {
            boolean kept = false;
            try {
                T result = transactions.execute(status -> {
                    if (rollBack) {
                        status.setRollbackOnly();
                    }
                    return work.apply(DataSourceUtils.getConnection(dataSource));
                });
                kept = !rollBack;
                return Objects.requireNonNull(result);
            } catch (RuntimeException e) {
                if (repetition == REPETITIONS || !FailureClassifier.passesOnRepetition(e)) {
                    throw e;
                }
            } finally {
                if (!kept) {
                    partitions.discard(key);
                }
            }
        }
    }

    /** The target refused something in a batch that was tried alone: finds out what. */
    private void answerRejection(PartitionKey key, BatchEntry entry, RuntimeException refusal) {
        if (refusal instanceof SinkException sink && !sink.rejected().isEmpty()) {
            entry.answer(new Rejected(sink.rejected(), true));
            return;
        }
        try {
            List<RejectedRecord> found =
                    withPermit(() -> inTransaction(key, true, connection -> probe(key, entry, connection)));
            if (found.isEmpty()) {
                entry.fail(new PartitionFailure(
                        Kind.TARGET_BROKEN,
                        "the target refuses the batch, but each of its records alone passes: " + refusal.getMessage(),
                        refusal));
            } else {
                entry.answer(new Rejected(found, found.size() < Refusals.MOST_LISTED));
            }
        } catch (RuntimeException e) {
            entry.fail(FailureClassifier.classify(e));
        }
    }

    private List<RejectedRecord> probe(PartitionKey key, BatchEntry entry, Connection connection) {
        Snapshot current = snapshots.read(key);
        LivePartition<?, ?> live = partitions.at(key, current);
        List<RejectedRecord> found = new ArrayList<>();
        if (!live.probes()) {
            return found;
        }
        live.join(connection);
        List<SinkRecord> piece = new ArrayList<>();
        BatchReader reader = entry.request().batch().reader();
        while (reader.next() && found.size() < Refusals.MOST_LISTED) {
            if (reader.offset() >= current.nextOffset()) {
                piece.add(reader.record());
            }
            if (piece.size() == PROBED_AT_A_TIME) {
                found.addAll(live.probe(piece));
                piece.clear();
            }
        }
        found.addAll(live.probe(piece));
        return found.subList(0, Math.min(found.size(), Refusals.MOST_LISTED));
    }

    /** Waits for one of the transactions that may run at once. */
    public <T> T withPermit(Supplier<T> work) {
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
        try {
            return work.get();
        } finally {
            permits.release();
        }
    }
}
