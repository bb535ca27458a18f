package dev.sluice.scenario;

import dev.sluice.sink.FixedPartitionedSink;
import dev.sluice.sink.Guarantee;
import dev.sluice.sink.SinkRecord;
import dev.sluice.sink.SinkType;
import dev.sluice.sink.StatefulSinkPartition;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A sink of somebody's own that logs what it writes, also where batches of several partitions go together. */
class TellingSinkType implements SinkType<TellingSinkType.Settings> {

    private static final Logger log = LoggerFactory.getLogger(TellingSinkType.class);

    record Settings() {}

    @Override
    public String name() {
        return "telling";
    }

    @Override
    public Class<Settings> settingsType() {
        return Settings.class;
    }

    @Override
    public Guarantee guarantee(Settings settings) {
        return Guarantee.AT_LEAST_ONCE;
    }

    @Override
    public TellingSink create(String id, List<String> partitions, Settings settings) {
        return new TellingSink(partitions);
    }

    record TellingSink(List<String> partitions) implements FixedPartitionedSink<SinkRecord, Void> {

        @Override
        public List<String> listParts() {
            return partitions;
        }

        @Override
        public boolean groups() {
            return true;
        }

        @Override
        public Class<Void> stateType() {
            return Void.class;
        }

        @Override
        public SinkRecord decode(SinkRecord record) {
            return record;
        }

        @Override
        public StatefulSinkPartition<SinkRecord, Void> buildPart(
                String stepId, String forPart, @Nullable Void resumeState) {
            return new TellingPartition(forPart);
        }
    }

    private record TellingPartition(String name) implements StatefulSinkPartition<SinkRecord, Void> {

        @Override
        public void writeBatch(List<SinkRecord> items) {
            log.info("Writing to {}.", name);
        }

        @Override
        public @Nullable Void snapshot() {
            return null;
        }
    }
}
