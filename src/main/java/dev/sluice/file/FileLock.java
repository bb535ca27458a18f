package dev.sluice.file;

import dev.sluice.sink.Disposition;
import dev.sluice.sink.SinkException;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The right to write to a file, which one holder at a time has: a lock on a byte of a hidden file beside it, which the
 * system takes back when the process dies. Which byte of which file follows from the name, so that the locks of a whole
 * directory take few descriptors. These files stay, for removing them could give the right to two.
 */
final class FileLock implements Closeable {

    private static final Logger log = LoggerFactory.getLogger(FileLock.class);

    /* A system takes longer for a lock the more there are in a file: with 100,000 partitions this keeps it bearable. */
    private static final int FILES = 8;

    private final Path path;
    private final DirectoryLocks locks;
    private final java.nio.channels.FileLock lock;
    private final AtomicBoolean released = new AtomicBoolean();

    private FileLock(Path path, DirectoryLocks locks, java.nio.channels.FileLock lock) {
        this.path = path;
        this.locks = locks;
        this.lock = lock;
    }

    static FileLock take(SinkDirectory directory, String file) {
        long hash = FileNames.hash(file);
        String name = ".sluice-" + Math.floorMod(hash, FILES) + ".lock";
        long position = hash >>> 2; // systems count in signed numbers, and the byte has to end, too
        Path path = directory.path(name);
        try {
            DirectoryLocks locks = DirectoryLocks.use(directory, name);
            boolean taken = false;
            try {
                FileLock lock = take(locks, position, directory.path(file), path);
                taken = true;
                return lock;
            } finally {
                if (!taken) {
                    locks.giveBack();
                }
            }
        } catch (IOException e) {
            throw FileFailure.unavailable(path, "cannot be locked", e);
        }
    }

    private static FileLock take(DirectoryLocks locks, long position, Path file, Path path) throws IOException {
        java.nio.channels.FileLock lock;
        try {
            lock = locks.tryLock(position);
        } catch (OverlappingFileLockException e) {
            throw held(file, "another sink of this process (" + self() + ")");
        }
        if (lock == null) {
            throw held(file, "process " + locks.holder(position).orElse("that has not told its name yet"));
        }
        try {
            locks.tell(position, self());
        } catch (IOException e) {
            log.debug("{} does not name this process: {}", path, e.toString());
        }
        return new FileLock(path, locks, lock);
    }

    private static SinkException held(Path file, String holder) {
        return new SinkException(
                Disposition.UNAVAILABLE,
                file + " is being written by " + holder + "; one process at a time may: stop one of them, or use"
                        + " layout: segments, which several may share",
                null);
    }

    private static String self() {
        return ProcessHandle.current().pid() + " on " + Host.NAME;
    }

    @Override
    public void close() {
        if (!released.compareAndSet(false, true)) {
            return;
        }
        try {
            try {
                lock.release();
            } finally {
                locks.giveBack();
            }
        } catch (IOException e) {
            throw FileFailure.unavailable(path, "cannot be closed", e);
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
