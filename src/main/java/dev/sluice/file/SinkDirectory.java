package dev.sluice.file;

import dev.sluice.sink.Disposition;
import dev.sluice.sink.LostTargetException;
import dev.sluice.sink.LostTargetException.Loss;
import dev.sluice.sink.SinkException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The directory of a sink. Hands out regular files that stand directly in it, and nothing else. Thread-safe: its one
 * field that changes is volatile.
 */
final class SinkDirectory {

    private static final long MOST_PROBED = 1 << 20;

    private final Path configured;
    private final Disk disk;
    private final FileHandles handles;
    private final Set<Path> distrusted;
    private final Confines confines;
    private volatile @Nullable Found found;

    /**
     * What was there at the start.
     *
     * @param key what tells it from another directory in its place, null where the file system has nothing of the kind
     */
    private record Found(Path real, @Nullable Object key) {

        static Found at(Path path) throws IOException {
            return new Found(path.toRealPath(), key(path));
        }

        static @Nullable Object key(Path path) throws IOException {
            return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
        }
    }

    /**
     * Names a directory.
     *
     * @param distrusted the files of this process that failed to be forced; thread-safe, shared by all directories
     * @param confines where it has to be, whenever something is done in it
     */
    SinkDirectory(Path configured, Disk disk, FileHandles handles, Set<Path> distrusted, Confines confines) {
        this.configured = configured;
        this.disk = disk;
        this.handles = handles;
        this.distrusted = distrusted;
        this.confines = confines;
    }

    Path configured() {
        return configured;
    }

    Confines confines() {
        return confines;
    }

    Disk disk() {
        return disk;
    }

    FileHandles handles() {
        return handles;
    }

    /** Creates what is missing of the directory, durably. */
    void create() {
        requireAllowed(configured);
        List<Path> parents = new ArrayList<>();
        for (Path missing = configured; missing != null && Files.notExists(missing); missing = missing.getParent()) {
            if (missing.getParent() != null) {
                parents.add(missing.getParent());
            }
        }
        try {
            Files.createDirectories(configured);
            for (Path parent : parents) {
                disk.forceDirectory(parent);
            }
        } catch (IOException e) {
            throw FileFailure.unavailable(configured, "cannot be made a directory", e);
        }
        verify();
    }

    /** Throws unless it is there, is the one that it was at the start, and can be written to. */
    void verify() {
        requireSame();
        if (!Files.isWritable(configured)) {
            throw new SinkException(
                    Disposition.UNAVAILABLE,
                    configured + " cannot be written to by this process; change its owner or its mode, or mount it"
                            + " for writing",
                    null);
        }
    }

    /**
     * Throws unless it is there, and the one that it was at the start: what is written to another one, such as the mount
     * point of a disk that is gone, is not where the other records are.
     */
    void requireSame() {
        try {
            BasicFileAttributes now = Files.readAttributes(configured, BasicFileAttributes.class);
            Found known = found();
            if (now.isDirectory() && Objects.equals(now.fileKey(), known.key())) {
                return;
            }
            if (now.isDirectory()) {
                throw new LostTargetException(
                        Loss.REPLACED,
                        configured + " is another directory than it was (" + now.fileKey() + ", was " + known.key()
                                + " at " + known.real() + "): acknowledged records are gone from it. Nothing was"
                                + " changed. Bring the former one back; if this one has the same files, start the"
                                + " service anew");
            }
        } catch (NoSuchFileException e) {
            // As if it were a file.
        } catch (IOException e) {
            throw FileFailure.unavailable(configured, "cannot be looked at", e);
        }
        throw new SinkException(
                Disposition.UNAVAILABLE,
                configured + " is not a directory (any more); bring it back, or start the service anew to make it",
                null);
    }

