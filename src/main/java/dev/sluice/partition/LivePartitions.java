package dev.sluice.partition;

import dev.sluice.snapshot.PartitionKey;
import dev.sluice.snapshot.Snapshot;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/** Gives the partition bean that stands at a locked row's version, building it anew where it does not. */
@Component
class LivePartitions {

    private final PartitionScope scope;
    private final ObjectProvider<LivePartition<?, ?>> beans;

    LivePartitions(PartitionScope scope, ObjectProvider<LivePartition<?, ?>> beans) {
        this.scope = scope;
        this.beans = beans;
    }

    LivePartition<?, ?> at(PartitionKey key, Snapshot locked) {
        PartitionScope.Occupant occupant = new PartitionScope.Occupant(key, locked);
        LivePartition<?, ?> live = scope.within(occupant, beans::getObject);
        if (live.version() != locked.version()) {
            scope.discard(key);
            live = scope.within(occupant, beans::getObject);
        }
        return live;
    }

    /** Drops what is in memory: after a failure it may be ahead of its row. */
    void discard(PartitionKey key) {
        scope.discard(key);
    }
}
