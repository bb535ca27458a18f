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

    public Lane of(PartitionKey key) {
        return lanes.computeIfAbsent(key, wanted -> new Lane(wanted, commits, properties, executor, parking));
    }
}
