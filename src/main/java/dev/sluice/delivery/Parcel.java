package dev.sluice.delivery;

import dev.sluice.sink.SinkBatch;
import dev.sluice.sink.SinkRecord;
import dev.sluice.snapshot.PartitionKey;
import java.util.List;

/** An intent of a partition that this process has claimed, with its records. */
record Parcel(PartitionKey key, Intent intent, List<SinkRecord> records) {

    SinkBatch<SinkRecord> batch() {
        return new SinkBatch<>(intent.from(), intent.end(), records);
    }

    long bytes() {
        return records.stream().mapToLong(SinkRecord::length).sum();
    }
}
