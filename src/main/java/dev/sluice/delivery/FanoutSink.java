package dev.sluice.delivery;

import dev.sluice.sink.JointFanout;
import dev.sluice.sink.JointSink;
import dev.sluice.sink.RawSink;
import dev.sluice.sink.RejectedRecord;
import dev.sluice.sink.SinkRecord;
import dev.sluice.sink.StatefulSinkPartition;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;

/** Each batch to several sinks, each of which keeps its own position; in one transaction where all of them can. */
final class FanoutSink implements RawSink, JointFanout {

    private final List<String> partitions;
    private final List<Target> targets;
    private final FanoutSinkProperties settings;
    private final ObjectProvider<TargetWriter> writer;
    private final ExecutorService executor;
    private final SortedMap<String, JointSink> jointTargets;

    FanoutSink(
            List<String> partitions,
            List<Target> targets,
            FanoutSinkProperties settings,
            ObjectProvider<TargetWriter> writer,
            ExecutorService executor) {
        this.partitions = List.copyOf(partitions);
        this.targets = List.copyOf(targets);
        this.settings = settings;
        this.writer = writer;
        this.executor = executor;
        this.jointTargets = jointTargets(targets, settings);
    }

    /* One that starts later than the fan-out does not always take all of a batch. */
    private static SortedMap<String, JointSink> jointTargets(List<Target> targets, FanoutSinkProperties settings) {
        SortedMap<String, JointSink> joint = new TreeMap<>();
        for (Target target : targets) {
            if (target.sink() instanceof JointSink sink) {
                joint.put(target.id(), sink);
            }
        }
        return joint.size() == targets.size() && settings.startAt().isEmpty()
                ? Collections.unmodifiableSortedMap(joint)
                : Collections.emptySortedMap();
    }

    @Override
    public SortedMap<String, JointSink> jointTargets() {
        return jointTargets;
    }

    @Override
    public List<String> listParts() {
        return partitions;
    }

    @Override
    public boolean groups() {
        return true;
    }

    @Override
    public int partFn(String itemKey) {
        return targets.get(0).sink().partFn(itemKey);
    }

    @Override
    public void check(SinkRecord record) {
        targets.forEach(target -> target.check(record));
    }

    @Override
    public boolean takesKeysOfTombstones() {
        return targets.stream().allMatch(target -> target.sink().takesKeysOfTombstones());
    }

    @Override
    public boolean makesRoomFor(RejectedRecord refused) {
        return targets.stream().anyMatch(target -> target.sink().makesRoomFor(refused));
    }

    @Override
    public void makeRoom(Iterable<SinkRecord> records) {
        targets.forEach(target -> target.sink().makeRoom(records));
    }

    @Override
    public StatefulSinkPartition<SinkRecord, Void> buildPart(
            String stepId, String forPart, @Nullable Void resumeState) {
        return new FanoutSinkPartition(
                forPart,
                targets.stream()
                        .map(target -> new FanoutChild(
                                target.id(), forPart, settings.startAt().get(target.id()), writer.getObject()))
                        .toList(),
                executor);
    }
}
