package dev.sluice.commit;

import dev.sluice.commit.WriteOutcome.Written;
import dev.sluice.live.LivePartition;
import dev.sluice.live.LivePartitions;
import dev.sluice.sink.LostTargetException;
import dev.sluice.snapshot.PartitionKey;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Component;

/**
 * Commits batches for several partitions of a sink in one transaction, all or none. Beside the partitions' lanes: the
 * row locks keep both apart, as they do for replicas; always taken in the same order, so that none waits in a circle.
 */
@Component
public class SpanningCommit {

    /** A partition's outcome keeps all from being committed. */
    private static final class NotWritten extends RuntimeException {
        private static final long serialVersionUID = 1;
        private final transient WriteOutcome outcome;
        private final int index;

        private NotWritten(int index, WriteOutcome outcome) {
            super(null, null, false, false);
            this.index = index;
            this.outcome = outcome;
        }
    }

    private final Stores stores;
    private final LivePartitions partitions;
    private final Transactions transactions;
    private final Rejections rejections;

    SpanningCommit(Stores stores, LivePartitions partitions, Transactions transactions, Rejections rejections) {
        this.stores = stores;
        this.partitions = partitions;
        this.transactions = transactions;
        this.rejections = rejections;
    }

    /**
     * Commits entry by entry, the n-th to the n-th key.
     *
     * @return {@link Written} for each; or one outcome, of the entry that keeps all from being written
     */
    public SpanningOutcome commit(List<PartitionKey> keys, List<BatchEntry> entries) {
        return commit(keys, entries, true);
    }

    /** {@code again} is whether to look again at a target that is said to be lost. */
    private SpanningOutcome commit(List<PartitionKey> keys, List<BatchEntry> entries, boolean again) {
        boolean dryRun = entries.get(0).request().dryRun();
        try {
            return new SpanningOutcome(
                    transactions.run(dryRun, connection -> writeAll(keys, entries, connection), () -> {}), -1);
        } catch (NotWritten e) {
            return new SpanningOutcome(List.of(e.outcome), e.index);
        } catch (RuntimeException e) {
            Optional<RuntimeException> failure = again && e instanceof LostTargetException
                    ? partitions.stillLost(keys.get(0).sink(), e)
                    : Optional.of(e);
            if (failure.isEmpty()) {
                return commit(keys, entries, false);
            }
            if (!FailureClassifier.isRejection(failure.get())) {
                throw FailureClassifier.classify(failure.get());
            }
            return explain(keys, entries, failure.get());
        }
    }

    private List<WriteOutcome> writeAll(List<PartitionKey> keys, List<BatchEntry> entries, Connection connection) {
        List<WriteOutcome> outcomes = new ArrayList<>(keys.size());
        Inspection inspection = new Inspection(keys.get(0).sink(), connection);
        for (int i = 0; i < keys.size(); i++) {
            WriteOutcome outcome = write(keys.get(i), entries.get(i), inspection, connection);
            if (!(outcome instanceof Written)) {
                throw new NotWritten(i, outcome);
            }
            outcomes.add(outcome);
        }
        return outcomes;
    }

    /** One look at the target, whichever partition needs it first. */
    private final class Inspection {

        private final String sink;
        private final Connection connection;
        private boolean done;

        Inspection(String sink, Connection connection) {
            this.sink = sink;
            this.connection = connection;
        }

        void run() {
            if (!done) {
                partitions.inspect(sink, connection);
                done = true;
            }
        }
    }

    private WriteOutcome write(PartitionKey key, BatchEntry entry, Inspection inspection, Connection connection) {
        List<LivePartition<?, ?>> built = new ArrayList<>(1);
        try {
            return new GroupTransaction(
                            key,
                            stores,
                            locked -> {
                                built.add(partitions.fresh(key, locked));
                                return built.get(0);
                            },
                            locked -> inspection.run(),
                            connection)
                    .run(List.of(entry))
                    .outcomes()
                    .get(0);
        } finally {
            built.forEach(LivePartition::close);
        }
    }

    /** Finds the entry with the records that the target refuses; each is tried alone and rolled back. */
    private SpanningOutcome explain(List<PartitionKey> keys, List<BatchEntry> entries, RuntimeException refusal) {
        for (int i = 0; i < keys.size(); i++) {
            int index = i;
            try {
                transactions.run(
                        true, connection -> tryAlone(keys.get(index), entries.get(index), connection), () -> {});
            } catch (RuntimeException e) {
                if (FailureClassifier.isRejection(e)) {
                    return new SpanningOutcome(List.of(rejections.explain(keys.get(i), entries.get(i), e)), i);
                }
                throw FailureClassifier.classify(e);
            }
        }
        throw new PartitionFailure(
                PartitionFailure.Kind.TARGET_BROKEN,
                "the target refuses the batches of all partitions together, but each alone passes: "
                        + refusal.getMessage(),
                refusal);
    }

    private WriteOutcome tryAlone(PartitionKey key, BatchEntry entry, Connection connection) {
        WriteOutcome outcome = write(key, entry, new Inspection(key.sink(), connection), connection);
        stores.snapshots().checkDeferredConstraints();
        return outcome;
    }
}
