package dev.sluice.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A file of locks, open once in a process for as long as any of them is held: POSIX drops all locks that a process has
 * in a file when it closes any descriptor of it. Beside the locks it names the holders, for people. Each is guarded by a
 * lock of its own, so that a volume that hangs holds up nobody else.
 */
final class DirectoryLocks {

    private static final Map<Object, DirectoryLocks> OPEN = new ConcurrentHashMap<>();
    private static final Map<Object, ReentrantLock> GUARDS = new ConcurrentHashMap<>();

    /* Names have room for some 100 bytes, in a table that has room for as many as ever matter. */
    private static final int SLOT = 128;
    private static final int SLOTS = 1024;

    private final Object key;
    private final FileChannel channel;
    private final List<FileChannel> alsoOpen = new ArrayList<>();
    private int users;

    private DirectoryLocks(Object key, FileChannel channel) {
        this.key = key;
        this.channel = channel;
    }

    /** Opens the file, or uses it with others; it is to be given back. */
    static DirectoryLocks use(SinkDirectory directory, String name) throws IOException {
        FileChannel created = created(directory, name);
        // Asked for before it is opened, for another path may lead to a file that is open.
        Object key = key(directory, name);
        ReentrantLock guard = guard(key);
        guard.lock();
        try {
            DirectoryLocks locks = OPEN.get(key);
            if (locks == null) {
                FileChannel channel = created == null
                        ? directory.open(name, StandardOpenOption.READ, StandardOpenOption.WRITE)
                        : created;
                locks = new DirectoryLocks(key, channel);
                OPEN.put(key, locks);
            } else if (created != null) {
                locks.alsoOpen.add(created);
            }
            locks.users++;
            return locks;
        } finally {
            guard.unlock();
        }
    }

    /* Not closed before the others are: somebody may have locked something in it by now. */
    private static @Nullable FileChannel created(SinkDirectory directory, String name) throws IOException {
        if (directory.size(name).isPresent()) {
            return null;
        }
        try {
            return directory.open(
                    name, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE);
        } catch (FileAlreadyExistsException e) {
            return null; // another process was quicker
        }
    }

    private static Object key(SinkDirectory directory, String name) throws IOException {
        Object key = Files.readAttributes(directory.path(name), BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                .fileKey();
        return Objects.requireNonNullElse(key, directory.path(name));
    }

    private static ReentrantLock guard(Object key) {
        return GUARDS.computeIfAbsent(key, made -> new ReentrantLock());
    }

    void giveBack() throws IOException {
        ReentrantLock guard = guard(key);
        guard.lock();
        try {
            users--;
            if (users == 0) {
                OPEN.remove(key);
                channel.close();
                for (FileChannel other : alsoOpen) {
                    other.close();
                }
                alsoOpen.clear();
            }
        } finally {
            guard.unlock();
        }
    }

    /** Locks a byte; null if another process has it. */
    java.nio.channels.@Nullable FileLock tryLock(long position) throws IOException {
        return channel.tryLock(position, 1, false);
    }

    /** Writes who holds a lock. Only for people, so that it may fail: a disk may be full. */
    void tell(long position, String holder) throws IOException {
        byte[] bytes = holder.getBytes(StandardCharsets.UTF_8);
        ByteBuffer slot = ByteBuffer.allocate(SLOT);
        slot.put(bytes, 0, Math.min(bytes.length, SLOT)).rewind();
        channel.write(slot, slot(position));
    }

    /** Reads who holds a lock, or did last: as good as always, since some share a place. Empty if nobody has told. */
    String holder(long position) throws IOException {
        ByteBuffer slot = ByteBuffer.allocate(SLOT);
        channel.read(slot, slot(position));
        return new String(slot.array(), 0, slot.position(), StandardCharsets.UTF_8).replace("\0", "");
    }

    private static long slot(long position) {
        return position % SLOTS * SLOT;
    }
}
