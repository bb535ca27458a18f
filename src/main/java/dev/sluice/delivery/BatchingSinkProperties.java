package dev.sluice.delivery;

import dev.sluice.sink.Bounds;
import dev.sluice.sink.Description;
import java.time.Duration;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/** The settings of a batching sink. */
@Description("Accepts records durably at once, and delivers them to another sink in batches of its own making.")
record BatchingSinkProperties(
        @Description("The id of the sink that the records go to.")
        String target,

        @Description("How many records are delivered together at most; as many as this are delivered at once.")
        @Bounds(least = "1", most = "10000")
        @DefaultValue("1000")
        int batchSize,

        @Description("How many bytes are delivered together at most, unless one record has more.")
        @Bounds(least = "1B", most = "4MB")
        @DefaultValue("1MB")
        DataSize batchBytes,

        @Description("How long a record waits for others at most.") @Bounds(least = "1ns") @DefaultValue("30s")
        Duration flushInterval,

        @Description(
                "How many records of a partition may wait; more are refused until some are delivered. At least batch-size.")
        @DefaultValue("1000000")
        long maxBacklog) {

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
