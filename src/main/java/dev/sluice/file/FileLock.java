package dev.sluice.file;

import dev.sluice.sink.Disposition;
import dev.sluice.sink.SinkException;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The right to write to a file, which one holder at a time has: a lock on {@code .<file>.lock} beside it, which the
 * system takes back when the process dies. The file of the lock stays, for removing it could give the right to two.
 */
final class FileLock implements Closeable {

    /* POSIX drops a process's lock when it closes any descriptor of the file: one is never opened twice. */
    private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

    private static final int LONGEST_HOLDER = 200;

    private final Path path;
    private final FileChannel channel;
    private final AtomicBoolean released = new AtomicBoolean();

    private FileLock(Path path, FileChannel channel) {
        this.path = path;
        this.channel = channel;
    }

    static FileLock take(SinkDirectory directory, String file) {
        String name = "." + file + ".lock";
        Path path = directory.path(name);
        directory.size(name); // refuses a symbolic link
        if (!HELD.add(path)) {
            throw held(directory.path(file), "another sink of this process (" + self() + ")");
        }
        FileChannel channel = null;
        try {
            channel =
                    directory.open(name, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            if (channel.tryLock() == null) {
                throw held(directory.path(file), "process " + holder(channel));
            }
            channel.truncate(0).write(ByteBuffer.wrap(self().getBytes(StandardCharsets.UTF_8)));
            return new FileLock(path, channel);
        } catch (OverlappingFileLockException e) {
            release(path, channel);
            throw held(directory.path(file), "this process (" + self() + ")");
        } catch (IOException e) {
            release(path, channel);
            throw FileFailure.unavailable(path, "cannot be locked", e);
        } catch (RuntimeException e) {
            release(path, channel);
            throw e;
        }
    }

    private static SinkException held(Path file, String holder) {
        return new SinkException(
                Disposition.UNAVAILABLE,
                file + " is being written by " + holder + "; one process at a time may: stop one of them, or use"
                        + " layout: segments, which several may share",
                null);
    }

    private static String holder(FileChannel channel) throws IOException {
        ByteBuffer text = ByteBuffer.allocate(LONGEST_HOLDER);
        channel.read(text, 0);
        String holder = new String(text.array(), 0, text.position(), StandardCharsets.UTF_8).strip();
        return holder.isEmpty() ? "that has not told its name yet" : holder;
    }

    private static String self() {
        return ProcessHandle.current().pid() + " on " + Host.NAME;
    }

    private static void release(Path path, @Nullable FileChannel channel) {
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException e) {
            throw FileFailure.unavailable(path, "cannot be closed", e);
        } finally {
            HELD.remove(path);
        }
    }

    @Override
    public void close() {
        if (released.compareAndSet(false, true)) {
            release(path, channel);
        }
    }

    /** Asked for once: some machines take seconds to tell. */
    private static final class Host {

        static final String NAME = name();

        private static String name() {
            try {
                return InetAddress.getLocalHost().getHostName();
            } catch (UnknownHostException e) {
                return "an unnamed host";
            }
        }
    }
}
