package dev.sluice.file;

import dev.sluice.sink.SinkRecord;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file that grows at its end, durably. Used by one thread at a time; of no use any more after a failure. Between two
 * uses others may close it for want of handles: then it is opened again, and has to be what it was. {@code use} guards
 * what changes.
 */
final class AppendFile implements Closeable, FileHandles.Handle {

    private static final Logger log = LoggerFactory.getLogger(AppendFile.class);
    private static final int BLOCK = 64 * 1024;

    private final SinkDirectory directory;
    private final String name;
    private final Path path;
    private final @Nullable Object key;
    private final ReentrantLock use = new ReentrantLock();
    private @Nullable FileChannel channel;
    /* What the end looked like when it was closed for others; null while it is open. */
    private @Nullable String tail;
    private volatile long bytes;
    /* Beyond the durable bytes: what was written and not forced yet. */
    private long end;
    private boolean torn;
    private boolean dirty;
    private boolean closed;

    private AppendFile(SinkDirectory directory, String name, FileChannel channel, long bytes) throws IOException {
        this.directory = directory;
        this.name = name;
        this.path = directory.path(name);
        this.channel = channel;
        this.bytes = bytes;
        this.end = bytes;
        this.key = key(path);
        directory.handles().used(this);
    }

    /** Creates a file that must not be there yet. */
    static AppendFile create(SinkDirectory directory, String name) {
        AppendFile created = open(directory, name, 0, StandardOpenOption.CREATE_NEW);
        directory.trust(name);
        try {
            directory.force();
            return created;
        } catch (RuntimeException e) {
            created.giveBack();
            throw e;
        }
    }

    /** Opens a file that is at least {@code bytes} long, to go on from there. */
    static AppendFile open(SinkDirectory directory, String name, long bytes) {
        if (directory.isDistrusted(name)) {
            CopiedFile.replace(directory, name, bytes);
        }
        return open(directory, name, bytes, StandardOpenOption.WRITE);
    }

    private static AppendFile open(SinkDirectory directory, String name, long bytes, StandardOpenOption mode) {
        try {
            FileChannel channel = directory
                    .handles()
                    .open(() -> directory.open(name, mode, StandardOpenOption.READ, StandardOpenOption.WRITE));
            try {
                return new AppendFile(directory, name, channel, bytes);
            } catch (IOException | RuntimeException e) {
                channel.close();
                throw e;
            }
        } catch (IOException e) {
            throw FileFailure.notOpened(directory.path(name), "cannot be opened", e);
        }
    }

    /* Who uses it has the lock, so that nobody closes it meanwhile. */
    private FileChannel channel() {
        if (closed) {
            throw new IllegalStateException(path + " was closed by its owner");
        }
        FileChannel open = channel;
        if (open == null) {
            open = reopened();
            channel = open;
        }
        directory.handles().used(this);
        return open;
    }

    private FileChannel reopened() {
        requireThere();
        try {
            FileChannel opened = directory
                    .handles()
                    .open(() -> directory.open(name, StandardOpenOption.READ, StandardOpenOption.WRITE));
            try {
                requireThere();
                String known = tail;
                if (known != null && !known.equals(Tail.of(opened, bytes))) {
                    throw FileFailure.edited(path, bytes);
                }
                return opened;
            } catch (IOException | RuntimeException e) {
                opened.close();
                throw e;
            }
        } catch (IOException e) {
            throw FileFailure.notOpened(path, "cannot be opened", e);
        }
    }

    /** Cuts off what lies beyond the length it was opened with. */
    void cut() {
        use.lock();
        try {
            FileChannel channel = channel();
            if (channel.size() > bytes) {
                channel.truncate(bytes);
                force(channel, 0);
            }
        } catch (IOException e) {
            throw FileFailure.unavailable(path, "cannot be cut to its " + bytes + " committed bytes", e);
        } finally {
            use.unlock();
        }
        if (bytes == 0) {
            directory.force(); // it may have been created by a process that died before it did so
        }
    }

    String name() {
        return name;
    }

    /** Returns how long the file is, all of it durable. */
    long bytes() {
        return bytes;
    }

    /** Writes the records; on return they are durable. */
    void append(List<SinkRecord> records, Compression compression) {
        write(records, compression);
        force();
    }

    /** Writes the records; they are durable once {@link #force} has returned. */
    void write(List<SinkRecord> records, Compression compression) {
        use.lock();
        try {
            refuseIfChanged();
            FileChannel channel = channel();
            dirty = true;
            Out out = new Out(channel);
            write(records, compression, out);
            end = out.end();
            torn = false;
        } finally {
            use.unlock();
        }
    }

    /** Returns once everything that was written is durable. */
    void force() {
        use.lock();
        try {
            if (end > bytes) {
                force(channel(), end - bytes);
                bytes = end;
                dirty = false;
            }
        } finally {
            use.unlock();
        }
    }

