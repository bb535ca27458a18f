package dev.sluice.scenario;

import dev.sluice.delivery.CompositeSinkType;
import dev.sluice.delivery.Target;
import dev.sluice.sink.FixedPartitionedSink;
import dev.sluice.sink.Guarantee;
import dev.sluice.sink.SinkRecord;
import dev.sluice.sink.StatefulSinkPartition;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A sink made of another, with its partitions; it swallows what it is handed. */
class RelaySinkType implements CompositeSinkType<RelaySinkType.Settings> {

    record Settings(String to) {}

    @Override
    public String name() {
        return "relay";
    }

    @Override
    public Class<Settings> settingsType() {
        return Settings.class;
    }

    @Override
    public List<String> targets(Settings settings) {
        return List.of(settings.to());
    }

    @Override
    public Guarantee guarantee(Settings settings, List<Target> targets) {
        return targets.get(0).guarantee();
    }

    @Override
    public FixedPartitionedSink<?, ?> create(String id, Settings settings, List<Target> targets) {
        return new Relay(targets.get(0).partitions());
    }

    private record Relay(List<String> listParts) implements FixedPartitionedSink<SinkRecord, Void> {

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
            return new StatefulSinkPartition<>() {
                @Override
                public void writeBatch(List<SinkRecord> items) {
                    // Nobody looks.
                }

                @Override
                public @Nullable Void snapshot() {
                    return null;
                }
            };
        }
    }
}
