package dev.sluice.resolution;

import dev.sluice.audit.Caller;
import dev.sluice.catalog.SinkDefinition;
import dev.sluice.commit.FailureClassifier;
import dev.sluice.commit.Stores;
import dev.sluice.commit.Transactions;
import dev.sluice.live.LivePartition;
import dev.sluice.live.LivePartitions;
import dev.sluice.partition.IntakeGate;
import dev.sluice.problem.Problem;
import dev.sluice.problem.ProblemType;
import dev.sluice.resolution.LetterRows.Choice;
import dev.sluice.sink.JointSink;
import dev.sluice.sink.JointWrite;
import dev.sluice.sink.LateSink;
import dev.sluice.sink.RejectedRecord;
import dev.sluice.sink.SinkException;
import dev.sluice.sink.SinkRecord;
import dev.sluice.snapshot.PartitionKey;
import dev.sluice.snapshot.Snapshot;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Writes dead letters to their target after all, or gives them up. What is written and that it is are one transaction,
 * under the lock of the partition's row: however many try at once, a record is written once.
 */
@Component
class Replays {

    /** What keeps a dead letter from being written, with the action by which it is told. */
    static final String REPLAY = "dead-letter-replay";

    static final String DISCARD = "dead-letter-discard";

    /**
     * Who acts, and why.
     *
     * @param caller who asked for it
     */
    record By(Caller caller, String reason) {}

    /**
     * What became of dead letters.
     *
     * @param done offsets of those that are settled now, in order
     * @param refused those that the target still refuses
     * @param auditId of the act, null where nothing was settled
     */
    record Outcome(
            List<Long> done,
            List<RejectedRecord> refused,
            @Nullable Long auditId) {}

    private final Stores stores;
    private final Transactions transactions;
    private final LivePartitions partitions;
    private final LetterRows rows;
    private final LateReplays lateReplays;
    private final IntakeGate gate;
    private final LetterTrail trail;

    Replays(
            Stores stores,
            Transactions transactions,
            LivePartitions partitions,
            LetterRows rows,
            LateReplays lateReplays,
            IntakeGate gate,
            LetterTrail trail) {
        this.stores = stores;
        this.transactions = transactions;
        this.partitions = partitions;
        this.rows = rows;
        this.lateReplays = lateReplays;
        this.gate = gate;
        this.trail = trail;
    }

    /**
     * Writes the chosen dead letters of a partition, or some of them; those that are refused stay as they are.
     *
     * @param also is called in the transaction that settles them
     */
    Outcome replay(SinkDefinition sink, PartitionKey key, Choice choice, By by, BiConsumer<Outcome, Connection> also) {
        refuseWherePaused(sink, key);
        if (sink.partitioned() instanceof LateSink late) {
            return lateReplays.replay(late, key, choice, by, also);
        }
        JointSink target = (JointSink) sink.partitioned();
        Set<Long> without = new TreeSet<>(choice.without());
        List<RejectedRecord> refused = new ArrayList<>();
        int most = choice.limit();
        while (true) {
            Choice now = new Choice(
                    choice.filter(), choice.from(), choice.end(), choice.revision(), choice.until(), without, most);
            try {
                return transactions.run(false, connection -> {
                    Outcome outcome = write(target, key, now, by, connection, refused);
                    rows.refused(key, refused);
                    also.accept(outcome, connection);
                    return outcome;
                });
            } catch (TaskEndedException e) {
                throw e;
            } catch (RuntimeException e) {
                if (!FailureClassifier.isRejection(e)) {
                    throw FailureClassifier.classify(e);
                }
                List<RejectedRecord> found = refusedOf(key, now, e);
                if (found.isEmpty()) {
                    most = Math.max(1, most / 2); // each passes alone, so fewer may pass together
                }
                found.forEach(record -> without.add(record.offset()));
                refused.addAll(found);
            }
        }
    }

    private void refuseWherePaused(SinkDefinition sink, PartitionKey key) {
        gate.closed(sink, key.partition()).ifPresent(pause -> {
            throw Problem.of(
                            ProblemType.PAUSED,
                            "the intake of '" + pause.scope().text() + "' is paused since " + pause.since() + ": "
                                    + pause.reason() + "; nothing was written. Replay when it goes on")
                    .with("sink", key.sink())
                    .with("partition", key.partition())
                    .with("paused", pause.scope().text())
                    .retryAfter(5)
                    .exception();
        });
    }

