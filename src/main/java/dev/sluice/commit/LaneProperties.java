package dev.sluice.commit;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * How batches queue for their commit.
 *
 * @param maxWaiting batches that may wait for one partition; one more is answered with 429
 * @param maxWaitingBytes what these may hold together; one batch may always wait
 * @param maxParked batches that may wait for their predecessor, in all partitions together; one more is told of its gap
 *     at once. Each keeps its place, so this stays below half of sluice.admission.max-requests
 * @param maxWait how long a batch may queue before it is answered with 429
 * @param groupRecords records that are committed together at most, unless a single batch has more
 * @param groupBytes bytes that are committed together at most, unless a single batch has more
 * @param jointBytes up to this, batches of several partitions of a sink are committed together, where the sink can; who
 *     has more waiting is committed by itself
 * @param jointGroups groups of several partitions that are under way at once for one sink; a further one begins when it
 *     is as large as those, unless they hang for longer than recheck
 * @param sends batches of one sink that are being sent at once, and partitions that are committed together at most
 * @param concurrentCommits transactions at once; fewer than the connection pool has connections
 * @param recheck how often a batch that waits for its predecessor looks whether another replica has written it, and
 *     whether groups under way hang
 */
@ConfigurationProperties(prefix = "sluice.lanes", ignoreUnknownFields = false)
record LaneProperties(
        @DefaultValue("1000") int maxWaiting,
        @DefaultValue("256MB") DataSize maxWaitingBytes,
        @DefaultValue("250") int maxParked,
        @DefaultValue("30s") Duration maxWait,
        @DefaultValue("100000") int groupRecords,
        @DefaultValue("32MB") DataSize groupBytes,
        @DefaultValue("1MB") DataSize jointBytes,
        @DefaultValue("2") int jointGroups,
        @DefaultValue("256") int sends,
        @DefaultValue("8") int concurrentCommits,
        @DefaultValue("250ms") Duration recheck) {

    LaneProperties {
        require(maxWaiting > 0, "max-waiting", "1 or more");
        require(maxWaitingBytes.toBytes() > 0, "max-waiting-bytes", "a size, like 256MB");
        require(maxParked >= 0, "max-parked", "0 or more");
        require(maxWait.toMillis() > 0, "max-wait", "a duration, like 30s");
        require(groupRecords > 0, "group-records", "1 or more");
        require(groupBytes.toBytes() > 0, "group-bytes", "a size, like 32MB");
        require(jointBytes.toBytes() > 0, "joint-bytes", "a size, like 128KB");
        require(jointGroups > 0, "joint-groups", "1 or more");
        require(sends > 0, "sends", "1 or more");
        require(concurrentCommits > 0, "concurrent-commits", "1 or more");
        require(recheck.toMillis() > 0, "recheck", "a duration, like 250ms");
    }

    private static void require(boolean holds, String key, String expected) {
        if (!holds) {
            throw new IllegalArgumentException("sluice.lanes." + key + " must be " + expected);
        }
    }
}
