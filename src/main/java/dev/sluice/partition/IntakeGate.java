package dev.sluice.partition;

import dev.sluice.catalog.SinkCatalog;
import dev.sluice.catalog.SinkDefinition;
import dev.sluice.commit.FailureClassifier;
import dev.sluice.commit.PartitionFailure;
import dev.sluice.control.Pause;
import dev.sluice.control.Pauses;
import dev.sluice.delivery.AcceptingSink;
import dev.sluice.snapshot.PartitionKey;
import java.util.Optional;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/**
 * Tells what keeps batches from coming in. A sink that writes straight to others takes what all of these take, so that
 * none of them gets a batch which another one would refuse; a buffer takes what it can keep.
 */
@Component
public class IntakeGate {

    private final Pauses pauses;
    private final SinkCatalog catalog;
    private final WriteCounters counters;
    private final OutcomeReport report;

    IntakeGate(Pauses pauses, SinkCatalog catalog, WriteCounters counters, OutcomeReport report) {
        this.pauses = pauses;
        this.catalog = catalog;
        this.counters = counters;
        this.report = report;
    }

    /**
     * Returns why a partition takes no batches now, empty if it does.
     *
     * @throws PartitionFailure if it cannot be found out
     */
    public Optional<Pause> closed(SinkDefinition sink, String partition) {
        try {
            return pauses.none() ? Optional.empty() : find(sink, partition);
        } catch (DataAccessException | TransactionException e) {
            PartitionKey key = new PartitionKey(sink.id(), partition);
            counters.countFailure(key);
            PartitionFailure failure = FailureClassifier.classify(e);
            report.failed(key, failure);
            throw failure;
        }
    }

    /** Returns why one of the sink's partitions takes no batches now, empty if all do. Throws the same. */
    public Optional<Pause> closed(SinkDefinition sink) {
        try {
            return pauses.none()
                    ? Optional.empty()
                    : sink.partitions().stream()
                            .flatMap(partition -> find(sink, partition).stream())
                            .findFirst();
        } catch (DataAccessException | TransactionException e) {
            PartitionFailure failure = FailureClassifier.classify(e);
            report.failed(sink.id(), failure);
            throw failure;
        }
    }

    private Optional<Pause> find(SinkDefinition sink, String partition) {
        Optional<Pause> own = pauses.intake(sink.id(), partition);
        if (own.isPresent() || sink.sink() instanceof AcceptingSink) {
            return own;
        }
        return sink.targets().stream()
                .flatMap(target -> catalog.find(target).stream())
                .flatMap(target -> find(target, partition).stream())
                .findFirst();
    }
}
