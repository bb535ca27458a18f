package dev.sluice.file;

import dev.sluice.sink.DynamicSink;
import dev.sluice.sink.LocalTarget;
import dev.sluice.sink.SinkRecord;
import dev.sluice.sink.StatelessSinkPartition;
import java.nio.file.Path;
import java.util.Optional;

/** Records as lines of one file for each worker, {@code <sink>.worker_<index>}; what is there is never changed. */
final class FileDynamicSink implements DynamicSink<SinkRecord>, LocalTarget {

    private final String id;
    private final SinkDirectory directory;
    private final Watches watches;
    private final Runnable unregister;
    private final OpenFiles open = new OpenFiles();

    FileDynamicSink(String id, SinkDirectory directory, Watches watches, Runnable unregister) {
        this.id = id;
        this.directory = directory;
        this.watches = watches;
        this.unregister = unregister;
    }

    @Override
    public void prepare() {
        directory.create();
    }

    @Override
    public void verify() {
        verifyHere();
        watches.verify();
    }

    @Override
    public Optional<Path> directory() {
        return Optional.of(directory.configured());
    }

    @Override
    public void verifyHere() {
        directory.verify();
    }

    @Override
    public SinkRecord decode(SinkRecord record) {
        return record;
    }

    @Override
    public StatelessSinkPartition<SinkRecord> build(String stepId, int workerIndex, int workerCount) {
        String name = FileNames.encode(id) + ".worker_" + workerIndex;
        Watch watch = watches.of(name, name);
        return watch.opening(
                () -> {}, () -> open.replace(name, () -> FileWorker.open(directory, name, watch), FileWorker::close));
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
