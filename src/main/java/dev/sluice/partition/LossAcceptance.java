package dev.sluice.partition;

import dev.sluice.catalog.SinkCatalog;
import dev.sluice.catalog.SinkDefinition;
import dev.sluice.commit.Lanes;
import dev.sluice.commit.Stores;
import dev.sluice.commit.Transactions;
import dev.sluice.live.LivePartitions;
import dev.sluice.sink.LostTargetException;
import dev.sluice.snapshot.PartitionKey;
import dev.sluice.snapshot.Snapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Accepts that acknowledged records are gone. Positions stay where they are: what was acknowledged stays acknowledged,
 * and is not in the target. A partition with a resume state of a target that is lost begins anew without one.
 */
@Component
public class LossAcceptance {

    private static final Logger log = LoggerFactory.getLogger(LossAcceptance.class);

    /**
     * What was accepted.
     *
     * @param target whether the target as a whole was lost
     * @param partitions those whose part of it was lost
     */
    public record Accepted(boolean target, List<String> partitions) {

        /** Whether nothing was lost. */
        public boolean nothing() {
            return !target && partitions.isEmpty();
        }
    }

    private final SinkCatalog catalog;
    private final Lanes lanes;
    private final Stores stores;
    private final LivePartitions live;
    private final Transactions transactions;

    LossAcceptance(SinkCatalog catalog, Lanes lanes, Stores stores, LivePartitions live, Transactions transactions) {
        this.catalog = catalog;
        this.lanes = lanes;
        this.stores = stores;
        this.live = live;
        this.transactions = transactions;
    }

    /**
     * Accepts a loss by its name.
     *
     * @throws LostTargetException if something else is lost
     */
    public Accepted accept(SinkDefinition sink, String loss) {
        boolean target = catalog.accept(sink, loss);
        List<String> partitions = new ArrayList<>();
        if (!sink.stateless() && sink.partitioned().stateType() != Void.class) {
            Set<String> known = Set.copyOf(sink.partitions());
            for (String partition : stores.snapshots().partitions(sink.id())) {
                if (known.contains(partition) && accept(new PartitionKey(sink.id(), partition), loss)) {
                    partitions.add(partition);
                }
            }
        }
        Accepted accepted = new Accepted(target, partitions);
        if (!accepted.nothing()) {
            log.warn(
                    "Sink {}: the loss {} was accepted, for {}: what was acknowledged there stays lost",
                    sink.id(),
                    loss,
                    target ? "the whole target" : "the partitions " + partitions);
        }
        return accepted;
    }

    private boolean accept(PartitionKey key, String loss) {
        return lanes.of(key).run(() -> {
            try {
                transactions.reconcile(key);
                return false;
            } catch (LostTargetException e) {
                if (!e.loss().label().equals(loss)) {
                    throw e;
                }
                transactions.run(key, false, connection -> forgetState(key));
                live.discard(key);
                transactions.reconcile(key);
                return true;
            }
        });
    }

    private Snapshot forgetState(PartitionKey key) {
        Snapshot locked = stores.snapshots().lock(key);
        Snapshot without = locked.advanced(locked.nextOffset(), null, 1, 0);
        stores.snapshots().advance(key, without, locked.version());
        return without;
    }
}
