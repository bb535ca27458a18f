package dev.sluice.partition;

import dev.sluice.catalog.SinkCatalog;
import dev.sluice.catalog.SinkDefinition;
import dev.sluice.commit.Lanes;
import dev.sluice.commit.PartitionFailure;
import dev.sluice.commit.Transactions;
import dev.sluice.snapshot.PartitionKey;
import dev.sluice.snapshot.SnapshotStore;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.stereotype.Component;

/**
 * At the start, brings every target back to its snapshot, also those of partitions that nobody writes to. A sink
 * without a state of its own has nothing to bring back.
 */
@Component
class Reconciler implements ApplicationRunner {

    private static final Logger log = LoggerFactory.getLogger(Reconciler.class);

    private final SinkCatalog catalog;
    private final SnapshotStore snapshots;
    private final Transactions transactions;
    private final Lanes lanes;

    Reconciler(SinkCatalog catalog, SnapshotStore snapshots, Transactions transactions, Lanes lanes) {
        this.catalog = catalog;
        this.snapshots = snapshots;
        this.transactions = transactions;
        this.lanes = lanes;
    }

    @Override
    public void run(ApplicationArguments arguments) {
        for (SinkDefinition sink : catalog.all()) {
            if (sink.stateless()) {
                continue;
            }
            Set<String> known = Set.copyOf(sink.partitions());
            for (String partition : snapshots.partitions(sink.id())) {
                PartitionKey key = new PartitionKey(sink.id(), partition);
                if (!known.contains(partition)) {
                    log.warn("{} has data, but is no longer among the sink's partitions", key);
                } else if (sink.partitioned().stateType() != Void.class) {
                    reconcile(key);
                }
            }
        }
    }

    private void reconcile(PartitionKey key) {
        try {
            lanes.of(key).run(() -> {
                transactions.reconcile(key);
                return key;
            });
        } catch (PartitionFailure e) {
            if (e.kind() == PartitionFailure.Kind.TARGET_UNAVAILABLE) {
                log.warn("{} could not be looked at now; its next write does it: {}", key, e.getMessage());
                return;
            }
            // One broken target is no reason to keep the others from being written.
            log.error("{} does not stand at its snapshot and cannot be brought there: {}", key, e.getMessage());
        }
    }
}
