package dev.sluice.telemetry;

import java.util.Map;

/**
 * What the database knew at one moment, which is the same for all replicas.
 *
 * @param buffers by sink, those that have something to deliver
 * @param partitions by sink, those that have ever been written to or opened
 * @param deadLetters by sink, where some are open
 * @param replicas how many live
 * @param measuring the name of the replica that measures what is costly to measure, empty if none lives
 */
record Numbers(
        Map<String, Buffered> buffers,
        Map<String, Used> partitions,
        Map<String, DeadLetters> deadLetters,
        long replicas,
        String measuring) {

    /**
     * What waits in a buffer.
     *
     * @param oldestSeconds for how long the record that has waited longest has
     * @param fullest how many records wait in the partition where most do
     */
    record Buffered(long records, long bytes, double oldestSeconds, long fullest) {
        static final Buffered NOTHING = new Buffered(0, 0, 0, 0);
    }

    /**
     * Dead letters about which somebody has to decide.
     *
     * @param oldestSeconds for how long the first of them has been one
     */
    record DeadLetters(long open, double oldestSeconds) {
        static final DeadLetters NONE = new DeadLetters(0, 0);
    }

    /**
     * Partitions of a sink.
     *
     * @param active written to or opened within ten minutes
     * @param opened so that batches need a fencing token
     */
    record Used(long active, long opened) {
        static final Used NONE = new Used(0, 0);
    }
}
