package dev.sluice.sink;

/** A {@link FixedPartitionedSink} that takes records as they are and needs no resume state. */
public interface RawSink extends FixedPartitionedSink<SinkRecord, Void> {

    @Override
    default Class<Void> stateType() {
        return Void.class;
    }

    @Override
    default SinkRecord decode(SinkRecord record) {
        return record;
    }
}
