package dev.sluice.delivery;

import dev.sluice.sink.FixedPartitionedSink;
import dev.sluice.sink.Guarantee;
import dev.sluice.sink.SinkRecord;
import java.util.List;

/**
 * A sink that another one is made of.
 *
 * @param partitions in the order of its definition
 * @param guarantee what it promises, computed
 * @param settles whether it settles records that it refuses, as dead letters
 */
public record Target(
        String id, List<String> partitions, Guarantee guarantee, FixedPartitionedSink<?, ?> sink, boolean settles) {

    /** Throws for a record that would stop a batch for it. */
    void check(SinkRecord record) {
        if (!settles) {
            sink.check(record);
        }
    }
}
