package dev.sluice.sink;

/** A {@link StatefulSinkPartition} that marks what it writes with the fencing token of its writer. */
public interface FencedPartition {

    /** Tells the fencing token of the calls that follow, until the next {@code fence}; 0 if there was never one. */
    void fence(long fencingToken);
}
