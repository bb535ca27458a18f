package dev.sluice.commit;

import dev.sluice.commit.PartitionFailure.Kind;
import dev.sluice.commit.WriteOutcome.Written;
import dev.sluice.deadletter.NewDeadLetters;
import dev.sluice.snapshot.OffsetRanges;
import dev.sluice.snapshot.RoundStore.Advance;
import dev.sluice.snapshot.Snapshot;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Commits that batches were sent, in one transaction, and gives their claims back. Thread-safe. */
@Component
class Recording {

    private static final Logger log = LoggerFactory.getLogger(Recording.class);

    /** What a batch is answered with, and where its partition stands then. */
    record Recorded(Written outcome, Snapshot next) {}

    /** What became of a batch that has arrived: it is recorded, or there is a failure. */
    record Result(
            Consignment consignment,
            @Nullable Recorded recorded,
            @Nullable PartitionFailure failure) {

        static Result of(Consignment consignment, Recorded recorded) {
            return new Result(consignment, recorded, null);
        }

        static Result failed(Consignment consignment, PartitionFailure failure) {
            return new Result(consignment, null, failure);
        }

        PartitionFailure orFailure() {
            return Objects.requireNonNull(failure);
        }
    }

    private final Stores stores;
    private final Transactions transactions;
    private final CommitMeters meters;

    Recording(Stores stores, Transactions transactions, CommitMeters meters) {
        this.stores = stores;
        this.transactions = transactions;
        this.meters = meters;
    }

    /**
     * Records all batches of one sink that have arrived.
     *
     * @param lost those that have not: their claims are given back
     * @return one result for each that has arrived
     */
    List<Result> record(List<Consignment> arrived, List<Consignment> lost) {
        List<Result> results = new ArrayList<>();
        if (!arrived.isEmpty()) {
            results.addAll(record(arrived));
        }
        List<Consignment> unrecorded = Stream.concat(
                        lost.stream(),
                        results.stream()
                                .filter(result -> result.recorded() == null)
                                .map(Result::consignment))
                .toList();
        if (!unrecorded.isEmpty()) {
            release(unrecorded);
        }
        return results;
    }

    /* The targets have the batches, whatever keeps the database from saying so. */
    private List<Result> record(List<Consignment> arrived) {
        List<Result> results;
        try {
            results = meters.timed(
                    CommitMeters.Kind.SENT,
                    () -> transactions.run(false, connection -> new Attempt(arrived).run(false), () -> {}));
            meters.together(CommitMeters.Kind.SENT, arrived.size());
        } catch (RuntimeException e) {
            PartitionFailure failure = unknown(e);
            return arrived.stream()
                    .map(consignment -> Result.failed(consignment, failure))
                    .toList();
        }
        List<Result> all = new ArrayList<>();
        for (Result result : results) {
            all.add(result.recorded() == null && result.failure() == null ? alone(result.consignment()) : result);
        }
        return all;
    }

    /* Its row is held by somebody else: it is waited for, but without the neighbours. */
    private Result alone(Consignment consignment) {
        try {
            return transactions
                    .run(false, connection -> new Attempt(List.of(consignment)).run(true), () -> {})
                    .get(0);
        } catch (RuntimeException e) {
            return Result.failed(consignment, unknown(e));
        }
    }

    private static PartitionFailure unknown(RuntimeException e) {
        PartitionFailure failure = FailureClassifier.classify(e);
        return failure.kind() == Kind.OUTCOME_UNKNOWN
                ? failure
                : new PartitionFailure(
                        Kind.OUTCOME_UNKNOWN,
                        "the batch was sent, but that it was could not be committed: " + failure.getMessage(),
                        e);
    }

    /* Only a courtesy to other replicas: a claim that stays is this process's own, and ends with it. */
    private void release(List<Consignment> consignments) {
        String sink = consignments.get(0).key().sink();
        try {
            transactions.run(
                    false,
                    connection -> {
                        stores.claims().release(sink, partitions(consignments));
                        return sink;
                    },
                    () -> {});
        } catch (RuntimeException e) {
            log.debug("The claims on partitions of {} could not be given back", sink, e);
        }
    }

    private static List<String> partitions(List<Consignment> consignments) {
        return consignments.stream()
                .map(consignment -> consignment.key().partition())
                .sorted()
                .toList();
    }

    /** One transaction. */
    private final class Attempt {

        private final List<Consignment> arrived;
        private final String sink;
        private final Ledger ledger;
        private final Map<String, NewDeadLetters> deadLettersOf = new HashMap<>();

