package dev.sluice.delivery;

import dev.sluice.sink.Guarantee;
import dev.sluice.sink.RawSink;
import dev.sluice.sink.SinkRecord;
import dev.sluice.sink.StatefulSinkPartition;
import java.util.List;

/** A target that is never written to directly: handing on is somebody else's affair. */
record AnySink(List<String> partitions) implements RawSink {

    static Target target(String id) {
        return new Target(id, List.of("0"), Guarantee.EXACTLY_ONCE, new AnySink(List.of("0")), false);
    }

    @Override
    public List<String> listParts() {
        return partitions;
    }

    @Override
    public StatefulSinkPartition<SinkRecord, Void> buildPart(String stepId, String forPart, Void resumeState) {
        throw new UnsupportedOperationException("a target's partitions are built by its own definition");
    }
}
