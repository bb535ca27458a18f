package dev.sluice.commit;

import dev.sluice.admission.AdmissionProperties;
import dev.sluice.sink.Engine;
import dev.sluice.snapshot.PartitionKey;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/** The lanes of all partitions; as many as partitions are configured, made when first used. */
@Component
public class Lanes {

    private final Map<PartitionKey, Lane> lanes = new ConcurrentHashMap<>();
    private final Map<String, GroupQueue> groups = new ConcurrentHashMap<>();
    private final GroupCommit commits;
    private final JointCommit jointCommits;
    private final LaneProperties properties;
    private final ExecutorService executor;
    private final Semaphore parking;
    private final Engine engine;

    Lanes(
            GroupCommit commits,
            JointCommit jointCommits,
            LaneProperties properties,
            AdmissionProperties admission,
            ExecutorService laneExecutor,
            Engine engine) {
        requirePlacesToSpare(properties, admission);
        this.commits = commits;
        this.jointCommits = jointCommits;
        this.properties = properties;
        this.parking = new Semaphore(properties.maxParked());
        this.executor = laneExecutor;
        this.engine = engine;
    }

    /* Parked batches keep their places: with all of a sink's share, what they wait for would find none. */
    private static void requirePlacesToSpare(LaneProperties properties, AdmissionProperties admission) {
        if (properties.maxParked() >= admission.maxRequests() / 2) {
            throw new IllegalArgumentException("sluice.lanes.max-parked (" + properties.maxParked()
                    + ") must be below half of sluice.admission.max-requests (" + admission.maxRequests()
                    + "), which is what one sink may have");
        }
    }

    /** Returns the lane for what spans all partitions of a sink. No partition has the empty name. */
    public Lane ofKeyed(String sink) {
        return of(new PartitionKey(sink, ""));
    }

    /** Returns the lane of a partition. */
    public Lane of(PartitionKey key) {
        Lane lane = lanes.get(key);
        return lane == null ? lanes.computeIfAbsent(key, this::newLane) : lane;
    }

    /** Returns how many batches and tasks wait for their turn in all lanes. */
    public long waiting() {
        return lanes.values().stream().mapToLong(Lane::waiting).sum();
    }

    @Scheduled(fixedDelayString = "${sluice.lanes.recheck:250ms}")
    void sweep() {
        lanes.values().forEach(Lane::sweep);
        groups.values().forEach(GroupQueue::sweep);
    }

    private Lane newLane(PartitionKey key) {
        GroupQueue queue = engine.joint()
                ? groups.computeIfAbsent(key.sink(), sink -> new GroupQueue(jointCommits, properties, this::execute))
                : null;
        return new Lane(key, commits, queue, properties, this::execute, parking);
    }

    private void execute(Runnable work) {
        try {
            executor.execute(work);
        } catch (RejectedExecutionException | OutOfMemoryError e) {
            // The service stops, or there is no room for another thread: what waits is answered all the same.
            work.run();
        }
    }
}
