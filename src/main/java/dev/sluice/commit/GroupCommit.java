package dev.sluice.commit;

import dev.sluice.commit.GroupTransaction.Step;
import dev.sluice.commit.WriteOutcome.Written;
import dev.sluice.live.LivePartitions;
import dev.sluice.sink.LostTargetException;
import dev.sluice.snapshot.PartitionKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiPredicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Commits the batches of one partition that wait together, in one transaction. If that fails because of one of them,
 * each half is tried by itself, and so on, so that its neighbours commit. Thread-safe; called by a lane's leader.
 */
@Component
public class GroupCommit {

    private static final Logger log = LoggerFactory.getLogger(GroupCommit.class);

    private final Stores stores;
    private final LivePartitions partitions;
    private final Transactions transactions;
    private final Rejections rejections;

    GroupCommit(Stores stores, LivePartitions partitions, Transactions transactions, Rejections rejections) {
        this.stores = stores;
        this.partitions = partitions;
        this.transactions = transactions;
        this.rejections = rejections;
    }

    /** Answers every entry, except those whose outcome {@code keep} wants to keep back. */
    void commit(PartitionKey key, List<BatchEntry> entries, BiPredicate<BatchEntry, WriteOutcome> keep) {
        commit(key, entries, keep, true);
    }

    /** {@code again} is whether to look again at a target that is said to be lost. */
    private void commit(
            PartitionKey key, List<BatchEntry> entries, BiPredicate<BatchEntry, WriteOutcome> keep, boolean again) {
        List<BatchEntry> rest = entries;
        while (!rest.isEmpty()) {
            List<WriteOutcome> outcomes;
            try {
                outcomes = commitFirst(key, rest);
            } catch (RuntimeException e) {
                Optional<RuntimeException> failure = again && e instanceof LostTargetException
                        ? partitions.stillLost(key.sink(), e)
                        : Optional.of(e);
                if (failure.isPresent()) {
                    fail(key, rest, keep, failure.get());
                } else {
                    commit(key, rest, keep, false);
                }
                return;
            }
            for (int i = 0; i < outcomes.size(); i++) {
                if (!keep.test(rest.get(i), outcomes.get(i))) {
                    rest.get(i).answer(outcomes.get(i));
                }
            }
            rest = rest.subList(outcomes.size(), rest.size());
        }
    }

    private void fail(
            PartitionKey key,
            List<BatchEntry> entries,
            BiPredicate<BatchEntry, WriteOutcome> keep,
            RuntimeException e) {
        if (entries.size() > 1 && FailureClassifier.mayBeOneBatch(e)) {
            log.info("{} batches for {} could not be committed together, trying each half", entries.size(), key);
            int half = entries.size() / 2;
            commit(key, entries.subList(0, half), keep);
            commit(key, entries.subList(half, entries.size()), keep);
        } else if (FailureClassifier.isRejection(e)) {
            explain(key, entries.get(0), e);
        } else {
            PartitionFailure failure = FailureClassifier.classify(e);
            entries.forEach(entry -> entry.fail(failure));
        }
    }

    private void explain(PartitionKey key, BatchEntry entry, RuntimeException refusal) {
        try {
            entry.answer(rejections.explain(key, entry, refusal));
        } catch (RuntimeException e) {
            entry.fail(FailureClassifier.classify(e));
        }
    }

    /** Commits as many of the first entries as go together; none only if it has to be tried again. */
    private List<WriteOutcome> commitFirst(PartitionKey key, List<BatchEntry> entries) {
        boolean dryRun = entries.get(0).request().dryRun();
        List<GroupTransaction> run = new ArrayList<>(1);
        Step step = transactions.run(key, dryRun, connection -> {
            GroupTransaction group = new GroupTransaction(
                    key,
                    stores,
                    locked -> partitions.at(key, locked),
                    locked -> partitions.inspect(key, locked, connection),
                    connection);
            run.add(group);
            return group.run(entries);
        });
        if (!dryRun) {
            run.get(run.size() - 1).committed();
        }
        Consignment toSend = step.toSend();
        return toSend == null
                ? step.outcomes()
                : List.of(dispatch(key, toSend, entries.get(0).anyOrder()));
    }

    private WriteOutcome dispatch(PartitionKey key, Consignment consignment, boolean anyOrder) {
        Dispatch dispatch = new Dispatch(key, consignment, stores);
        boolean recorded = false;
        try {
            dispatch.send();
            Written written = record(key, dispatch, anyOrder);
            dispatch.committed();
            recorded = true;
            return written;
        } finally {
            if (!recorded) {
                partitions.discard(key);
                release(key);
            }
        }
    }

    /* The target has the batch, whatever keeps the database from saying so. */
    private Written record(PartitionKey key, Dispatch dispatch, boolean anyOrder) {
        try {
            return transactions.run(key, false, connection -> dispatch.record(anyOrder));
        } catch (RuntimeException e) {
            PartitionFailure failure = FailureClassifier.classify(e);
            throw failure.kind() == PartitionFailure.Kind.OUTCOME_UNKNOWN
                    ? failure
                    : new PartitionFailure(
                            PartitionFailure.Kind.OUTCOME_UNKNOWN,
                            "the batch was sent, but that it was could not be committed: " + failure.getMessage(),
                            e);
        }
    }

    /* Only a courtesy to other replicas: a claim that stays is this process's own, and ends with it. */
    private void release(PartitionKey key) {
        try {
            transactions.run(key, false, connection -> {
                stores.snapshots().lock(key);
                stores.claims().release(key);
                return key;
            });
        } catch (RuntimeException e) {
            log.debug("The claim on {} could not be given back", key, e);
        }
    }
}
