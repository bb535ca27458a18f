package dev.sluice.sink;

import java.nio.file.Path;
import java.util.Optional;

/**
 * What a sink implements besides whose target belongs to this machine, such as a directory: it may be missing here while
 * other replicas have it.
 *
 * <p>As long as {@link #verifyHere} fails, the service says that it is not ready, so that a load balancer sends writers
 * to the others. Do not implement it where all replicas share the target: they would leave all at once.
 */
public interface LocalTarget {

    /** Returns the directory whose disk records go to, so that operators see what is left of it; empty by default. */
    default Optional<Path> directory() {
        return Optional.empty();
    }

    /**
     * Throws a {@link SinkException} while this machine cannot use the target at all. By default the same as
     * {@link Sink#verify}; narrower where that tells of single partitions, too.
     */
    default void verifyHere() {
        if (this instanceof Sink sink) {
            sink.verify();
        }
    }
}
