package dev.sluice.file;

import dev.sluice.sink.RewindablePartition;
import dev.sluice.sink.SinkException;
import dev.sluice.sink.SinkRecord;
import dev.sluice.sink.StatefulSinkPartition;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A partition that is one file, locked for as long as this object is open. Its mutable state is used by one thread at
 * a time, as the SPI promises.
 */
final class SingleFilePartition
        implements StatefulSinkPartition<SinkRecord, SingleFilePartition.State>,
                RewindablePartition<SingleFilePartition.State> {

    /**
     * Where a file stands.
     *
     * @param bytes its committed length
     * @param tail what its end looked like then, in short: another file of the same shape is no continuation
     */
    record State(int version, long bytes, @Nullable String tail) {

        static final int VERSION = 1;

        static final State START = new State(VERSION, 0, null);

        static State of(AppendFile file) {
            return file.bytes() == 0 ? START : new State(VERSION, file.bytes(), file.tailAt(file.bytes()));
        }

        /** Whether the file looks as it did. */
        boolean describes(AppendFile file) {
            return tail == null || tail.equals(file.tailAt(bytes));
        }
    }

    private final FileLock lock;
    private final AppendFile file;
    private State state;
    private boolean rewound;

    private SingleFilePartition(FileLock lock, AppendFile file) {
        this.lock = lock;
        this.file = file;
        this.state = State.of(file);
    }

    static SingleFilePartition open(SinkDirectory directory, String partition, @Nullable State state) {
        String name = FileNames.encode(partition) + ".ndjson";
        FileLock lock = FileLock.take(directory, name);
        try {
            return new SingleFilePartition(lock, file(directory, name, state));
        } catch (RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    private static AppendFile file(SinkDirectory directory, String name, @Nullable State state) {
        OptionalLong found = directory.size(name);
        long size = found.orElse(0);
        if (state == null && size > 0) {
            throw FileFailure.broken(directory.path(name) + " has " + size
                    + " bytes that this sink has not written; nothing was changed. Move it away, or give the sink"
                    + " another directory");
        }
        State committed = state == null ? State.START : state;
        if (committed.version() != State.VERSION || committed.bytes() < 0) {
            throw FileFailure.broken("the snapshot of " + directory.path(name) + " is not one of this version of"
                    + " Sluice: " + committed);
        }
        if (size < committed.bytes()) {
            throw tooShort(directory, name, found, committed.bytes());
        }
        if (found.isEmpty()) {
            return AppendFile.create(directory, name);
        }
        AppendFile file = AppendFile.open(directory, name, committed.bytes());
        try {
            cut(file, committed, directory.path(name));
            return file;
        } catch (RuntimeException e) {
            file.close();
            throw e;
        }
    }

    private static void cut(AppendFile file, State committed, Path path) {
        if (!file.endsLineAt(file.bytes()) || !committed.describes(file)) {
            throw FileFailure.broken(path
                    + " has something else than this sink has written before its committed length of "
                    + file.bytes() + " bytes: it is another file, or was edited. Nothing was changed. Bring the right"
                    + " one back");
        }
        file.cut();
    }

    private static SinkException tooShort(SinkDirectory directory, String name, OptionalLong found, long bytes) {
        String has = found.isEmpty() ? "is missing" : "has only " + found.getAsLong() + " bytes";
        return FileFailure.broken(directory.path(name) + " " + has + ", but " + bytes + " bytes of it are committed:"
                + " acknowledged records are lost. Nothing was changed. Mount the right disk, or bring the file back"
                + " from a backup");
    }

    @Override
    public void writeBatch(List<SinkRecord> items) {
        if (rewound) {
            throw new IllegalStateException("after a rewind the partition is built anew before it is written to");
        }
        if (!items.isEmpty()) {
            file.append(items, Compression.NONE);
            state = State.of(file);
        }
    }

    @Override
    public State snapshot() {
        return state;
    }

    @Override
    public void rewind(long nextOffset, @Nullable State earlier) {
        if (earlier == null && nextOffset > 0) {
            throw new IllegalArgumentException("the resume state is missing: without one this sink only goes back to"
                    + " offset 0, not to " + nextOffset);
        }
        State target = earlier == null ? State.START : earlier;
        if (target.version() != State.VERSION
                || target.bytes() < 0
                || target.bytes() > state.bytes()
                || !file.endsLineAt(target.bytes())
                || !target.describes(file)) {
            throw new IllegalArgumentException("the resume state of " + target.bytes() + " bytes (version "
                    + target.version() + ") was never this partition's: its file has " + state.bytes()
                    + " bytes, and looks otherwise there");
        }
        state = target;
        rewound = true;
    }

    @Override
    public void close() {
        try {
            file.close();
        } finally {
            lock.close();
        }
    }
}
