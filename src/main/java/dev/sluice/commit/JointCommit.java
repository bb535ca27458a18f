package dev.sluice.commit;

import dev.sluice.live.LivePartitions;
import dev.sluice.sink.JointSink;
import dev.sluice.sink.LostTargetException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Commits batches of many partitions of one sink in one transaction. If that fails because of one of them, each half is
 * tried by itself, and so on, so that all others commit. Thread-safe.
 */
@Component
class JointCommit {

    private static final Logger log = LoggerFactory.getLogger(JointCommit.class);

    private final Stores stores;
    private final LivePartitions partitions;
    private final Transactions transactions;
    private final GroupCommit alone;

    JointCommit(Stores stores, LivePartitions partitions, Transactions transactions, GroupCommit alone) {
        this.stores = stores;
        this.partitions = partitions;
        this.transactions = transactions;
        this.alone = alone;
    }

    /**
     * Answers every batch, except those of the shares that it returns: their rows are held by somebody else, or they are
     * to blame for a failure, so that each has to be committed {@link #alone}.
     */
    List<Share> commit(JointSink sink, List<Share> shares) {
        return commit(sink, shares, true);
    }

    /** {@code again} is whether to look again at a target that is said to be lost. */
    private List<Share> commit(JointSink sink, List<Share> shares, boolean again) {
        String id = shares.get(0).key().sink();
        try {
            List<Optional<List<WriteOutcome>>> outcomes = transactions.run(
                    false,
                    connection -> new JointTransaction(
                                    id, sink, () -> partitions.writtenBy(id, sink), stores, connection)
                            .run(shares),
                    () -> {});
            return committed(shares, outcomes);
        } catch (RuntimeException e) {
            Optional<RuntimeException> failure =
                    again && e instanceof LostTargetException ? partitions.stillLost(id, e) : Optional.of(e);
            return failure.isPresent() ? failed(sink, shares, failure.get()) : commit(sink, shares, false);
        }
    }

    private static List<Share> committed(List<Share> shares, List<Optional<List<WriteOutcome>>> outcomes) {
        List<Share> left = new ArrayList<>();
        for (int i = 0; i < shares.size(); i++) {
            Share share = shares.get(i);
            outcomes.get(i).ifPresentOrElse(share::answer, () -> left.add(share));
        }
        return left;
    }

    private List<Share> failed(JointSink sink, List<Share> shares, RuntimeException e) {
        if (!FailureClassifier.mayBeOneBatch(e)) {
            PartitionFailure failure = FailureClassifier.classify(e);
            shares.forEach(share -> share.fail(failure));
            return List.of();
        }
        if (shares.size() == 1) {
            return shares;
        }
        log.info("Batches for {} partitions could not be committed together, trying each half", shares.size());
        int half = shares.size() / 2;
        List<Share> left = new ArrayList<>(commit(sink, shares.subList(0, half)));
        left.addAll(commit(sink, shares.subList(half, shares.size())));
        return left;
    }

    /** Commits the batches of one partition, and waits for its row. */
    void alone(Share share) {
        alone.commit(share.key(), share.batches(), share.keep());
    }
}