    private Outcome write(
            JointSink target,
            PartitionKey key,
            Choice choice,
            By by,
            Connection connection,
            List<RejectedRecord> refused) {
        Snapshot row = stores.snapshots().lock(key);
        List<SinkRecord> letters =
                rows.close(key, choice, LetterState.REPLAYED, by.caller().actor(), by.reason());
        Long auditId = null;
        if (!letters.isEmpty()) {
            target.inspect(connection);
            JointWrite write = target.join(connection, letters.size());
            try {
                letters.forEach(letter -> write.add(key.partition(), letter));
                write.flush();
            } finally {
                write.close();
            }
            stores.snapshots().checkDeferredConstraints();
            auditId = trail.tell(REPLAY, key, offsets(letters), row, by);
        }
        return new Outcome(offsets(letters), List.copyOf(refused), auditId);
    }

    private static List<Long> offsets(List<SinkRecord> letters) {
        return letters.stream().map(SinkRecord::offset).toList();
    }

    /** Gives the chosen dead letters of a partition up. */
    Outcome discard(PartitionKey key, Choice choice, By by, BiConsumer<Outcome, Connection> also) {
        try {
            return transactions.run(false, connection -> {
                Snapshot row = stores.snapshots().lock(key);
                List<SinkRecord> letters = rows.close(
                        key, choice, LetterState.DISCARDED, by.caller().actor(), by.reason());
                Long auditId = letters.isEmpty() ? null : trail.tell(DISCARD, key, offsets(letters), row, by);
                Outcome outcome = new Outcome(offsets(letters), List.of(), auditId);
                also.accept(outcome, connection);
                return outcome;
            });
        } catch (TaskEndedException e) {
            throw e;
        } catch (RuntimeException e) {
            throw FailureClassifier.classify(e);
        }
    }

    /** Returns which of the chosen are refused; empty if each passes alone. */
    private List<RejectedRecord> refusedOf(PartitionKey key, Choice choice, RuntimeException refusal) {
        List<SinkRecord> letters = transactions.run(true, connection -> rows.find(key, choice));
        if (letters.size() == 1) {
            return List.of(alone(key, letters.get(0), refusal));
        }
        return trial(key, letters);
    }

    private RejectedRecord alone(PartitionKey key, SinkRecord letter, RuntimeException refusal) {
        List<RejectedRecord> found = trial(key, List.of(letter));
        if (!found.isEmpty()) {
            return found.get(0);
        }
        return refusal instanceof SinkException said && !said.rejected().isEmpty()
                ? said.rejected().get(0)
                : new RejectedRecord(letter.offset(), null, "refused", String.valueOf(refusal.getMessage()), null);
    }

    /** Returns which of these records the target refuses now; nothing is written. */
    List<RejectedRecord> trial(PartitionKey key, List<SinkRecord> records) {
        List<RejectedRecord> refused = new ArrayList<>();
        List<SinkRecord> possible = new ArrayList<>();
        for (SinkRecord record : records) {
            try {
                partitions.sink(key.sink()).check(record);
                possible.add(record);
            } catch (SinkException e) {
                if (e.rejected().isEmpty()) {
                    throw FailureClassifier.classify(e);
                }
                refused.addAll(e.rejected());
            }
        }
        if (!(partitions.sink(key.sink()) instanceof JointSink)) {
            return refused; // only the target itself can tell, by taking it
        }
        try {
            refused.addAll(transactions.run(true, connection -> probe(key, possible, connection)));
        } catch (RuntimeException e) {
            throw FailureClassifier.classify(e);
        }
        return refused;
    }

    private List<RejectedRecord> probe(PartitionKey key, List<SinkRecord> records, Connection connection) {
        partitions.inspect(key.sink(), connection);
        LivePartition<?, ?> live = partitions.fresh(key, stores.snapshots().read(key));
        try {
            live.join(connection);
            return live.probes() && !records.isEmpty() ? live.probe(records) : List.of();
        } finally {
            live.close();
        }
    }
}
