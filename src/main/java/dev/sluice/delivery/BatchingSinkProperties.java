package dev.sluice.delivery;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * The settings of a batching sink.
 *
 * @param target the sink that the records go to
 * @param batchSize records that are delivered together at most; as many as this are delivered at once
 * @param batchBytes bytes that are delivered together at most, unless one record has more
 * @param flushInterval how long a record waits for others at most
 * @param maxBacklog records of a partition that may wait; more are refused until some are delivered
 */
record BatchingSinkProperties(
        @Nullable String target,
        @DefaultValue("1000") int batchSize,
        @DefaultValue("1MB") DataSize batchBytes,
        @DefaultValue("30s") Duration flushInterval,
        @DefaultValue("1000000") long maxBacklog) {

    private static final int MOST_RECORDS = 10_000;
    private static final DataSize MOST_BYTES = DataSize.ofMegabytes(4);

    BatchingSinkProperties {
        require(target != null && !target.isBlank(), "target", "the id of the sink that the records go to");
        require(batchSize >= 1 && batchSize <= MOST_RECORDS, "batch-size", "1 to " + MOST_RECORDS);
        require(
                batchBytes.toBytes() >= 1 && batchBytes.compareTo(MOST_BYTES) <= 0,
                "batch-bytes",
                "1B to " + MOST_BYTES.toMegabytes() + "MB");
        require(!flushInterval.isNegative() && !flushInterval.isZero(), "flush-interval", "a duration, like 30s");
        require(maxBacklog >= batchSize, "max-backlog", "batch-size or more");
    }

    private static void require(boolean holds, String key, String expected) {
        if (!holds) {
            throw new IllegalArgumentException(key + ": must be " + expected);
        }
    }
}
