package dev.sluice.file;

import dev.sluice.file.Manifest.Segment;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Partitions that are one file each. */
record SingleLayout(SinkDirectory directory) implements FileSink.Layout<SingleFilePartition.State> {

    @Override
    public SingleFilePartition open(String partition, SingleFilePartition.@Nullable State state, Watch watch) {
        return SingleFilePartition.open(directory, file(partition), state, watch);
    }

    @Override
    public void requireThere(String partition, SingleFilePartition.State state) {
        SingleFilePartition.requireThere(directory, file(partition), state);
    }

    @Override
    public List<Segment> committed(String partition, SingleFilePartition.State state) {
        return state.bytes() == 0 ? List.of() : List.of(new Segment(file(partition), state.bytes()));
    }

    @Override
    public String file(String partition) {
        return FileNames.encode(partition) + ".ndjson";
    }
}
