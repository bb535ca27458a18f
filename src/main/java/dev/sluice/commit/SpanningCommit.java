package dev.sluice.commit;

import dev.sluice.commit.WriteOutcome.Written;
import dev.sluice.deadletter.DeadLetterLimitException;
import dev.sluice.live.LivePartition;
import dev.sluice.live.LivePartitions;
import dev.sluice.sink.LostTargetException;
import dev.sluice.snapshot.PartitionKey;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.stream.IntStream;
import org.springframework.stereotype.Component;

/**
 * Commits batches for several partitions of a sink in one round, all or none. Beside the partitions' lanes: the row locks
 * keep both apart, as they do for replicas; always taken in the same order, so that none waits in a circle.
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
    private final SideBySide sideBySide;
    private final CommitMeters meters;

    SpanningCommit(
            Stores stores,
            LivePartitions partitions,
            Transactions transactions,
            Rejections rejections,
            SideBySide sideBySide,
            CommitMeters meters) {
        this.stores = stores;
        this.partitions = partitions;
        this.transactions = transactions;
        this.rejections = rejections;
        this.sideBySide = sideBySide;
        this.meters = meters;
    }

    /**
     * Commits entry by entry, the n-th to the n-th key.
     *
     * @param lane the one for what spans all partitions
     * @return {@link Written} for each; or one outcome, of the entry that keeps all from being written
     */
    public SpanningOutcome commit(Lane lane, List<PartitionKey> keys, List<BatchEntry> entries) {
        List<Share> shares = new ArrayList<>(keys.size());
        for (int i = 0; i < keys.size(); i++) {
            shares.add(new Share(keys.get(i), List.of(entries.get(i)), lane));
        }
        meters.begin(CommitMeters.Kind.KEYED, shares);
        return commit(shares, true);
    }

    /** {@code again} is whether to look again at a target that is said to be lost. */
    private SpanningOutcome commit(List<Share> shares, boolean again) {
        boolean dryRun = shares.get(0).batches().get(0).request().dryRun();
        try {
            return new SpanningOutcome(
                    meters.timed(
                            CommitMeters.Kind.KEYED,
                            () -> transactions.run(dryRun, connection -> writeAll(shares, connection), () -> {})),
                    -1);
        } catch (NotWritten e) {
            Share share = shares.get(e.index);
            BatchEntry batch = share.batches().get(0);
            if (!(e.outcome instanceof WriteOutcome.Rejected rejected && rejected.mayBeMore())) {
                return new SpanningOutcome(List.of(e.outcome), e.index);
            }
            if (!rejected.complete() && batch.narrow(() -> rejections.known(share.key(), batch))) {
                return commit(shares, again);
            }
            WriteOutcome.Rejected all = rejections.complete(share.key(), batch, rejected);
            return batch.aside().take(all) || rejections.permit(share.key(), batch, all)
                    ? commit(shares, again)
                    : new SpanningOutcome(List.of(batch.aside().told(all)), e.index);
        } catch (DeadLetterLimitException e) {
            SpanningOutcome limited = limited(shares, e);
            Share share = shares.get(limited.failedAt());
            return rejections.permit(share.key(), share.batches().get(0), (WriteOutcome.Rejected)
                            limited.outcomes().get(0))
                    ? commit(shares, again)
                    : limited;
        } catch (RuntimeException e) {
            Optional<RuntimeException> failure = again && e instanceof LostTargetException
                    ? partitions.stillLost(shares.get(0).key().sink(), e)
                    : Optional.of(e);
            if (failure.isEmpty()) {
                return commit(shares, false);
            }
            if (!FailureClassifier.isRejection(failure.get())) {
                throw FailureClassifier.classify(failure.get());
            }
            Optional<SpanningOutcome> explained = explain(shares, failure.get());
            return explained.isPresent() ? explained.get() : commit(shares, again);
        }
    }

    private static SpanningOutcome limited(List<Share> shares, DeadLetterLimitException limit) {
        int index = IntStream.range(0, shares.size())
                .filter(i -> shares.get(i).key().partition().equals(limit.partition()))
                .findFirst()
                .orElseThrow();
        return new SpanningOutcome(
                List.of(new WriteOutcome.Rejected(limit.refused(), true, null, limit.getMessage())), index);
    }

    private List<WriteOutcome> writeAll(List<Share> shares, Connection connection) {
        List<LivePartition<?, ?>> built = new ArrayList<>();
        Round.Source fresh = (share, locked) -> {
            LivePartition<?, ?> partition = partitions.fresh(share.key(), locked);
            built.add(partition);
            return partition;
        };
        try {
            return new Round(
                            shares,
                            Round.Mode.WHOLE,
                            new Round.Means(stores, partitions, fresh, sideBySide),
                            connection)
                    .run(SpanningCommit::requireAllWritten).stream()
                            .map(member -> member.outcomes().get(0))
                            .toList();
        } finally {
            built.forEach(LivePartition::close);
        }
    }

    private static void requireAllWritten(List<Member> members) {
        for (int i = 0; i < members.size(); i++) {
            WriteOutcome outcome = members.get(i).outcomes().get(0);
            if (!(outcome instanceof Written)) {
                throw new NotWritten(i, outcome);
            }
        }
    }

    /**
     * Finds the entry with the records that the target refuses; each is tried alone and rolled back. Empty if all that is
     * refused becomes dead letters: then the rest is to be tried again.
     */
    private Optional<SpanningOutcome> explain(List<Share> shares, RuntimeException refusal) {
        boolean settles = false;
        for (int i = 0; i < shares.size(); i++) {
            Share share = shares.get(i);
            BatchEntry batch = share.batches().get(0);
            try {
                transactions.run(true, connection -> tryAlone(share, connection), () -> {});
            } catch (DeadLetterLimitException e) {
                return Optional.of(limited(shares, e));
            } catch (RuntimeException e) {
                if (!FailureClassifier.isRejection(e)) {
                    throw FailureClassifier.classify(e);
                }
                WriteOutcome.Rejected rejected = rejections.explain(share.key(), batch, e);
                if (!batch.aside().take(rejected) && !rejections.permit(share.key(), batch, rejected)) {
                    return Optional.of(new SpanningOutcome(List.of(batch.aside().told(rejected)), i));
                }
                settles = true;
            }
        }
        return settles ? Optional.empty() : explainTogether(shares, refusal);
    }

    /* Each alone passes, so that records of different partitions exclude each other: refused is what comes later. */
    private Optional<SpanningOutcome> explainTogether(List<Share> shares, RuntimeException refusal) {
        SortedMap<Integer, WriteOutcome.Rejected> refused = rejections.explainTogether(shares);
        for (Map.Entry<Integer, WriteOutcome.Rejected> entry : refused.entrySet()) {
            Share share = shares.get(entry.getKey());
            BatchEntry batch = share.batches().get(0);
            WriteOutcome.Rejected rejected = entry.getValue();
            if (!batch.aside().take(rejected) && !rejections.permit(share.key(), batch, rejected)) {
                return Optional.of(new SpanningOutcome(List.of(batch.aside().told(rejected)), entry.getKey()));
            }
        }
        if (!refused.isEmpty()) {
            return Optional.empty();
        }
        throw new PartitionFailure(
                PartitionFailure.Kind.TARGET_BROKEN,
                "the target refuses the batches of all partitions together, but each of their records passes: "
                        + refusal.getMessage(),
                refusal);
    }

    private List<WriteOutcome> tryAlone(Share share, Connection connection) {
        List<WriteOutcome> outcomes = writeAll(List.of(share), connection);
        stores.snapshots().checkDeferredConstraints();
        return outcomes;
    }
}
