package dev.sluice.commit;

import dev.sluice.batch.Batch;
import dev.sluice.commit.PartitionFailure.Kind;
import dev.sluice.commit.WriteOutcome.Written;
import dev.sluice.live.LivePartition;
import dev.sluice.snapshot.PartitionKey;
import dev.sluice.snapshot.Snapshot;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What happens between BEGIN and COMMIT for the batches of one partition: lock the row, decide each batch by the
 * table, write what is new, advance the snapshot. One use, one thread.
 */
final class GroupTransaction {

    /**
     * How far a transaction came.
     *
     * @param outcomes of the first batches; they hold only once the transaction is committed
     * @param toSend the batch after these, if it has to be sent
     */
    record Step(List<WriteOutcome> outcomes, @Nullable Consignment toSend) {}

    private final PartitionKey key;
    private final Stores stores;
    private final Function<Snapshot, LivePartition<?, ?>> partitions;
    private final Connection connection;
    private final PartitionDecider decider;
    private final Consumer<Snapshot> inspection;
    private boolean inspected;
    private @Nullable LivePartition<?, ?> live;
    private @Nullable RecordWriter writer;

    /** {@code inspection} looks at the target of the locked row in this transaction. */
    GroupTransaction(
            PartitionKey key,
            Stores stores,
            Function<Snapshot, LivePartition<?, ?>> partitions,
            Consumer<Snapshot> inspection,
            Connection connection) {
        this.key = key;
        this.stores = stores;
        this.partitions = partitions;
        this.inspection = inspection;
        this.connection = connection;
        this.decider = new PartitionDecider(key, stores.snapshots().lock(key), stores, this::flushReceipts);
    }

    /** Decides and writes the batches in the order given, until one needs something to be committed first. */
    Step run(List<BatchEntry> entries) {
        List<WriteOutcome> outcomes = new ArrayList<>(entries.size());
        for (BatchEntry entry : entries) {
            Decided decided = decider.decide(entry);
            if (decided instanceof Decided.Fresh fresh) {
                boolean dryRun = entry.request().dryRun();
                if (!dryRun && keepsInitialState()) {
                    return new Step(outcomes, null);
                }
                if (!dryRun && live().outbound()) {
                    return new Step(outcomes, outcomes.isEmpty() ? consign(entry, fresh.part()) : null);
                }
                outcomes.add(write(entry, fresh.part()));
            } else {
                WriteOutcome outcome = ((Decided.Settled) decided).outcome();
                if (outcome instanceof Written) {
                    inspect(); // no duplicate of what the target has lost
                }
                outcomes.add(outcome);
            }
        }
        finish(entries.get(0));
        return new Step(outcomes, null);
    }

    private void finish(BatchEntry any) {
        if (writer != null) {
            writer.flush();
            decider.stateIs(live().state());
            stores.snapshots().advance(key, decider.current(), decider.locked().version());
            stores.keepState(key, decider.current());
            if (any.anyOrder()) {
                stores.settled().write(key, decider.settled(any));
            }
            if (any.request().dryRun()) {
                stores.snapshots().checkDeferredConstraints();
            }
        }
    }

    private void inspect() {
        if (!inspected) {
            inspection.accept(decider.locked());
            inspected = true;
        }
    }

    private WriteOutcome write(BatchEntry entry, NewPart fresh) {
        if (live().transactional()) {
            inspect(); // any other looks for itself as it writes
        }
        Batch batch = entry.request().batch();
        if (writer == null) {
            live().join(connection);
            live().fence(decider.current());
            writer = new RecordWriter(
                    key, live(), stores.receipts(), entry.request().dryRun());
        }
        long written = writer.write(batch, fresh.ranges(), decider.current().fencingToken());
        return decider.advance(entry, fresh, written);
    }

    private void flushReceipts() {
        if (writer != null) {
            writer.flushReceipts();
        }
    }

    private LivePartition<?, ?> live() {
        if (live == null) {
            live = partitions.apply(decider.locked());
        }
        return live;
    }

    /* Otherwise a crash would leave a target that was written to and a snapshot that says it never was. */
    private boolean keepsInitialState() {
        Snapshot locked = decider.locked();
        if (writer != null || locked.state() != null || live().transactional()) {
            return false;
        }
        String state = live().state();
        if (state != null) {
            stores.snapshots().keepInitialState(key, state, locked.version());
            decider.stateIs(state);
        }
        return state != null;
    }

    private Consignment consign(BatchEntry entry, NewPart fresh) {
        if (stores.claims().heldElsewhere(key)) {
            throw new PartitionFailure(
                    Kind.BUSY, "another replica is sending a batch to this partition's target", null);
        }
        stores.claims().take(key);
        return new Consignment(entry.request().batch(), fresh, live(), decider.locked(), decider.settled(entry));
    }

    /** To be called once the commit is known to have happened. */
    void committed() {
        if (live != null) {
            live.movedTo(decider.current());
        }
    }
}
