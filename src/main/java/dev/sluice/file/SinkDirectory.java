package dev.sluice.file;

import dev.sluice.sink.Disposition;
import dev.sluice.sink.SinkException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The directory of a sink. Hands out regular files that stand directly in it, and nothing else. Thread-safe: its one
 * field that changes is volatile and only ever gets one value.
 */
final class SinkDirectory {

    private final Path configured;
    private final Disk disk;
    private final Set<Path> distrusted;
    private volatile @Nullable Path real;

    /**
     * Names a directory.
     *
     * @param distrusted the files of this process that failed to be forced; thread-safe, shared by all directories
     */
    SinkDirectory(Path configured, Disk disk, Set<Path> distrusted) {
        this.configured = configured;
        this.disk = disk;
        this.distrusted = distrusted;
    }

    Path configured() {
        return configured;
    }

    Disk disk() {
        return disk;
    }

    /** Creates what is missing of the directory, durably. */
    void create() {
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
            real = configured.toRealPath();
        } catch (IOException e) {
            throw FileFailure.unavailable(configured, "cannot be made a directory", e);
        }
        verify();
    }

    void verify() {
        if (!Files.isDirectory(configured)) {
            throw new SinkException(
                    Disposition.UNAVAILABLE,
                    configured + " is not a directory (any more); bring it back, or start the service anew to make it",
                    null);
        }
        if (!Files.isWritable(configured)) {
            throw new SinkException(
                    Disposition.UNAVAILABLE,
                    configured + " cannot be written to by the user of this process; change its owner or its mode",
                    null);
        }
    }

    /** Returns the path of a file. */
    Path path(String name) {
        if (name.isEmpty() || name.equals(".") || name.equals("..") || name.indexOf('/') >= 0) {
            throw new IllegalArgumentException("'" + name + "' is not the name of a file in " + configured);
        }
        return real().resolve(name);
    }

    private Path real() {
        Path known = real;
        if (known == null) {
            try {
                known = configured.toRealPath();
            } catch (IOException e) {
                throw FileFailure.unavailable(configured, "cannot be found", e);
            }
            real = known;
        }
        return known;
    }

    /** Returns how long a file is; empty if there is none. Anything but a regular file is refused. */
    OptionalLong size(String name) {
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
        return FileChannel.open(path(name), all);
    }

    /** Returns the names of files that match, sorted. */
    List<String> names(Predicate<String> matching) {
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(real())) {
            for (Path entry : entries) {
                String name = String.valueOf(entry.getFileName());
                if (matching.test(name)) {
                    names.add(name);
                }
            }
        } catch (IOException e) {
            throw FileFailure.unavailable(real(), "cannot be listed", e);
        }
        names.sort(null);
        return names;
    }

    /** Makes the names of new files durable. */
    void force() {
        try {
            disk.forceDirectory(real());
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
