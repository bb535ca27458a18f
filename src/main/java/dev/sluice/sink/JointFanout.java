package dev.sluice.sink;

import java.util.SortedMap;

/**
 * A sink that brings each batch to the same partition of other sinks. Where all of these are {@link JointSink joint} the
 * service writes to them, and advances their snapshots, in the transaction that advances its own; where that fails, and
 * otherwise, its partitions send ({@link OutboundPartition}).
 */
public interface JointFanout {

    /** Returns the sinks that each batch goes to by their ids, if all of them are joint; none otherwise. */
    SortedMap<String, JointSink> jointTargets();
}
