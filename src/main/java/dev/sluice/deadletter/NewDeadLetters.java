package dev.sluice.deadletter;

import dev.sluice.sink.RejectedRecord;
import dev.sluice.sink.SinkRecord;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Records of one batch that become dead letters.
 *
 * @param fencingToken the partition's, as it is written
 * @param records how many records of the batch are settled, these included
 * @param settled how many records the partition has settled at and above {@code countedFrom} then
 * @param traceId of the request that brought them, null where they were handed on without one
 */
public record NewDeadLetters(
        String partition,
        long fencingToken,
        long records,
        long settled,
        long countedFrom,
        @Nullable String traceId,
        List<Letter> letters) {

    /**
     * A refused record.
     *
     * @param hash of its bytes, as its receipt has it
     * @param number the partition's count of records at this one, itself included
     */
    public record Letter(SinkRecord record, long hash, long number, RejectedRecord why) {}
}
