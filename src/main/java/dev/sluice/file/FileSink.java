package dev.sluice.file;

import dev.sluice.sink.FixedPartitionedSink;
import dev.sluice.sink.LocalTarget;
import dev.sluice.sink.SinkRecord;
import dev.sluice.sink.StatefulSinkPartition;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Records as lines of files in a directory; how many files to a partition is the layout's business. */
final class FileSink<S> implements FixedPartitionedSink<SinkRecord, S>, LocalTarget {

    private final List<String> partitions;
    private final SinkDirectory directory;
    private final Class<S> stateType;
    private final Layout<S> layout;
    private final Runnable unregister;
    private final OpenFiles open = new OpenFiles();

    /** Opens one partition. */
    interface Layout<S> {
        StatefulSinkPartition<SinkRecord, S> open(String partition, @Nullable S resumeState);
    }

    FileSink(
            List<String> partitions,
            SinkDirectory directory,
            Class<S> stateType,
            Layout<S> layout,
            Runnable unregister) {
        this.partitions = List.copyOf(partitions);
        this.directory = directory;
        this.stateType = stateType;
        this.layout = layout;
        this.unregister = unregister;
    }

    @Override
    public void prepare() {
        directory.create();
    }

    @Override
    public void verify() {
        directory.verify();
    }

    @Override
    public List<String> listParts() {
        return partitions;
    }

    @Override
    public Class<S> stateType() {
        return stateType;
    }

    @Override
    public SinkRecord decode(SinkRecord record) {
        return record;
    }

    @Override
    public StatefulSinkPartition<SinkRecord, S> buildPart(String stepId, String forPart, @Nullable S resumeState) {
        return open.replace(forPart, () -> layout.open(forPart, resumeState), StatefulSinkPartition::close);
    }

    @Override
    public void close() {
        try {
            open.close();
        } finally {
            unregister.run();
        }
    }
}
