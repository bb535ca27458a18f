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

    /* Of each sink: the health counts the others. */
    private static final int MOST_LOGGED = 10;

    private final SinkCatalog catalog;
    private final SnapshotStore snapshots;
    private final Transactions transactions;
    private final Lanes lanes;
    private final OutcomeReport report;

    Reconciler(
            SinkCatalog catalog,
            SnapshotStore snapshots,
            Transactions transactions,
            Lanes lanes,
            OutcomeReport report) {
        this.catalog = catalog;
        this.snapshots = snapshots;
        this.transactions = transactions;
        this.lanes = lanes;
        this.report = report;
    }

    @Override
    public void run(ApplicationArguments arguments) {
        for (SinkDefinition sink : catalog.all()) {
            if (sink.stateless()) {
                continue;
            }
            Set<String> known = Set.copyOf(sink.partitions());
            int failed = 0;
            for (String partition : snapshots.partitions(sink.id())) {
                PartitionKey key = new PartitionKey(sink.id(), partition);
                if (!known.contains(partition)) {
                    log.warn("{} has data, but is no longer among the sink's partitions", key);
                } else if (sink.partitioned().stateType() != Void.class && !reconcile(key, failed < MOST_LOGGED)) {
                    failed++;
                }
            }
            if (failed > MOST_LOGGED) {
                log.warn("{} more partitions of sink {} could not be reconciled", failed - MOST_LOGGED, sink.id());
            }
        }
    }

    private boolean reconcile(PartitionKey key, boolean logged) {
        try {
            lanes.of(key).run(() -> {
                transactions.reconcile(key);
                return key;
            });
            return true;
        } catch (PartitionFailure e) {
            report.failedAlone(key, e);
            if (!logged) {
                return false;
            }
            if (e.kind() == PartitionFailure.Kind.TARGET_UNAVAILABLE) {
                log.warn("{} could not be looked at now; its next write does it: {}", key, e.getMessage());
                return false;
            }
            // One broken target is no reason to keep the others from being written.
            log.error("{} does not stand at its snapshot and cannot be brought there: {}", key, e.getMessage());
            return false;
        }
    }
}
