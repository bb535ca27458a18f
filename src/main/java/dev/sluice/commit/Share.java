package dev.sluice.commit;

import dev.sluice.snapshot.PartitionKey;
import java.util.List;
import java.util.function.BiPredicate;

/**
 * What one partition brings into a group.
 *
 * @param batches in the order of their first offsets
 * @param keep takes an outcome instead of the batch's writer, if it returns true
 */
record Share(PartitionKey key, List<BatchEntry> batches, BiPredicate<BatchEntry, WriteOutcome> keep) {

    /** Tells the writers. */
    void answer(List<WriteOutcome> outcomes) {
        for (int i = 0; i < outcomes.size(); i++) {
            if (!keep.test(batches.get(i), outcomes.get(i))) {
                batches.get(i).answer(outcomes.get(i));
            }
        }
    }

    /** Tells the writers that there is no answer. */
    void fail(PartitionFailure failure) {
        batches.forEach(batch -> batch.fail(failure));
    }
}
