package dev.sluice.file;

import dev.sluice.sink.SinkRecord;
import dev.sluice.sink.StatelessSinkPartition;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A worker that appends to its file, locked for as long as this object is open. Its mutable state is used by one
 * thread at a time, as the SPI promises.
 */
final class FileWorker implements StatelessSinkPartition<SinkRecord> {

    private final SinkDirectory directory;
    private final String name;
    private final FileLock lock;
    private @Nullable AppendFile file;

    private FileWorker(SinkDirectory directory, String name, FileLock lock) {
        this.directory = directory;
        this.name = name;
        this.lock = lock;
    }

    static FileWorker open(SinkDirectory directory, String name) {
        return new FileWorker(directory, name, FileLock.take(directory, name));
    }

    @Override
    public void writeBatch(List<SinkRecord> items) {
        if (items.isEmpty()) {
            return;
        }
        AppendFile current = file == null ? reopened() : file;
        file = current;
        try {
            current.append(items, Compression.NONE);
        } catch (RuntimeException e) {
            file = null;
            current.close();
            throw e;
        }
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
