package dev.sluice.file;

import dev.sluice.sink.Disposition;
import dev.sluice.sink.LostTargetException;
import dev.sluice.sink.SinkException;
import dev.sluice.sink.SinkRecord;
import dev.sluice.sink.StatelessSinkPartition;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A worker that appends to its file, locked for as long as this object is open. A file that somebody takes away is missed
 * once, by a write that is refused; the next one begins it anew, for workers keep no positions to compare with. Its mutable state is used by one
 * thread at a time, as the SPI promises.
 */
final class FileWorker implements StatelessSinkPartition<SinkRecord> {

    private final SinkDirectory directory;
    private final String name;
    private final FileLock lock;
    private final Watch watch;
    private @Nullable AppendFile file;

    private FileWorker(SinkDirectory directory, String name, FileLock lock, Watch watch) {
        this.directory = directory;
        this.name = name;
        this.lock = lock;
        this.watch = watch;
    }

    static FileWorker open(SinkDirectory directory, String name, Watch watch) {
        return new FileWorker(directory, name, FileLock.take(directory, name), watch);
    }

    @Override
    public void writeBatch(List<SinkRecord> items) {
        if (!items.isEmpty()) {
            watch.writing(() -> write(items));
        }
    }

    private void write(List<SinkRecord> items) {
        directory.requireSame();
        AppendFile current = file == null ? reopened() : file;
        file = current;
        try {
            current.append(items, Compression.NONE);
        } catch (RuntimeException e) {
            file = null;
            current.close();
            throw e instanceof LostTargetException lost ? missedOnce(lost) : e;
        }
    }

    private static SinkException missedOnce(LostTargetException lost) {
        return new SinkException(
                Disposition.UNAVAILABLE,
                lost.getMessage() + "; this write was not done, the next one goes on with the file that is there then,"
                        + " or makes it",
                lost);
    }

    private AppendFile reopened() {
        OptionalLong size = directory.size(name);
        if (size.isEmpty()) {
            return AppendFile.create(directory, name);
        }
        AppendFile found = AppendFile.open(directory, name, size.getAsLong());
        found.endLineFirst();
        return found;
    }

    @Override
    public void close() {
        try {
            if (file != null) {
                file.close();
            }
        } finally {
            lock.close();
        }
    }
}
