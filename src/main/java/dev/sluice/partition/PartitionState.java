package dev.sluice.partition;

import dev.sluice.catalog.SinkDefinition;
import java.util.Set;

/**
 * A state in which a sink or a partition may be besides what its row tells. A bean for each: its name is a filter of
 * the lists of sinks and partitions ({@code ?failing=true}) and a count among the totals of a sink. Thread-safe.
 */
public interface PartitionState {

    /** Returns the name of the filter: lower case, with dashes. */
    String name();

    /** Returns the sink's partitions that are in this state. Asked for with each page: answers from memory. */
    Set<String> of(SinkDefinition sink);

    /** Whether the sink, or any of its partitions, is in this state. */
    default boolean holdsFor(SinkDefinition sink) {
        return !of(sink).isEmpty();
    }
}
