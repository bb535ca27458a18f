package dev.sluice.file;

import dev.sluice.file.Manifest.Segment;
import dev.sluice.sink.FixedPartitionedSink;
import dev.sluice.sink.LocalTarget;
import dev.sluice.sink.LostTargetException;
import dev.sluice.sink.LostTargetException.Loss;
import dev.sluice.sink.ReadableLines;
import dev.sluice.sink.ReadableSink;
import dev.sluice.sink.SinkRecord;
import dev.sluice.sink.StatefulSinkPartition;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** Records as lines of files in a directory; how many files to a partition is the layout's business. */
final class FileSink<S> implements FixedPartitionedSink<SinkRecord, S>, LocalTarget, ReadableSink, ReadableLines<S> {

    private final List<String> partitions;
    private final SinkDirectory directory;
    private final Class<S> stateType;
    private final Layout<S> layout;
    private final Runnable unregister;
    private final Watches watches;
    private final OpenFiles open = new OpenFiles();

    /** How a partition becomes files. */
    interface Layout<S> {

        /** Opens one partition. */
        StatefulSinkPartition<SinkRecord, S> open(String partition, @Nullable S resumeState, Watch watch);

        /** Throws {@link LostTargetException} unless what was acknowledged is there; opens nothing. */
        void requireThere(String partition, S state);

        /** Returns which bytes of which files are the partition's lines, in order. */
        List<Segment> committed(String partition, S state);

        /** Returns the name of the partition's one file, empty if it has many. */
        String file(String partition);
    }

    FileSink(
            List<String> partitions,
            SinkDirectory directory,
            Class<S> stateType,
            Layout<S> layout,
            Watches watches,
            Runnable unregister) {
        this.partitions = List.copyOf(partitions);
        this.directory = directory;
        this.stateType = stateType;
        this.layout = layout;
        this.watches = watches;
        this.unregister = unregister;
    }

    @Override
    public void prepare() {
        directory.create();
    }

    /* What tells files from others in their place is in the snapshots: lengths, names and check sums. */
    @Override
    public void recognise(Optional<String> known) {
        if (directory.isMissing()) {
            throw gone();
        }
        directory.verify();
    }

    @Override
    public void verify() {
        if (directory.isMissing() && watches.findsLosses()) {
            throw gone();
        }
        verifyHere();
        watches.verify();
    }

    private LostTargetException gone() {
        return FileFailure.lost(
                Loss.GONE, directory.configured() + " is not a directory (any more): acknowledged records are gone.");
    }

    @Override
    public Optional<Path> directory() {
        return Optional.of(directory.configured());
    }

    /* A partition that lacks its file does so for all replicas; it is no reason to send writers elsewhere. */
    @Override
    public void verifyHere() {
        directory.verify();
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
    public Class<S> stateType() {
        return stateType;
    }

    @Override
    public SinkRecord decode(SinkRecord record) {
        return record;
    }

    @Override
    public void inspect(String forPart, @Nullable S state) {
        if (state != null) {
            layout.requireThere(forPart, state);
        }
    }

    @Override
    public StatefulSinkPartition<SinkRecord, S> buildPart(String stepId, String forPart, @Nullable S resumeState) {
        Watch watch = watches.of(forPart, layout.file(forPart));
        return watch.opening(
                () -> {
                    if (resumeState != null) {
                        layout.requireThere(forPart, resumeState);
                    }
                },
                () -> open.replace(forPart, () -> opened(forPart, resumeState, watch), StatefulSinkPartition::close));
    }

    private StatefulSinkPartition<SinkRecord, S> opened(String forPart, @Nullable S resumeState, Watch watch) {
        if (resumeState != null) {
            layout.requireThere(forPart, resumeState);
        }
        directory.requireSame();
        return layout.open(forPart, resumeState, watch);
    }

    /** One file has its lines where its bytes are; segments are packed, and go. */
    @Override
    public boolean readable() {
        return stateType == SingleFilePartition.State.class;
    }

    @Override
    public boolean countsBytes() {
        return true;
    }

    @Override
    public long end(long nextOffset, @Nullable String state) {
        return state == null
                ? 0
                : JsonMapper.shared().readTree(state).path("bytes").longValue();
    }

    @Override
    public List<List<Excerpt>> read(String partition, List<Long> positions, long end, int most) {
        String file = layout.file(partition);
        return positions.stream()
                .map(from -> FileReader.read(directory, file, from, end, most))
                .toList();
    }

    @Override
    public void readLines(String forPart, @Nullable S state, LineVisitor visitor) {
        if (state != null) {
            layout.requireThere(forPart, state);
            new WrittenLines(directory).read(layout.committed(forPart, state), visitor);
        }
    }

    @Override
    public List<byte[]> originals(byte[] line) {
        return Lines.originals(line);
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
