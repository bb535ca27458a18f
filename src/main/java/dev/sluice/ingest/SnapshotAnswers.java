package dev.sluice.ingest;

import dev.sluice.catalog.SinkDefinition;
import dev.sluice.commit.PartitionFailure;
import dev.sluice.delivery.AcceptingSink;
import dev.sluice.partition.Partitions;
import dev.sluice.snapshot.Snapshot;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Makes answers of snapshots. */
@Component
class SnapshotAnswers {

    private static final Logger log = LoggerFactory.getLogger(SnapshotAnswers.class);

    private final Partitions partitions;

    SnapshotAnswers(Partitions partitions) {
        this.partitions = partitions;
    }

    SnapshotAnswer of(SinkDefinition sink, String partition, Snapshot snapshot) {
        boolean passesOn = !(sink.sink() instanceof AcceptingSink);
        return SnapshotAnswer.of(sink, partition, snapshot, passesOn ? partitions.targets(sink, partition) : Map.of());
    }

    /**
     * Returns the last committed one, null if the database does not tell it now: it goes with an answer whose batch is
     * committed, which must not become a failure.
     */
    @Nullable
    SnapshotAnswer current(SinkDefinition sink, String partition) {
        try {
            return of(sink, partition, partitions.snapshot(sink, partition));
        } catch (PartitionFailure e) {
            log.debug("The snapshot of {}/{} is left out of an answer", sink.id(), partition, e);
            return null;
        }
    }
}