    /** Whether a file of this many bytes can be written now: tried, since quotas and broken disks show in no number. */
    boolean takes(long bytes) {
        String name = ".sluice-" + ProcessHandle.current().pid() + ".probe";
        try {
            Path path = path(name);
            if (FileFailure.free(path) < bytes) {
                return false;
            }
            deleteIfExists(name);
            try (FileChannel probe = open(name, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                disk.write(probe, ByteBuffer.allocate((int) Math.max(1, Math.min(MOST_PROBED, bytes))), 0);
                disk.force(probe);
            } finally {
                deleteIfExists(name);
            }
            return true;
        } catch (IOException | SinkException e) {
            return false;
        }
    }

    /** Whether a file can be written to now, if there is one. */
    boolean opens(String name) {
        try {
            if (size(name).isPresent()) {
                open(name, StandardOpenOption.WRITE).close();
            }
            return true;
        } catch (IOException | SinkException e) {
            return false;
        }
    }

    /** Whether there is no directory of that name. */
    boolean isMissing() {
        return !Files.isDirectory(configured);
    }

    /** Returns the path of a file. */
    Path path(String name) {
        if (name.isEmpty() || name.equals(".") || name.equals("..") || name.indexOf('/') >= 0) {
            throw new IllegalArgumentException("'" + name + "' is not the name of a file in " + configured);
        }
        return real().resolve(name);
    }

    private Path real() {
        try {
            return found().real();
        } catch (IOException e) {
            throw FileFailure.unavailable(configured, "cannot be found", e);
        }
    }

    /* Again at the place itself, for links may lead elsewhere than they did when it was defined. */
    private void requireAllowed(Path directory) {
        confines.refusal(directory).ifPresent(why -> {
            throw FileFailure.broken("directory: " + why + ". Nothing was written");
        });
    }

    private Found found() throws IOException {
        Found known = found;
        if (known == null) {
            known = Found.at(configured);
            requireAllowed(known.real());
            found = known;
        }
        return known;
    }

    /** Returns how long a file is; empty if there is none. Anything but a regular file is refused. */
    OptionalLong size(String name) {
        if (found == null && isMissing()) {
            return OptionalLong.empty();
        }
        Path path = path(name);
        try {
            BasicFileAttributes found =
                    Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            if (found.isSymbolicLink()) {
                throw FileFailure.broken(path + " is a symbolic link, and Sluice writes to none: it could lead out of"
                        + " the directory. Put the file itself there");
            }
            if (!found.isRegularFile()) {
                throw FileFailure.broken(path + " is not a regular file; move it away");
            }
            return OptionalLong.of(found.size());
        } catch (NoSuchFileException e) {
            return OptionalLong.empty();
        } catch (IOException e) {
            throw FileFailure.unavailable(path, "cannot be looked at", e);
        }
    }

    /** Opens a file without following a symbolic link. */
    FileChannel open(String name, StandardOpenOption... options) throws IOException {
        Set<OpenOption> all = new HashSet<>(Arrays.asList(options));
        all.add(LinkOption.NOFOLLOW_LINKS);
        Path path = path(name);
        return handles.briefly(() -> {
            SecureDirectoryStream<Path> inside = inside();
            if (inside == null) {
                return FileChannel.open(path, all);
            }
            try (inside) {
                return (FileChannel) inside.newByteChannel(Path.of(name), all);
            }
        });
    }

    /* Where a sink is confined: whatever becomes of the directory's name, what is done in it is done below the root. */
    private @Nullable SecureDirectoryStream<Path> inside() throws IOException {
        if (confines.roots() == null) {
            return null;
        }
        Path real = found().real();
        Path root = confines.root(real);
        if (root != null) {
            return Descent.enter(root, real);
        }
        requireAllowed(real); // a root that is gone, or leads elsewhere now
        return null;
    }

    /** Deletes a file, if there is one of that name. */
    void deleteIfExists(String name) throws IOException {
        Path path = path(name);
        try (SecureDirectoryStream<Path> inside = inside()) {
            if (inside == null) {
                Files.deleteIfExists(path);
            } else {
                inside.deleteFile(Path.of(name));
            }
        } catch (NoSuchFileException e) {
            // as it should be
        }
    }

    /** Puts a file in the place of another one, at once. */
    void replace(String from, String to) throws IOException {
        try (SecureDirectoryStream<Path> inside = inside()) {
            if (inside == null) {
                Files.move(path(from), path(to), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } else {
                inside.move(Path.of(from), inside, Path.of(to));
            }
        }
    }

    /** Returns the names of files that match, sorted. */
    List<String> names(Predicate<String> matching) {
        Path real = real();
        try {
            return handles.briefly(() -> {
                SecureDirectoryStream<Path> inside = inside();
                try (DirectoryStream<Path> entries = inside == null ? Files.newDirectoryStream(real) : inside) {
                    return names(entries, matching);
                }
            });
        } catch (IOException e) {
            throw FileFailure.unavailable(real, "cannot be listed", e);
        }
    }

    private static List<String> names(DirectoryStream<Path> entries, Predicate<String> matching) throws IOException {
        List<String> names = new ArrayList<>();
        try {
            for (Path entry : entries) {
                String name = String.valueOf(entry.getFileName());
                if (matching.test(name)) {
                    names.add(name);
                }
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        names.sort(null);
        return names;
    }

    /** Makes the names of new files durable. */
    void force() {
        try {
            Path real = real();
            handles.briefly(() -> {
                disk.forceDirectory(real);
                return real;
            });
        } catch (IOException e) {
            throw FileFailure.unavailable(real(), "cannot be made durable", e);
        }
    }

    /** Remembers that the kernel's word on this file is worth nothing any more. */
    void distrust(String name) {
        distrusted.add(path(name));
    }

    boolean isDistrusted(String name) {
        return distrusted.contains(path(name));
    }

    void trust(String name) {
        distrusted.remove(path(name));
    }
}
