package dev.sluice.postgres;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The directory of one embedded PostgreSQL, used by nobody else while this object is open. */
final class PostgresDirectory implements AutoCloseable {

    // POSIX drops a process's lock when it closes any descriptor of the file: within this JVM the file is never opened
    // twice.
    private static final Set<Path> OPEN = ConcurrentHashMap.newKeySet();

    private final Path home;
    private final FileChannel lock;

    private PostgresDirectory(Path home, FileChannel lock) {
        this.home = home;
        this.lock = lock;
    }

    /** Creates the directory where it is missing and locks it. */
    static PostgresDirectory open(Path directory) {
        Path home = create(directory);
        if (!OPEN.add(home)) {
            throw inUse(home, "this process");
        }
        FileChannel channel = null;
        try {
            channel = FileChannel.open(
                    home.resolve("lock"),
                    Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            if (channel.tryLock() == null) {
                throw inUse(home, "process " + holder(channel));
            }
            channel.truncate(0)
                    .write(ByteBuffer.wrap(
                            Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII)));
            return new PostgresDirectory(home, channel);
        } catch (IOException | RuntimeException e) {
            release(home, channel);
            if (e instanceof DatabaseSetupException refused) {
                throw refused;
            }
            throw unusable(home, e);
        }
    }

    Path home() {
        return home;
    }

    Path binaries() {
        return home.resolve("binaries");
    }

    Path cluster() {
        return home.resolve("cluster");
    }

    Path log() {
        return home.resolve("log");
    }

    Path password() {
        return home.resolve("password");
    }

    Path serviceFile() {
        return home.resolve("pg_service.conf");
    }

    @Override
    public void close() {
        release(home, lock);
    }

    private static Path create(Path directory) {
        Path absolute = directory.toAbsolutePath().normalize();
        try {
            if (!Files.isDirectory(absolute)) {
                Files.createDirectories(absolute);
                // Traversable, not readable: as root, PostgreSQL runs as another user that must get through.
                Files.setPosixFilePermissions(absolute, PosixFilePermissions.fromString("rwx--x--x"));
            }
            return absolute.toRealPath();
        } catch (IOException | UnsupportedOperationException e) {
            throw unusable(absolute, e);
        }
    }

    private static String holder(FileChannel channel) throws IOException {
        ByteBuffer pid = ByteBuffer.allocate(20);
        channel.read(pid, 0);
        return new String(pid.array(), 0, pid.position(), StandardCharsets.US_ASCII);
    }

    private static void release(Path home, @Nullable FileChannel channel) {
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException e) {
            // The lock goes with the process at the latest.
        } finally {
            OPEN.remove(home);
        }
    }

    private static DatabaseSetupException inUse(Path home, String holder) {
        return new DatabaseSetupException(
                "The embedded PostgreSQL in " + home + " is already used by " + holder + ".",
                "Stop that one, give this one its own sluice.postgres.directory, or let several instances share a server:"
                        + " set spring.datasource.url.");
    }

    private static DatabaseSetupException unusable(Path home, Exception cause) {
        String why = cause instanceof AccessDeniedException ? "this user may not use it" : String.valueOf(cause);
        return new DatabaseSetupException(
                "The directory " + home + " of the embedded PostgreSQL cannot be used: " + why + ".",
                "Set sluice.postgres.directory to a directory on a local disk that this user may write to.",
                cause);
    }
}
