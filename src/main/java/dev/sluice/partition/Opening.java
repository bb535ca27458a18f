package dev.sluice.partition;

import dev.sluice.audit.Act;
import dev.sluice.audit.AuditTrail;
import dev.sluice.audit.Caller;
import dev.sluice.commit.Stores;
import dev.sluice.commit.Transactions;
import dev.sluice.live.LivePartition;
import dev.sluice.live.LivePartitions;
import dev.sluice.outcome.DatabaseFailure;
import dev.sluice.partition.OpenOutcome.Fenced;
import dev.sluice.partition.OpenOutcome.ForeignState;
import dev.sluice.partition.OpenOutcome.NotRewindable;
import dev.sluice.partition.OpenOutcome.Opened;
import dev.sluice.partition.OpenOutcome.Overtaken;
import dev.sluice.partition.OpenOutcome.SinkBehind;
import dev.sluice.partition.OpenOutcome.Unstorable;
import dev.sluice.sink.Disposition;
import dev.sluice.sink.NotRewindableException;
import dev.sluice.sink.SinkException;
import dev.sluice.snapshot.PartitionKey;
import dev.sluice.snapshot.ReceiptStore.Above;
import dev.sluice.snapshot.Snapshot;
import java.sql.Connection;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;

/** Raises a fencing token and takes a partition back, both in the transaction that locks its row. */
@Component
class Opening {

    private static final Logger log = LoggerFactory.getLogger(Opening.class);

    private final Stores stores;
    private final LivePartitions partitions;
    private final Transactions transactions;
    private final AuditTrail trail;

    Opening(Stores stores, LivePartitions partitions, Transactions transactions, AuditTrail trail) {
        this.stores = stores;
        this.partitions = partitions;
        this.transactions = transactions;
        this.trail = trail;
    }

    /** @param tokenOnArrival the partition's when the request came: what was acknowledged since is not taken back */
    OpenOutcome open(PartitionKey key, OpenRequest request, long tokenOnArrival, boolean anyOrder, Caller caller) {
        OpenOutcome outcome;
        try {
            outcome = transactions.run(
                    key, false, connection -> open(key, request, tokenOnArrival, anyOrder, caller, connection));
        } catch (DataAccessException e) {
            return new Unstorable(DatabaseFailure.untranslatable(e).orElseThrow(() -> e));
        }
        if (outcome instanceof Opened opened && opened.rewound()) {
            rebuild(key);
        }
        return outcome;
    }

    /** Whether the partition could be taken back, as far as its kind goes. */
    boolean canTakeBack(PartitionKey key, boolean anyOrder) {
        return !anyOrder
                && transactions.run(
                        key,
                        false,
                        connection ->
                                partitions.at(key, stores.snapshots().lock(key)).rewindable());
    }

    private OpenOutcome open(
            PartitionKey key,
            OpenRequest request,
            long tokenOnArrival,
            boolean anyOrder,
            Caller caller,
            Connection connection) {
        Snapshot current = stores.snapshots().lock(key);
        Long expected = request.ifFencingToken();
        if (expected != null && expected != current.fencingToken()) {
            return new Fenced(current);
        }
        if (stores.claims().heldElsewhere(key)) {
            throw new SinkException(
                    Disposition.BUSY, "another replica is sending a batch to this partition's target", null);
        }
        long resumeAt = request.resumeAt() == null ? current.nextOffset() : request.resumeAt();
        if (resumeAt > current.nextOffset()) {
            return new SinkBehind(current);
        }
        if (resumeAt == current.nextOffset()) {
            return opened(key, request, current, current, caller);
        }
        if (current.fencingToken() != tokenOnArrival) {
            return new Overtaken(current);
        }
        LivePartition<?, ?> live = partitions.at(key, current);
        if (anyOrder || !live.rewindable()) {
            return new NotRewindable(
                    current,
                    anyOrder
                            ? "its offsets come in any order, so there is none to go back to"
                            : "it cannot remove what it has written");
        }
        try {
            requireOwnState(key, live, resumeAt, request.resumeState());
            Snapshot back = rewind(key, live, current, resumeAt, request.resumeState(), connection);
            return opened(key, request, current, back, caller);
        } catch (NotRewindableException e) {
            partitions.discard(key);
            return new NotRewindable(current, String.valueOf(e.getMessage()));
        } catch (JacksonException e) {
            partitions.discard(key);
            return new ForeignState("it has not the form of this sink's states");
        } catch (IllegalArgumentException e) {
            partitions.discard(key);
            return new ForeignState(String.valueOf(e.getMessage()));
        }
    }

    /* A state of another moment would take back more or less than the offset says. */
    void requireOwnState(PartitionKey key, LivePartition<?, ?> live, long resumeAt, @Nullable String state) {
        if (state != null && resumeAt > 0 && !stores.receipts().mayHaveHad(key, resumeAt, live.normalized(state))) {
            throw new IllegalArgumentException("the partition did not have it when it stood at offset " + resumeAt
                    + ", or has been taken back and written anew since. Resume from a snapshot as GET …/snapshot"
                    + " answered it, after the last rewind below it");
        }
    }

    private Opened opened(PartitionKey key, OpenRequest request, Snapshot current, Snapshot at, Caller caller) {
        Snapshot opened = stores.snapshots().open(key, request.owner(), request.openedBy(), at);
        boolean rewound = at.nextOffset() < current.nextOffset();
        return new Opened(opened, rewound ? told(key, request, current, opened, caller) : null);
    }

    private long told(PartitionKey key, OpenRequest request, Snapshot before, Snapshot after, Caller caller) {
        return trail.add(
                new Act(
                        "rewind",
                        key.sink(),
                        key.partition(),
                        Map.of("owner", request.owner(), "nextOffset", after.nextOffset()),
                        Position.of(before),
                        Position.of(after),
                        request.reason()),
                caller);
    }

    /** Takes the target, the receipts and the dead letters back; returns where the partition stands then. */
    Snapshot rewind(
            PartitionKey key,
            LivePartition<?, ?> live,
            Snapshot current,
            long to,
            @Nullable String state,
            Connection connection) {
        partitions.inspect(key.sink(), connection);
        live.join(connection);
        live.rewind(to, state);
        Above gone = stores.receipts().above(key, to);
        stores.receipts().removeFrom(key, to);
        // Their records come again.
        stores.deadLetters().removeFrom(key, to);
        return current.takenBack(to, live.state(), gone);
    }

    /* What lies beyond the state is removed when the partition is built; better now than with the next batch. */
    void rebuild(PartitionKey key) {
        try {
            transactions.reconcile(key);
        } catch (RuntimeException e) {
            log.warn("{} was taken back, but its target could not be yet: {}", key, e.getMessage());
        }
    }
}
