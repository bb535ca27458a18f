package dev.sluice.sink;

/** A {@link StatefulSinkPartition} that marks what it writes with the fencing token of its writer, or with its own life. */
public interface FencedPartition {

    /**
     * Tells what holds for the calls that follow, until the next {@code fence}.
     *
     * @param fencingToken the writer's; 0 if there was never one
     * @param life rises each time that the sink is deleted and defined anew, so that its offsets begin at 0 again; 0 in
     *     its first life
     */
    void fence(long fencingToken, long life);
}
