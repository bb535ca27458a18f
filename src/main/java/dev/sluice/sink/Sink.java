package dev.sluice.sink;

import java.util.Map;

/**
 * A named destination: either {@link FixedPartitionedSink fixed-partitioned} (stateful, resumable) or
 * {@link DynamicSink dynamic} (stateless workers).
 *
 * <p>A sink object lives as long as its definition. It holds what its partitions share; its methods may be called by
 * several threads at once.
 */
public sealed interface Sink permits FixedPartitionedSink, DynamicSink {

    /**
     * Makes the target ready, or throws a {@link SinkException} that says what is wrong with it.
     *
     * <p>Called once, before the first partition is built; several replicas may do so at the same time.
     */
    default void prepare() {}

    /**
     * Throws a {@link SinkException} if the target could not be written to now; writes nothing.
     *
     * <p>Called for health checks, every few seconds at most.
     */
    default void verify() {}

    /**
     * Returns what operators should see of the target, by name: the state of a circuit breaker, say. Shown with the
     * definition and in the health; must return at once and contain no secrets.
     */
    default Map<String, Object> status() {
        return Map.of();
    }

    /** Releases what the partitions shared; may never be called. */
    default void close() {}
}
