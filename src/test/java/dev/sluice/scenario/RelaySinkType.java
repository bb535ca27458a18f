package dev.sluice.scenario;

import dev.sluice.delivery.CompositeSinkType;
import dev.sluice.delivery.Target;
import dev.sluice.sink.FixedPartitionedSink;
import dev.sluice.sink.Guarantee;
import java.util.List;

/** A sink made of another: what it is handed goes to the other's partition of the same name. */
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
        return targets.get(0).sink();
    }
}
