package dev.sluice.history;

import dev.sluice.snapshot.PartitionKey;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How things stood at one moment, for all replicas.
 *
 * @param reports of the processes that live, by their names
 * @param waiting by sink, those that have something to deliver
 * @param partitions those that were asked for and have ever been used
 */
public record Standing(
        Map<String, Report> reports, Map<String, Waiting> waiting, Map<PartitionKey, Position> partitions) {

    /**
     * What is accepted and not delivered.
     *
     * @param oldestSeconds for how long the record that has waited longest has
     */
    public record Waiting(long records, double oldestSeconds) {
        static final Waiting NOTHING = new Waiting(0, 0);
    }

    /**
     * Where a partition stands.
     *
     * @param deliveredOffset of a buffer only
     */
    public record Position(
            long nextOffset,
            @Nullable Long deliveredOffset,
            @Nullable String owner,
            @Nullable Instant updatedAt) {}

    /** Returns how many replicas live. */
    public int replicas() {
        return reports.size();
    }
}
