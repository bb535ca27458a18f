package dev.sluice.partition;

import dev.sluice.audit.Act;
import dev.sluice.audit.AuditTrail;
import dev.sluice.audit.Caller;
import dev.sluice.catalog.SinkDefinition;
import dev.sluice.commit.Stores;
import dev.sluice.commit.Transactions;
import dev.sluice.delivery.AcceptingSink;
import dev.sluice.live.LivePartition;
import dev.sluice.live.LivePartitions;
import dev.sluice.partition.ActOutcome.Changed;
import dev.sluice.partition.ActOutcome.Done;
import dev.sluice.partition.ActOutcome.Gone;
import dev.sluice.partition.ActOutcome.Overtaken;
import dev.sluice.partition.ActOutcome.Refused;
import dev.sluice.sink.Disposition;
import dev.sluice.sink.NotRewindableException;
import dev.sluice.sink.SinkException;
import dev.sluice.snapshot.PartitionKey;
import dev.sluice.snapshot.ReceiptStore.PartitionReceipt;
import dev.sluice.snapshot.ReceiptWriter;
import dev.sluice.snapshot.Snapshot;
import java.sql.Connection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;

/**
 * Lets a partition stand at another offset, and fences off whoever writes to it: back, by what a rewind does; forward, by
 * settling the offsets in between as a hole, with a receipt that says so. In the transaction that locks its row.
 */
@Component
class Resetting {

    private final Stores stores;
    private final LivePartitions partitions;
    private final Transactions transactions;
    private final Opening opening;
    private final AuditTrail trail;

    Resetting(Stores stores, LivePartitions partitions, Transactions transactions, Opening opening, AuditTrail trail) {
        this.stores = stores;
        this.partitions = partitions;
        this.transactions = transactions;
        this.opening = opening;
        this.trail = trail;
    }

    /** One try, and who it is for. */
    private record Task(
            SinkDefinition sink,
            PartitionKey key,
            String action,
            ActRequest request,
            long tokenOnArrival,
            Caller caller,
            Connection connection) {}

    /** @param tokenOnArrival the partition's when the request came: what was acknowledged since is not taken back */
    ActOutcome act(
            SinkDefinition sink,
            PartitionKey key,
            String action,
            ActRequest request,
            long tokenOnArrival,
            Caller caller) {
        Optional<ActOutcome> outcome = Optional.empty();
        while (outcome.isEmpty()) {
            outcome = transactions.run(
                    key,
                    request.dryRun(),
                    connection -> act(new Task(sink, key, action, request, tokenOnArrival, caller, connection)));
        }
        if (outcome.get() instanceof Done done
                && done.auditId() != null
                && done.after().nextOffset() < done.before().nextOffset()) {
            opening.rebuild(key);
        }
        return outcome.get();
    }

    /* Empty where something had to be committed first. */
    private Optional<ActOutcome> act(Task task) {
        Snapshot current = stores.snapshots().lock(task.key());
        Long expected = task.request().ifVersion();
        if (expected != null && expected != current.version()) {
            return Optional.of(new Changed(current));
        }
        if (stores.claims().heldElsewhere(task.key())) {
            throw new SinkException(
                    Disposition.BUSY, "another replica is sending a batch to this partition's target", null);
        }
        Long wanted = task.request().nextOffset();
        if (wanted != null && current.fencingToken() != task.tokenOnArrival()) {
            return Optional.of(new Overtaken(current));
        }
        long to = wanted == null ? current.nextOffset() : wanted;
        if (wanted != null && task.sink().anyOrder()) {
            return refused(current, "its offsets come in any order, so there is none that it stands at");
        }
        boolean accepts = task.sink().sink() instanceof AcceptingSink;
        if (wanted != null && !accepts && !task.sink().targets().isEmpty()) {
            return refused(
                    current,
                    "it is made of " + task.sink().targets() + ", each of which has a position of its own; reset the"
                            + " same partition of each of them, then send what they lack");
        }
        if (to == current.nextOffset()) {
            return Optional.of(done(task, current, current.advanced(to, current.state(), 0, 0), null));
        }
        return to > current.nextOffset() ? forward(task, current, to) : Optional.of(back(task, current, to));
    }