    /** Returns how long it is with what is not durable yet. */
    long end() {
        use.lock();
        try {
            return end;
        } finally {
            use.unlock();
        }
    }

    private void write(List<SinkRecord> records, Compression compression, Out out) {
        int size = (int) Math.min(BLOCK, Lines.bytes(records) + 1);
        BufferedOutputStream buffered = new BufferedOutputStream(out, size);
        try {
            if (torn) {
                buffered.write('\n');
            }
            try (OutputStream packed = compression.pack(buffered)) {
                Lines.write(records, packed);
            }
            buffered.flush();
        } catch (IOException e) {
            throw FileFailure.notWritten(path, Lines.bytes(records), e);
        }
    }

    /** Ends a line that a crash may have torn before the next records are written. */
    void endLineFirst() {
        torn = !endsLineAt(bytes);
    }

    /** Closes it, and gives back the room that a failed write took. Nothing depends on it. */
    void giveBack() {
        use.lock();
        try (FileChannel open = channel) {
            if (bytes == 0 && Objects.equals(key, key(path))) {
                directory.deleteIfExists(name);
            } else if (dirty && open != null) {
                open.truncate(bytes);
            }
        } catch (IOException e) {
            log.warn("{} keeps what a failed write left in it; it does not count: {}", path, e.toString());
        } finally {
            forget();
            use.unlock();
        }
    }

    /* Rotated away, cut or written by something else: its bytes would be where nobody looks for them. */
    private void refuseIfChanged() {
        long size = lookedAt();
        directory.requireSame();
        if (size != end) {
            throw FileFailure.broken(path + " was changed by something else than Sluice: it should have " + end
                    + " bytes and has " + size + ". Leave it alone while the sink writes to it");
        }
    }

    /** Throws if it is gone, another one, or lacks what was written to it. By its name, so that any thread may ask. */
    void requireThere() {
        lookedAt();
    }

    private long lookedAt() {
        long expected = bytes;
        try {
            BasicFileAttributes found =
                    Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            if (!Objects.equals(key, found.fileKey())) {
                throw FileFailure.replaced(path, found.size(), expected);
            }
            if (found.size() < expected) {
                throw FileFailure.tooShort(path, OptionalLong.of(found.size()), expected);
            }
            return found.size();
        } catch (NoSuchFileException e) {
            if (expected == 0) {
                throw FileFailure.unavailable(path, "is gone, with nothing in it", e);
            }
            throw FileFailure.tooShort(path, OptionalLong.empty(), expected);
        } catch (IOException e) {
            throw FileFailure.unavailable(path, "cannot be looked at", e);
        }
    }

    private static @Nullable Object key(Path path) throws IOException {
        return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                .fileKey();
    }

    private void force(FileChannel channel, long written) {
        try {
            directory.disk().force(channel);
        } catch (IOException e) {
            directory.distrust(name);
            throw FileFailure.notWritten(path, written, e);
        }
    }

    /** Returns whether a line ends at that position. */
    boolean endsLineAt(long position) {
        if (position == 0) {
            return true;
        }
        ByteBuffer last = ByteBuffer.allocate(1);
        use.lock();
        try {
            return channel().read(last, position - 1) == 1 && last.get(0) == '\n';
        } catch (IOException e) {
            throw FileFailure.unavailable(path, "cannot be read", e);
        } finally {
            use.unlock();
        }
    }

    /** Returns a check sum of the last bytes before that position. */
    String tailAt(long position) {
        use.lock();
        try {
            return Tail.of(channel(), position);
        } catch (IOException e) {
            throw FileFailure.unavailable(path, "cannot be read", e);
        } finally {
            use.unlock();
        }
    }

    @Override
    public boolean tryTake() {
        if (use.isHeldByCurrentThread() || !use.tryLock()) {
            return false;
        }
        // Another descriptor would not be told of an error that comes with what this one has written.
        if (channel == null || dirty) {
            use.unlock();
            return false;
        }
        return true;
    }

    @Override
    public void closeTaken() {
        try (FileChannel open = Objects.requireNonNull(channel)) {
            tail = Tail.of(open, bytes);
        } catch (IOException e) {
            log.debug("{} was not closed properly: {}", path, e.toString());
        } finally {
            channel = null;
            use.unlock();
        }
    }

    @Override
    public void close() {
        use.lock();
        try {
            FileChannel open = channel;
            forget();
            if (open != null) {
                open.close();
            }
        } catch (IOException e) {
            throw FileFailure.unavailable(path, "cannot be closed", e);
        } finally {
            use.unlock();
        }
    }

    private void forget() {
        closed = true;
        channel = null;
        directory.handles().closed(this);
    }

    /** Counts what it writes. */
    private final class Out extends OutputStream {

        private final FileChannel channel;
        private long position = end;

        Out(FileChannel channel) {
            this.channel = channel;
        }

        long end() {
            return position;
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] block, int start, int length) throws IOException {
            directory.disk().write(channel, ByteBuffer.wrap(block, start, length), position);
            position += length;
        }
    }
}
