package dev.sluice.catalog;

import dev.sluice.sink.FixedPartitionedSink;
import dev.sluice.sink.Guarantee;
import java.util.List;
import java.util.Set;

/** A sink as it is configured, and what was made of it. */
public final class SinkDefinition {

    private final String id;
    private final String type;
    private final List<String> partitions;
    private final Set<String> partitionSet;
    private final Guarantee guarantee;
    private final FixedPartitionedSink<?, ?> sink;

    SinkDefinition(
            String id, String type, List<String> partitions, Guarantee guarantee, FixedPartitionedSink<?, ?> sink) {
        this.id = id;
        this.type = type;
        this.partitions = List.copyOf(partitions);
        this.partitionSet = Set.copyOf(partitions);
        this.guarantee = guarantee;
        this.sink = sink;
    }

    /** Returns the sink's name. */
    public String id() {
        return id;
    }

    /** Returns the name of its type. */
    public String type() {
        return type;
    }

    /** Returns its partitions, in the order of the definition. */
    public List<String> partitions() {
        return partitions;
    }

    /** Whether one of its partitions has that name. */
    public boolean hasPartition(String partition) {
        return partitionSet.contains(partition);
    }

    /** Returns what it promises: computed from type and settings, never taken on the definition's word. */
    public Guarantee guarantee() {
        return guarantee;
    }

    /** Returns the sink itself. */
    public FixedPartitionedSink<?, ?> sink() {
        return sink;
    }
}
