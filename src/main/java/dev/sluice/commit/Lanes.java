package dev.sluice.commit;

import dev.sluice.admission.AdmissionProperties;
import dev.sluice.sink.Engine;
import dev.sluice.snapshot.PartitionKey;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/** The lanes of all partitions; as many as partitions are configured, made when first used. */
@Component
public class Lanes {

    private final Map<PartitionKey, Lane> lanes = new ConcurrentHashMap<>();
    private final Map<String, Rounds> rounds = new ConcurrentHashMap<>();
    private final Committer committer;
    private final LaneProperties properties;
    private final LaneThreads threads;
    private final Semaphore parking;
    private final Engine engine;
    private final CommitMeters meters;

    /** What waits for a sink's partitions: batches and tasks, their bytes, and batches that wait for their predecessor. */
    public record Load(long waiting, long bytes, long parked) {

        /** Nothing waits. */
        public static final Load NONE = new Load(0, 0, 0);

        private Load plus(Load other) {
            return new Load(waiting + other.waiting, bytes + other.bytes, parked + other.parked);
        }
    }

    Lanes(
            Committer committer,
            LaneProperties properties,
            AdmissionProperties admission,
            LaneThreads threads,
            Engine engine,
            CommitMeters commitMeters,
            MeterRegistry meters) {
        requirePlacesToSpare(properties, admission);
        Gauge.builder("sluice.lanes.sending", this, Lanes::sending)
                .description("batches that are being sent to targets outside the database")
                .register(meters);
        this.committer = committer;
        this.properties = properties;
        this.parking = new Semaphore(properties.maxParked());
        this.threads = threads;
        this.engine = engine;
        this.meters = commitMeters;
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

    /** Returns what waits, by sink; looks at every lane. */
    public Map<String, Load> load() {
        Map<String, Load> bySink = new HashMap<>();
        lanes.forEach((key, lane) -> bySink.merge(key.sink(), lane.load(), Load::plus));
        return bySink;
    }

    /** Returns how many batches of all sinks are being sent, and are not recorded yet. */
    private double sending() {
        return rounds.values().stream().mapToInt(Rounds::sending).sum();
    }

    @Scheduled(fixedDelayString = "${sluice.lanes.recheck:250ms}")
    void sweep() {
        lanes.values().forEach(Lane::sweep);
        rounds.values().forEach(Rounds::sweep);
    }

    private Lane newLane(PartitionKey key) {
        Rounds ofSink = rounds.computeIfAbsent(
                key.sink(), sink -> new Rounds(committer, properties, engine.joint(), threads, meters));
        return new Lane(key, ofSink, properties, parking);
    }
}
