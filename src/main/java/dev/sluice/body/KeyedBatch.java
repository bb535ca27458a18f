package dev.sluice.body;

import dev.sluice.batch.Batch;
import java.util.List;

/**
 * Keyed records, each in the batch of its partition.
 *
 * @param partitions a batch for each partition of the sink, in its order; all cover {@code [first, end)}
 * @param count records in all of them together
 */
public record KeyedBatch(long first, long end, long count, List<Batch> partitions) implements AutoCloseable {

    @Override
    public void close() {
        partitions.forEach(Batch::close);
    }
}
