package dev.sluice.outcome;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a sink has fared since this process was started.
 *
 * @param lasting whether it has had nothing but failures for longer than {@code sluice.health.failing-after}
 * @param failingSince when the first failure since the last success was; null if the last try succeeded
 * @param failures how many there were since then
 * @param problem the type of the last one's problem, null if there is none
 * @param message what the last one said
 * @param failingPartitions those that have been failing for longer than {@code sluice.health.failing-after}, the first
 *     {@value Window#MOST_NAMED} of them
 * @param failingPartitionCount how many there are in all
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record SinkOutcome(
        @JsonIgnore boolean lasting,
        @Nullable Instant failingSince,
        long failures,
        @Nullable String problem,
        @Nullable String message,
        @Nullable Instant lastSuccess,
        List<FailingPartition> failingPartitions,
        long failingPartitionCount) {

    /** A partition that fails, while others may not. */
    public record FailingPartition(String partition, Instant since, long failures, String problem, String message) {}

    static final SinkOutcome NONE = new SinkOutcome(false, null, 0, null, null, null, List.of(), 0);

    /** Whether anything has succeeded or failed. */
    @JsonIgnore
    public boolean tried() {
        return lastSuccess != null || failingSince != null || failingPartitionCount > 0;
    }

    /** Returns in a sentence what fails for all, empty if not all of it fails. */
    @JsonIgnore
    public String sentence() {
        return lasting
                ? "nothing but failures since " + failingSince + " (" + failures + "), the last one: " + problem + ", "
                        + message
                : "";
    }

    /** Returns in a sentence what fails for single partitions, empty if there are none. */
    @JsonIgnore
    public String partitionsSentence() {
        if (failingPartitions.isEmpty()) {
            return "";
        }
        FailingPartition first = failingPartitions.get(0);
        return failingPartitionCount + (failingPartitionCount == 1 ? " partition fails" : " partitions fail") + ": '"
                + first.partition() + "' since " + first.since() + " (" + first.failures() + "): " + first.problem()
                + ", " + first.message();
    }
}
