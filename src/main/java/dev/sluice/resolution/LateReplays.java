package dev.sluice.resolution;

import dev.sluice.commit.FailureClassifier;
import dev.sluice.commit.PartitionFailure;
import dev.sluice.commit.Stores;
import dev.sluice.commit.Transactions;
import dev.sluice.resolution.LetterRows.Choice;
import dev.sluice.resolution.LetterRows.Chosen;
import dev.sluice.resolution.Replays.By;
import dev.sluice.resolution.Replays.Outcome;
import dev.sluice.sink.LateSink;
import dev.sluice.sink.RejectedRecord;
import dev.sluice.sink.SinkException;
import dev.sluice.snapshot.PartitionKey;
import dev.sluice.snapshot.Snapshot;
import java.sql.Connection;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.springframework.stereotype.Component;

/**
 * Brings dead letters to a target outside the database, one at a time. That one is on its way is committed before it is
 * sent; whoever goes on after a crash sends the same under the same key.
 */
@Component
class LateReplays {

    private final Stores stores;
    private final Transactions transactions;
    private final LetterRows rows;
    private final LetterTrail trail;

    LateReplays(Stores stores, Transactions transactions, LetterRows rows, LetterTrail trail) {
        this.stores = stores;
        this.transactions = transactions;
        this.rows = rows;
        this.trail = trail;
    }

    private record Begun(Chosen letter, long life) {}

    /** Sends the first of the chosen dead letters; {@code also} is called in the transaction that settles it. */
    Outcome replay(LateSink target, PartitionKey key, Choice choice, By by, BiConsumer<Outcome, Connection> also) {
        Optional<Begun> begun;
        try {
            begun = transactions.run(false, connection -> begin(key, choice, by));
        } catch (RuntimeException e) {
            throw FailureClassifier.classify(e);
        }
        if (begun.isEmpty()) {
            return settle(key, new Outcome(List.of(), List.of(), null), by, also);
        }
        Chosen letter = begun.get().letter();
        try {
            target.sendLate(key.sink(), key.partition(), begun.get().life(), letter.record(), letter.revision());
        } catch (SinkException e) {
            if (!e.rejected().isEmpty()) {
                return settle(key, new Outcome(List.of(), List.of(e.rejected().get(0)), null), by, also);
            }
            PartitionFailure failure = FailureClassifier.classify(e);
            // What became of an earlier try stays unknown: under another key the target would take the record twice.
            if (failure.kind() != PartitionFailure.Kind.OUTCOME_UNKNOWN && !letter.again()) {
                giveBack(key, letter, failure);
            }
            throw failure;
        }
        return settle(key, new Outcome(List.of(letter.record().offset()), List.of(), null), by, also);
    }

    /* What is on its way already is sent as it was. */
    private Optional<Begun> begin(PartitionKey key, Choice choice, By by) {
        Snapshot row = stores.snapshots().lock(key);
        return rows.send(key, choice, by.caller().actor(), by.reason()).map(letter -> new Begun(letter, row.life()));
    }

    private Outcome settle(PartitionKey key, Outcome outcome, By by, BiConsumer<Outcome, Connection> also) {
        try {
            return transactions.run(false, connection -> {
                Snapshot row = stores.snapshots().lock(key);
                for (RejectedRecord refused : outcome.refused()) {
                    rows.sent(key, refused.offset(), LetterState.OPEN);
                }
                rows.refused(key, outcome.refused());
                Long auditId = null;
                for (long done : outcome.done()) {
                    rows.sent(key, done, LetterState.REPLAYED);
                    auditId = trail.tell(Replays.REPLAY, key, List.of(done), row, by);
                }
                Outcome told = new Outcome(outcome.done(), outcome.refused(), auditId);
                also.accept(told, connection);
                return told;
            });
        } catch (TaskEndedException e) {
            throw e;
        } catch (RuntimeException e) {
            throw FailureClassifier.classify(e);
        }
    }

    private void giveBack(PartitionKey key, Chosen letter, PartitionFailure failure) {
        transactions.run(false, connection -> {
            stores.snapshots().lock(key);
            rows.sent(key, letter.record().offset(), LetterState.OPEN);
            return failure;
        });
    }
}
