package dev.sluice.delivery;

import dev.sluice.sink.FixedPartitionedSink;
import dev.sluice.sink.Guarantee;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ExecutorService;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/** {@code type: fanout}. */
@Component
class FanoutSinkType implements CompositeSinkType<FanoutSinkProperties> {

    private final ObjectProvider<TargetWriter> writer;
    private final ExecutorService deliveryExecutor;

    FanoutSinkType(ObjectProvider<TargetWriter> writer, ExecutorService deliveryExecutor) {
        this.writer = writer;
        this.deliveryExecutor = deliveryExecutor;
    }

    @Override
    public String name() {
        return "fanout";
    }

    @Override
    public Class<FanoutSinkProperties> settingsType() {
        return FanoutSinkProperties.class;
    }

    @Override
    public List<String> targets(FanoutSinkProperties settings) {
        return settings.targets();
    }

    @Override
    public Guarantee guarantee(FanoutSinkProperties settings, List<Target> targets) {
        return targets.stream()
                .map(Target::guarantee)
                .min(Comparator.naturalOrder())
                .orElseThrow();
    }

    @Override
    public FixedPartitionedSink<?, ?> create(String id, FanoutSinkProperties settings, List<Target> targets) {
        List<String> common = new ArrayList<>(targets.get(0).partitions());
        targets.forEach(target -> common.retainAll(target.partitions()));
        if (common.isEmpty()) {
            throw new IllegalArgumentException("targets: " + String.join(", ", settings.targets())
                    + " have no partition in common; a fan-out has the partitions that all of them have");
        }
        List<String> byKey = targets.stream()
                .filter(target -> target.sink().takesKeysOfTombstones())
                .map(Target::id)
                .toList();
        if (!byKey.isEmpty() && byKey.size() < targets.size()) {
            throw new IllegalArgumentException("targets: " + String.join(", ", byKey)
                    + " take the keys of tombstones (tombstones: by-key), and the others take null; all of a fan-out"
                    + " get the same records");
        }
        return new FanoutSink(common, targets, settings, writer, deliveryExecutor);
    }
}