    private static Optional<ActOutcome> refused(Snapshot current, String reason) {
        return Optional.of(new Refused(current, reason));
    }

    private Optional<ActOutcome> forward(Task task, Snapshot current, long to) {
        PartitionKey key = task.key();
        LivePartition<?, ?> live = partitions.at(key, current);
        if (live.outbound() && live.hearsOfHoles()) {
            return refused(
                    current,
                    "its target has a position of its own and has to hear of the offsets that are given up. Take the"
                            + " partition over and send a batch without records instead: {\"first\": "
                            + current.nextOffset() + ", \"end\": " + to + ", \"offsets\": [], \"records\": []}");
        }
        partitions.inspect(key.sink(), task.connection());
        live.join(task.connection());
        String state = live.state();
        if (state != null
                && current.state() == null
                && !live.transactional()
                && !task.request().dryRun()) {
            // As before a first batch: the target must not be begun before the snapshot says so.
            stores.snapshots().keepInitialState(key, state, current.version());
            return Optional.empty();
        }
        return Optional.of(done(task, current, current.advanced(to, state, 0, 0), null));
    }

    private ActOutcome back(Task task, Snapshot current, long to) {
        PartitionKey key = task.key();
        Long delivered = current.deliveredOffset();
        if (delivered != null && to < delivered) {
            return new Refused(current, "everything below " + delivered + " is delivered, and stays in the target");
        }
        LivePartition<?, ?> live = partitions.at(key, current);
        if (!live.rewindable()) {
            return new Refused(current, "it cannot remove what it has written");
        }
        Gone gone =
                new Gone(stores.receipts().above(key, to), stores.deadLetters().countFrom(key, to));
        try {
            opening.requireOwnState(key, live, to, task.request().state());
            // On a dry run, too: only the target itself can tell whether it takes back what it has.
            Snapshot back =
                    opening.rewind(key, live, current, to, task.request().state(), task.connection());
            return done(task, current, back, gone);
        } catch (NotRewindableException e) {
            partitions.discard(key);
            return new Refused(current, String.valueOf(e.getMessage()));
        } catch (JacksonException e) {
            partitions.discard(key);
            return new Refused(current, "'state' has not the form of this sink's states");
        } catch (IllegalArgumentException e) {
            partitions.discard(key);
            return new Refused(
                    current,
                    "the sink needs the 'state' that it had at " + to + ", as GET …/snapshot answered it then: "
                            + e.getMessage());
        }
    }

    private Done done(Task task, Snapshot current, Snapshot at, @Nullable Gone gone) {
        PartitionKey key = task.key();
        if (task.request().dryRun()) {
            return new Done(current, at, gone, null);
        }
        // Whose it is from now on, the operator does not know: of those who may write, whoever is told it.
        Snapshot after = stores.snapshots().open(key, task.request().owner(), null, at);
        if (at.nextOffset() > current.nextOffset() && stores.receipts().kept()) {
            stores.receipts().add(key.sink(), hole(key, current.nextOffset(), after));
        }
        Map<String, Object> request = new TreeMap<>();
        request.put("owner", task.request().owner());
        if (task.request().nextOffset() != null) {
            request.put("nextOffset", at.nextOffset());
        }
        Act act = new Act(
                task.action(),
                key.sink(),
                key.partition(),
                request,
                Position.of(current),
                Position.of(after),
                task.request().reason());
        return new Done(current, after, gone, trail.add(act, task.caller()));
    }

    private static List<PartitionReceipt> hole(PartitionKey key, long from, Snapshot after) {
        String state = after.state();
        return new ReceiptWriter(from, after.fencingToken(), 0)
                .finish(after.nextOffset()).stream()
                        .map(receipt -> new PartitionReceipt(key.partition(), receipt))
                        .map(receipt -> state == null ? receipt : receipt.with(state))
                        .toList();
    }
}
