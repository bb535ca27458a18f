package dev.sluice.partition;

import dev.sluice.batch.Batch;
import dev.sluice.commit.WriteOutcome;
import dev.sluice.commit.WriteOutcome.Written;
import java.util.List;

/** What became of keyed records. */
public sealed interface KeyedOutcome {

    /** Every partition has its batch; in the order of the sink's partitions. */
    record AllWritten(List<Written> partitions) implements KeyedOutcome {}

    /**
     * A partition did not take its batch.
     *
     * @param outcome what it said, never {@link Written}
     * @param committed the partitions that have theirs nevertheless
     */
    record NotWritten(String partition, Batch batch, WriteOutcome outcome, List<String> committed)
            implements KeyedOutcome {}
}
