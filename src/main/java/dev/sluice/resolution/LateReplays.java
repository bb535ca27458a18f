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
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Brings dead letters to a target outside the database, one at a time. That one is on its way is committed before it is
 * sent; whoever goes on after a crash sends the same under the same key.
 */
@Component
class LateReplays {

    private static final Logger log = LoggerFactory.getLogger(LateReplays.class);

    private final Stores stores;
    private final Transactions transactions;
    private final LetterRows rows;
    private final LetterTrail trail;
    /* By sender: what it was sending may still be said to be on its way. */
    private final Map<String, PartitionKey> abandoned = new ConcurrentHashMap<>();

    LateReplays(Stores stores, Transactions transactions, LetterRows rows, LetterTrail trail) {
        this.stores = stores;
        this.transactions = transactions;
        this.rows = rows;
        this.trail = trail;
    }

    private record Begun(Chosen letter, long life) {}

    /** Sends the first of the chosen dead letters; {@code also} is called in the transaction that settles it. */
    Outcome replay(LateSink target, PartitionKey key, Choice choice, By by, BiConsumer<Outcome, Connection> also) {
        String sender = rows.newSender();
        Optional<Begun> begun = transact(key, sender, connection -> begin(key, choice, sender, by));
        if (begun.isEmpty()) {
            return settle(key, sender, null, new Outcome(List.of(), List.of(), null), by, also);
        }
        Chosen letter = begun.get().letter();
        try {
            target.sendLate(key.sink(), key.partition(), begun.get().life(), letter.record(), letter.revision());
        } catch (SinkException e) {
            if (!e.rejected().isEmpty()) {
                return settle(
                        key,
                        sender,
                        letter,
                        new Outcome(List.of(), List.of(e.rejected().get(0)), null),
                        by,
                        also);
            }
            PartitionFailure failure = FailureClassifier.classify(e);
            // What became of an earlier try stays unknown: under another key the target would take the record twice.
            boolean nothingDone = failure.kind() != PartitionFailure.Kind.OUTCOME_UNKNOWN && !letter.again();
            giveBack(key, sender, letter, nothingDone ? LetterState.OPEN : LetterState.SENDING, failure);
            throw failure;
        } catch (RuntimeException e) {
            abandoned.put(sender, key);
            throw e;
        }
        return settle(key, sender, letter, new Outcome(List.of(letter.record().offset()), List.of(), null), by, also);
    }

    /* What is on its way already is sent as it was. */
    private Optional<Begun> begin(PartitionKey key, Choice choice, String sender, By by) {
        Snapshot row = stores.snapshots().lock(key);
        return rows.send(key, choice, sender, by.caller().actor(), by.reason())
                .map(letter -> new Begun(letter, row.life()));
    }

    private <T> T transact(PartitionKey key, String sender, Function<Connection, T> work) {
        try {
            return transactions.run(false, work);
        } catch (RuntimeException e) {
            abandoned.put(sender, key);
            throw FailureClassifier.classify(e);
        }
    }

    /* What has happened at the target is kept, whatever has become of the task meanwhile. */
    private Outcome settle(
            PartitionKey key,
            String sender,
            @Nullable Chosen letter,
            Outcome outcome,
            By by,
            BiConsumer<Outcome, Connection> also) {
        AtomicReference<@Nullable TaskEndedException> ended = new AtomicReference<>();
        Outcome settled = transact(key, sender, connection -> {
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
        TaskEndedException end = ended.get();
        if (end != null) {
            throw end;
        }
        return settled;
    }

    private void giveBack(PartitionKey key, String sender, Chosen letter, LetterState state, PartitionFailure failure) {
        transact(key, sender, connection -> {
            stores.snapshots().lock(key);
            rows.sent(key, letter, state);
            return failure;
        });
    }

    /*
     * Where the end of a transaction is not known, or could not be kept, the dead letter may still be this process's,
     * and this process is alive: nobody else would ever send it.
     */
    @Scheduled(fixedDelay = 1, timeUnit = TimeUnit.SECONDS)
    void letGo() {
        abandoned.forEach((sender, key) -> {
            try {
                transactions.run(false, connection -> {
                    // As long as the one whose end is not known goes on, it holds the row.
                    stores.snapshots().lock(key);
                    return rows.letGo(key, sender);
                });
                abandoned.remove(sender);
            } catch (RuntimeException e) {
                log.debug("{} is still sending a dead letter of {}, as it seems; trying again soon", sender, key, e);
            }
        });
    }
}
