package dev.sluice.sink;

import java.util.Map;
import java.util.Optional;

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
     * <p>Called once, before the first partition is built, where none of the sink's partitions has a position yet:
     * what is missing may be created. Several replicas may do so at the same time.
     */
    default void prepare() {}

    /**
     * Makes a target ready whose sink has acknowledged records: called in place of {@link #prepare} where any of its
     * partitions has a position. Creates nothing that is missing.
     *
     * <p>Throws {@link LostTargetException} where the target, or what it had, is gone or was replaced by another; a
     * {@link SinkException} otherwise as {@link #prepare} does. {@link Disposition#UNAVAILABLE} where it cannot be told.
     *
     * @param known what {@link #identity} said when the target was last found to be right; empty if that is not known
     */
    default void recognise(Optional<String> known) {
        prepare();
    }

    /**
     * Returns what tells this target from another one in its place, on one line and fit to be shown (no secrets), such
     * as a URL or a table's name and OID; empty where nothing does. Asked for after {@link #prepare} or
     * {@link #recognise}, stored, and handed to the next {@link #recognise}.
     */
    default Optional<String> identity() {
        return Optional.empty();
    }

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

    /**
     * Throws {@link IllegalArgumentException} if a definition should not be put, as things are outside now: where its host
     * leads, say. Called while somebody waits for the answer, for a second at most; not for definitions that are stored
     * already, nor for those of the configuration.
     */
    default void checkNew() {}

    /** Releases what the partitions shared; may never be called. */
    default void close() {}
}
