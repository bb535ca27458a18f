package dev.sluice.file;

import dev.sluice.sink.FlushedPartition;
import dev.sluice.sink.RewindablePartition;
import dev.sluice.sink.SinkRecord;
import dev.sluice.sink.StatefulSinkPartition;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A partition that is one file, locked for as long as this object is open. Its mutable state is used by one thread at
 * a time, as the SPI promises.
 */
final class SingleFilePartition
        implements StatefulSinkPartition<SinkRecord, SingleFilePartition.State>,
                FlushedPartition<SinkRecord>,
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
    private final Watch watch;
    private State state;
    private boolean rewound;

    private SingleFilePartition(FileLock lock, AppendFile file, Watch watch) {
        this.lock = lock;
        this.file = file;
        this.watch = watch;
        this.state = State.of(file);
        watch.require(file::requireThere);
    }

    static SingleFilePartition open(SinkDirectory directory, String name, @Nullable State state, Watch watch) {
        FileLock lock = FileLock.take(directory, name);
        try {
            return new SingleFilePartition(lock, file(directory, name, state), watch);
        } catch (RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    /** Throws unless the file has what is committed. */
    static void requireThere(SinkDirectory directory, String name, State committed) {
        OptionalLong found = directory.size(name);
        if (found.orElse(0) < committed.bytes()) {
            throw FileFailure.tooShort(directory.configured().resolve(name), found, committed.bytes());
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
        requireThere(directory, name, committed); // again, now that nobody else writes to it
        if (found.isEmpty()) {
            return AppendFile.create(directory, name);
        }
        AppendFile file = AppendFile.open(directory, name, committed.bytes());
        try {
            if (!file.endsLineAt(file.bytes()) || !committed.describes(file)) {
                throw FileFailure.edited(directory.path(name), file.bytes());
            }
            file.cut();
            return file;
        } catch (RuntimeException e) {
            file.close();
            throw e;
        }
    }

    @Override
    public void writeBatch(List<SinkRecord> items) {
        append(items);
        flush();
    }

    @Override
    public void append(List<SinkRecord> items) {
        if (rewound) {
            throw new IllegalStateException("after a rewind the partition is built anew before it is written to");
        }
        if (!items.isEmpty()) {
            watch.beginning(() -> file.write(items, Compression.NONE));
        }
    }

    @Override
    public void flush() {
        if (file.end() > file.bytes()) {
            watch.writing(file::force);
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
        watch.require(this::requireThereUnlessTaken);
        try {
            file.close();
        } finally {
            lock.close();
        }
    }

    /* Once it is closed another process may take it up, and take it back. */
    private void requireThereUnlessTaken() {
        if (lock.wasLastHere()) {
            file.requireThere();
        }
    }
}
