package dev.sluice.delivery;

import dev.sluice.sink.FixedPartitionedSink;
import dev.sluice.sink.Guarantee;
import java.util.List;

/**
 * A sink that another one is made of.
 *
 * @param partitions in the order of its definition
 * @param guarantee what it promises, computed
 */
public record Target(String id, List<String> partitions, Guarantee guarantee, FixedPartitionedSink<?, ?> sink) {}
