package dev.sluice.commit;

import dev.sluice.snapshot.PartitionKey;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Semaphore;
import org.springframework.stereotype.Component;

/** The lanes of all partitions; as many as partitions are configured, made when first used. */
@Component
public class Lanes {

    private final Map<PartitionKey, Lane> lanes = new ConcurrentHashMap<>();
    private final GroupCommit commits;
    private final LaneProperties properties;
    private final ExecutorService executor;
    private final Semaphore parking;

    Lanes(GroupCommit commits, LaneProperties properties, ExecutorService laneExecutor) {
        this.commits = commits;
        this.properties = properties;
        this.parking = new Semaphore(properties.maxParked());
        this.executor = laneExecutor;
    }

    /** Returns the lane for what spans all partitions of a sink. No partition has the empty name. */
    public Lane ofKeyed(String sink) {
        return of(new PartitionKey(sink, ""));
    }

    /** Returns the lane of a partition. */
    public Lane of(PartitionKey key) {
        return lanes.computeIfAbsent(key, wanted -> new Lane(wanted, commits, properties, executor, parking));
    }
}
