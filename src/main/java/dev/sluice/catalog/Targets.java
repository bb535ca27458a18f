package dev.sluice.catalog;

import dev.sluice.definition.TargetStore;
import dev.sluice.sink.Disposition;
import dev.sluice.sink.LostTargetException;
import dev.sluice.sink.Sink;
import dev.sluice.sink.SinkException;
import dev.sluice.snapshot.SnapshotStore;
import java.util.Optional;
import java.util.function.Supplier;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Makes targets ready, and keeps in mind which target has what a sink has acknowledged: nothing that is missing is made
 * anew for a sink with a position.
 */
@Component
class Targets {

    private final TargetStore store;
    private final SnapshotStore snapshots;
    private final TransactionTemplate transactions;

    Targets(TargetStore store, SnapshotStore snapshots, TransactionTemplate transactions) {
        this.store = store;
        this.snapshots = snapshots;
        this.transactions = transactions;
    }

    /**
     * Makes the sink's target ready.
     *
     * @throws LostTargetException if the sink has acknowledged records that the target does not have
     */
    void ready(SinkDefinition definition) {
        Sink sink = definition.sink();
        Optional<String> known = store.find(definition.id());
        if (!definition.stateless() && snapshots.hasPosition(definition.id())) {
            sink.recognise(known);
        } else {
            sink.prepare();
        }
        keep(definition.id(), known, sink.identity());
    }

    /**
     * Looks at the target again while the service runs: makes nothing, whatever the sink has acknowledged.
     *
     * @throws SinkException if the target is not as it should be
     */
    void recognise(SinkDefinition definition) {
        Optional<String> known = store.find(definition.id());
        if (snapshots.hasPosition(definition.id())) {
            definition.sink().recognise(known);
        } else {
            recogniseWithoutRecords(definition.sink());
        }
        keep(definition.id(), known, definition.sink().identity());
    }

    private static void recogniseWithoutRecords(Sink sink) {
        try {
            sink.recognise(Optional.empty());
        } catch (LostTargetException e) {
            throw new SinkException(
                    Disposition.UNAVAILABLE,
                    "the target is not there (this sink has acknowledged nothing yet). Bring it back, or put the"
                            + " definition anew or start the service again to have it made",
                    e);
        }
    }

    private void keep(String sink, Optional<String> known, Optional<String> found) {
        if (found.isPresent() && !found.equals(known)) {
            // Behind a pooler only a transaction is certain to be on disk once it is committed.
            transactions.executeWithoutResult(transaction -> store.put(sink, found.get()));
        }
    }

    /**
     * Takes whatever is there now for the sink's target, and makes it where it is missing, if the loss of the former one
     * is of that name. {@code told} runs in the transaction from which on the target is that one.
     *
     * @return what {@code told} returns, empty if nothing was lost
     */
    Optional<Long> accept(SinkDefinition definition, String loss, Supplier<Long> told) {
        try {
            ready(definition);
            return Optional.empty();
        } catch (LostTargetException e) {
            if (!e.loss().label().equals(loss)) {
                throw e;
            }
            definition.sink().prepare();
            return Optional.ofNullable(transactions.execute(transaction -> {
                definition.sink().identity().ifPresent(found -> store.put(definition.id(), found));
                return told.get();
            }));
        }
    }

    void forget(String sink) {
        store.remove(sink);
    }
}
