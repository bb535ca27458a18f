package dev.sluice.live;

import dev.sluice.sink.SinkException;
import dev.sluice.snapshot.PartitionKey;
import dev.sluice.snapshot.Snapshot;
import org.springframework.beans.factory.BeanCreationException;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/** Gives the partition bean that stands at a locked row's version, building it anew where it does not. */
@Component
public class LivePartitions {

    private final PartitionScope scope;
    private final ObjectProvider<LivePartition<?, ?>> beans;

    LivePartitions(PartitionScope scope, ObjectProvider<LivePartition<?, ?>> beans) {
        this.scope = scope;
        this.beans = beans;
    }

    public LivePartition<?, ?> at(PartitionKey key, Snapshot locked) {
        PartitionScope.Occupant occupant = new PartitionScope.Occupant(key, locked);
        LivePartition<?, ?> live = build(occupant);
        if (live.version() != locked.version()) {
            scope.discard(key);
            live = build(occupant);
        }
        return live;
    }

    private LivePartition<?, ?> build(PartitionScope.Occupant occupant) {
        try {
            return scope.within(occupant, beans::getObject);
        } catch (BeanCreationException e) {
            // The container wraps what a sink says when it is built: what it says is what counts.
            if (e.getMostSpecificCause() instanceof SinkException said) {
                throw said;
            }
            throw e;
        }
    }

    /** Drops what is in memory: after a failure it may be ahead of its row. */
    public void discard(PartitionKey key) {
        scope.discard(key);
    }
}
