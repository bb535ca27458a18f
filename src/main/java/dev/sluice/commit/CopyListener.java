package dev.sluice.commit;

import dev.sluice.commit.WriteOutcome.Written;
import dev.sluice.snapshot.PartitionKey;

/** Is told of batches that reached a sink in the transaction of another one. */
public interface CopyListener {

    /** A batch is committed in this partition, too. */
    void written(PartitionKey key, Written outcome);
}
