package dev.sluice.file;

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
    public String file(String partition) {
        return FileNames.encode(partition) + ".ndjson";
    }
}
