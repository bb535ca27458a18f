package dev.sluice.postgres;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.springframework.util.FileSystemUtils;
import org.tukaani.xz.XZInputStream;

/** PostgreSQL's programs, unpacked from the class path once per version, under the digest of their archive. */
record PostgresBinaries(Path root) {

    Path program(String name) {
        return root.resolve("bin").resolve(name);
    }

    /** Unpacks the programs below {@code parent} unless they are there, and removes those of other versions. */
    static PostgresBinaries unpack(Path parent) throws IOException {
        String archive = archiveName(System.getProperty("os.name", ""), System.getProperty("os.arch", ""));
        Path root = parent.resolve(digest(archive));
        if (!Files.isDirectory(root)) {
            Files.createDirectories(parent);
            setMode(parent, 0755);
            Path unfinished = Files.createTempDirectory(parent, "unfinished-");
            extract(archive, unfinished);
            setMode(unfinished, 0755);
            // Best effort: after a power failure the name must not stand for half-written files.
            Command.run(parent, Duration.ofMinutes(2), List.of("sync", "-f", unfinished.toString()));
            Files.move(unfinished, root, StandardCopyOption.ATOMIC_MOVE);
        }
        try (Stream<Path> others = Files.list(parent).filter(path -> !path.equals(root))) {
            for (Path other : others.toList()) {
                FileSystemUtils.deleteRecursively(other);
            }
        }
        return new PostgresBinaries(root);
    }

    static String archiveName(String osName, String osArch) {
        String system = osName.toLowerCase(Locale.ROOT).startsWith("mac") ? "darwin" : "linux";
        String machine = switch (osArch) {
            case "amd64", "x86_64" -> "x86_64";
            case "aarch64" -> "arm_64";
            default -> osArch;
        };
        return "postgres-%s-%s.txz".formatted(system, machine);
    }

    private static InputStream open(String archive) {
        InputStream stream = PostgresBinaries.class.getResourceAsStream("/" + archive);
        if (stream == null) {
            throw new DatabaseSetupException(
                    "This build has no embedded PostgreSQL for this machine: " + archive + " is not on the class path.",
                    "Build on this kind of machine, or set spring.datasource.url to a PostgreSQL server.");
        }
        return stream;
    }

    private static String digest(String archive) throws IOException {
        try (DigestInputStream in = new DigestInputStream(open(archive), MessageDigest.getInstance("SHA-256"))) {
            in.transferTo(OutputStream.nullOutputStream());
            return HexFormat.of().formatHex(in.getMessageDigest().digest(), 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void extract(String archive, Path target) throws IOException {
        try (TarArchiveInputStream tar = new TarArchiveInputStream(new XZInputStream(open(archive)))) {
            TarArchiveEntry entry = tar.getNextEntry();
            while (entry != null) {
                Path path = target.resolve(entry.getName()).normalize();
                if (!path.startsWith(target)) {
                    throw new IOException("Entry outside of the archive: " + entry.getName());
                }
                extract(tar, entry, path);
                entry = tar.getNextEntry();
            }
        }
    }

    private static void extract(TarArchiveInputStream tar, TarArchiveEntry entry, Path path) throws IOException {
        createDirectory(entry.isDirectory() ? path : path.resolveSibling(""));
        if (entry.isSymbolicLink()) {
            Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
        } else if (!entry.isDirectory()) {
            Files.copy(tar, path);
            setMode(path, entry.getMode());
        }
    }

    private static void createDirectory(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            createDirectory(directory.resolveSibling(""));
            Files.createDirectory(directory);
            setMode(directory, 0755);
        }
    }

    // Set explicitly, whatever the umask: another user may have to read and run them.
    private static void setMode(Path path, int mode) throws IOException {
        Set<PosixFilePermission> permissions =
                PosixFilePermissions.fromString((mode & 0111) != 0 ? "rwxr-xr-x" : "rw-r--r--");
        Files.setPosixFilePermissions(path, permissions);
    }
}
