package dev.sluice.delivery;

import dev.sluice.sink.RawSink;
import dev.sluice.sink.RejectedRecord;
import dev.sluice.sink.SinkRecord;
import dev.sluice.sink.StatefulSinkPartition;
import java.util.List;
import java.util.concurrent.ExecutorService;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;

/** Each batch to several sinks, each of which keeps its own position. */
final class FanoutSink implements RawSink {

    private final List<String> partitions;
    private final List<Target> targets;
    private final FanoutSinkProperties settings;
    private final ObjectProvider<TargetWriter> writer;
    private final ExecutorService executor;

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
        targets.forEach(target -> target.sink().check(record));
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
