package dev.sluice.sink;

/**
 * What a sink implements besides whose target belongs to this machine, such as a directory: it may be missing here while
 * other replicas have it.
 *
 * <p>As long as {@link Sink#verify} of such a sink fails, the service says that it is not ready, so that a load balancer
 * sends writers to the others. Do not implement it where all replicas share the target: they would leave all at once.
 */
public interface LocalTarget {}
