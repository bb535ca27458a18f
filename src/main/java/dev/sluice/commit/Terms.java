package dev.sluice.commit;

import dev.sluice.deadletter.DeadLetterPolicy;
import dev.sluice.sink.FixedPartitionedSink;
import org.jspecify.annotations.Nullable;

/**
 * What a sink's definition says of its batches.
 *
 * @param sink as it was defined when the batch came
 * @param maxRanges how many ranges of settled offsets are kept at most, 0 where offsets come in order
 * @param deadLetters within which bounds refused records are settled, null where they stop the batch
 */
public record Terms(
        FixedPartitionedSink<?, ?> sink,
        int maxRanges,
        @Nullable DeadLetterPolicy deadLetters) {}
