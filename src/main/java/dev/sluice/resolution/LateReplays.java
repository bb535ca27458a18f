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
import dev.sluice.sink.SinkException;
import dev.sluice.snapshot.PartitionKey;
import dev.sluice.snapshot.Snapshot;
import java.sql.Connection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
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
            return settle(key, null, new Outcome(List.of(), List.of(), null), by, also);
        }
        Chosen letter = begun.get().letter();
        try {
            target.sendLate(key.sink(), key.partition(), begun.get().life(), letter.record(), letter.revision());
        } catch (SinkException e) {
            if (!e.rejected().isEmpty()) {
                return settle(
                        key, letter, new Outcome(List.of(), List.of(e.rejected().get(0)), null), by, also);
            }
            PartitionFailure failure = FailureClassifier.classify(e);
            // What became of an earlier try stays unknown: under another key the target would take the record twice.
            boolean nothingDone = failure.kind() != PartitionFailure.Kind.OUTCOME_UNKNOWN && !letter.again();
            giveBack(key, letter, nothingDone ? LetterState.OPEN : LetterState.SENDING, failure);
            throw failure;
        }
        return settle(key, letter, new Outcome(List.of(letter.record().offset()), List.of(), null), by, also);
    }

    /* What is on its way already is sent as it was. */
    private Optional<Begun> begin(PartitionKey key, Choice choice, By by) {
        Snapshot row = stores.snapshots().lock(key);
        return rows.send(key, choice, by.caller().actor(), by.reason()).map(letter -> new Begun(letter, row.life()));
    }

    /* What has happened at the target is kept, whatever has become of the task meanwhile. */
    private Outcome settle(
            PartitionKey key, @Nullable Chosen letter, Outcome outcome, By by, BiConsumer<Outcome, Connection> also) {
        AtomicReference<@Nullable TaskEndedException> ended = new AtomicReference<>();
        Outcome settled;
        try {
            settled = transactions.run(false, connection -> {
                Snapshot row = stores.snapshots().lock(key);
                Long auditId = null;
                if (letter != null && outcome.done().isEmpty()) {
                    rows.sent(key, letter, LetterState.OPEN);
                    rows.refused(key, outcome.refused());
                } else if (letter != null) {
                    rows.sent(key, letter, LetterState.REPLAYED);
                    auditId = trail.tell(Replays.REPLAY, key, outcome.done(), row, by);
                }
                Outcome told = new Outcome(outcome.done(), outcome.refused(), auditId);
                try {
                    also.accept(told, connection);
                } catch (TaskEndedException e) {
                    ended.set(e);
                }
                return told;
            });
        } catch (RuntimeException e) {
            throw FailureClassifier.classify(e);
        }
        TaskEndedException end = ended.get();
        if (end != null) {
            throw end;
        }
        return settled;
    }

    private void giveBack(PartitionKey key, Chosen letter, LetterState state, PartitionFailure failure) {
        transactions.run(false, connection -> {
            stores.snapshots().lock(key);
            rows.sent(key, letter, state);
            return failure;
        });
    }
}