        Attempt(List<Consignment> arrived) {
            this.arrived = arrived;
            this.sink = arrived.get(0).key().sink();
            this.ledger = new Ledger(sink, stores.receipts());
        }

        /** Returns a result without outcome and failure for each whose row was not waited for. */
        List<Result> run(boolean waits) {
            Map<String, Snapshot> rows = waits
                    ? stores.rounds().lock(sink, partitions(arrived))
                    : stores.rounds().lockFree(sink, partitions(arrived));
            List<Result> results = new ArrayList<>();
            List<Advance> advances = new ArrayList<>();
            List<Consignment> ours = new ArrayList<>();
            for (Consignment consignment : arrived) {
                Snapshot row = rows.get(consignment.key().partition());
                if (row == null) {
                    results.add(new Result(consignment, null, null));
                } else if (row.version() != consignment.decidedAt().version()) {
                    results.add(Result.failed(consignment, takenOver()));
                } else if (isTakenBack(consignment)) {
                    results.add(Result.failed(consignment, takenBack()));
                } else {
                    Result result = prepare(consignment, advances);
                    results.add(result);
                    if (result.recorded() != null) {
                        ours.add(consignment);
                    }
                }
            }
            if (ours.isEmpty()) {
                return results;
            }
            Set<String> recorded = stores.rounds().advanceSent(sink, partitions(ours), ledger.rows(), advances);
            if (recorded.size() < ours.size() && ledger.flushed()) {
                throw takenOver();
            }
            deadLettersOf.keySet().retainAll(recorded);
            stores.deadLetters().record(sink, List.copyOf(deadLettersOf.values()));
            ours.stream()
                    .filter(consignment -> recorded.contains(consignment.key().partition()))
                    .filter(consignment -> !consignment.entry().aside().isEmpty())
                    .forEach(consignment -> stores.deadLetters()
                            .settled(
                                    consignment.key(),
                                    consignment.entry().aside().offsets()));
            return results.stream()
                    .map(result -> result.recorded() == null
                                    || recorded.contains(
                                            result.consignment().key().partition())
                            ? result
                            : Result.failed(result.consignment(), takenOver()))
                    .toList();
        }

        private Result prepare(Consignment consignment, List<Advance> advances) {
            String state;
            try {
                state = consignment.live().state();
            } catch (RuntimeException e) {
                return Result.failed(consignment, unknown(e));
            }
            return Result.of(consignment, prepare(consignment, state, advances));
        }

        private Recorded prepare(Consignment consignment, @Nullable String state, List<Advance> advances) {
            NewRecords records = new NewRecords(
                    consignment.entry().request().batch(), consignment.fresh().ranges());
            Snapshot decidedAt = consignment.decidedAt();
            long count = ledger.add(consignment.key(), records, decidedAt.fencingToken());
            OffsetRanges settled = OffsetRanges.of(consignment.settled().ranges());
            consignment.fresh().ranges().forEach(settled::add);
            Snapshot next = decidedAt.advanced(settled.completeUpTo(), state, 1, count);
            if (state != null) {
                ledger.stateIs(consignment.key(), next.nextOffset(), state);
            }
            advances.add(new Advance(
                    consignment.key().partition(),
                    next,
                    decidedAt.version(),
                    consignment.entry().anyOrder() ? settled : null));
            long deadLetters =
                    consignment.entry().aside().within(consignment.fresh().ranges());
            new NewBatch(consignment.entry(), records, count, deadLetters)
                    .letters(consignment.key().partition(), next, 0)
                    .ifPresent(letters -> deadLettersOf.put(consignment.key().partition(), letters));
            return new Recorded(consignment.fresh().written(count - deadLetters, deadLetters, next), next);
        }

        /* Under the lock of its row. Nothing but what is to be settled was in the batch, so nothing was sent. */
        private boolean isTakenBack(Consignment consignment) {
            Aside aside = consignment.entry().aside();
            return aside.needsPermission()
                    && !aside.isPermitted(stores.setAside(consignment.key(), consignment.entry()));
        }

        private static PartitionFailure takenBack() {
            return new PartitionFailure(
                    Kind.BUSY,
                    "an operator has taken back that the record is to be set aside, just before it was settled; nothing"
                            + " was settled",
                    null);
        }

        private PartitionFailure takenOver() {
            return new PartitionFailure(
                    Kind.OUTCOME_UNKNOWN,
                    "the batch was sent, but meanwhile the partition was taken over from this replica",
                    null);
        }
    }
}
