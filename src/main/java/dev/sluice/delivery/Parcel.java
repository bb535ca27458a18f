package dev.sluice.delivery;

import dev.sluice.sink.SinkBatch;
import dev.sluice.sink.SinkRecord;
import dev.sluice.snapshot.PartitionKey;
import java.util.List;

/** An intent of a partition that this process has claimed, with its records and the trace of its delivery. */
record Parcel(PartitionKey key, Intent intent, List<SinkRecord> records, DeliveryTrace delivery) {

    SinkBatch<SinkRecord> batch() {
        return new SinkBatch<>(intent.from(), intent.end(), records)
                .in(delivery.trace().traceparent(), null);
    }

    long bytes() {
        return records.stream().mapToLong(SinkRecord::length).sum();
    }
}
