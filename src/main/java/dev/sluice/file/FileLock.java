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

    private final Place place;
    private final DirectoryLocks locks;
    private final java.nio.channels.FileLock lock;
    private final AtomicBoolean released = new AtomicBoolean();

    /** Which byte of which file of the directory. */
    private record Place(SinkDirectory directory, String name, long position) {

        static Place of(SinkDirectory directory, String file) {
            long hash = FileNames.hash(file);
            // Systems count in signed numbers, and the byte has to end, too.
            return new Place(directory, ".sluice-" + Math.floorMod(hash, FILES) + ".lock", hash >>> 2);
        }

        DirectoryLocks use() throws IOException {
            return DirectoryLocks.use(directory, name);
        }

        Path path() {
            return directory.path(name);
        }
    }

    private FileLock(Place place, DirectoryLocks locks, java.nio.channels.FileLock lock) {
        this.place = place;
        this.locks = locks;
        this.lock = lock;
    }

    static FileLock take(SinkDirectory directory, String file) {
        Place place = Place.of(directory, file);
        try {
            DirectoryLocks locks = place.use();
            boolean taken = false;
            try {
                FileLock lock = take(locks, place, directory.path(file));
                taken = true;
                return lock;
            } finally {
                if (!taken) {
                    locks.giveBack();
                }
            }
        } catch (IOException e) {
            throw FileFailure.notOpened(place.path(), "cannot be locked", e);
        }
    }

    private static FileLock take(DirectoryLocks locks, Place place, Path file) throws IOException {
        java.nio.channels.FileLock lock;
        try {
            lock = locks.tryLock(place.position());
        } catch (OverlappingFileLockException e) {
            throw held(file, "another sink of this process (" + self() + ")");
        }
        if (lock == null) {
            String holder = locks.holder(place.position());
            throw held(file, "process " + (holder.isEmpty() ? "that has not told its name yet" : holder));
        }
        try {
            locks.tell(place.position(), self());
        } catch (IOException e) {
            log.debug("{} does not name this process: {}", place.path(), e.toString());
        }
        return new FileLock(place, locks, lock);
    }

    /** Whether nobody else is known to have held it since this process did. Not where that cannot be told. */
    boolean wasLastHere() {
        try {
            DirectoryLocks used = place.use();
            try {
                return used.holder(place.position()).equals(self());
            } finally {
                used.giveBack();
            }
        } catch (IOException | SinkException e) {
            return false;
        }
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
            throw FileFailure.unavailable(place.path(), "cannot be closed", e);
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
