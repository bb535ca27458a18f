package dev.sluice.postgres;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.springframework.util.FileSystemUtils;

/** The data of one embedded PostgreSQL: made once, whole or not at all, and readable by one major version. */
final class PostgresCluster {

    static final String USER = "sluice";

    private static final String UNFINISHED = "unfinished-cluster-";
    private static final Duration INITDB = Duration.ofMinutes(5);

    private PostgresCluster() {}

    /** Creates the cluster unless it exists, and gives its password. */
    static String prepare(PostgresDirectory directory, PostgresBinaries binaries, PostgresAccount account)
            throws IOException {
        removeUnfinished(directory.home());
        if (Files.exists(directory.cluster())) {
            requireSameMajor(directory, version(directory, binaries));
            return existingPassword(directory);
        }
        String password = Files.exists(directory.password()) ? existingPassword(directory) : newPassword(directory);
        initialise(directory, binaries, account, password);
        return password;
    }

    /** The version of the programs, such as 18.6. */
    static String version(PostgresDirectory directory, PostgresBinaries binaries) throws IOException {
        Command command = Command.run(
                directory.home(),
                Duration.ofSeconds(30),
                List.of(binaries.program("postgres").toString(), "--version"));
        if (!command.succeeded()) {
            throw new DatabaseSetupException(
                    "The embedded PostgreSQL does not run on this machine: " + command.output() + ".",
                    "It needs glibc and a directory from which programs may be run (sluice.postgres.directory);"
                            + " or set spring.datasource.url to a PostgreSQL server.");
        }
        return command.output().substring(command.output().lastIndexOf(' ') + 1);
    }

    /** Replaces a file that holds a secret: readable by its owner only, and never half written. */
    static void writeSecret(Path file, String content) throws IOException {
        Path unfinished = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(unfinished);
        try (FileChannel channel = FileChannel.open(
                unfinished,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
            ByteBuffer bytes = ByteBuffer.wrap(content.getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
    }

    private static void initialise(
            PostgresDirectory directory, PostgresBinaries binaries, PostgresAccount account, String password)
            throws IOException {
        // Under another name until it is whole: a start that is killed in between leaves nothing that looks finished.
        Path unfinished = Files.createTempDirectory(directory.home(), UNFINISHED);
        account.own(unfinished);
        // Its own copy: another user reads it, and may not read ours.
        Path passwordFile = directory.home().resolve(UNFINISHED + "password");
        writeSecret(passwordFile, password);
        account.own(passwordFile);
        Command initdb = Command.run(
                directory.home(),
                INITDB,
                account.command(List.of(
                        binaries.program("initdb").toString(),
                        "--pgdata=" + unfinished,
                        "--username=" + USER,
                        "--pwfile=" + passwordFile,
                        "--auth=scram-sha-256",
                        "--encoding=UTF8",
                        "--locale=C",
                        "--locale-provider=builtin",
                        "--builtin-locale=C.UTF-8",
                        "--set=max_connections=60")));
        Files.deleteIfExists(passwordFile);
        if (!initdb.succeeded()) {
            throw new DatabaseSetupException(
                    "The embedded PostgreSQL could not create its database in " + directory.home() + ": "
                            + initdb.output(),
                    "Set sluice.postgres.directory to a directory on a local disk with free space, or set"
                            + " spring.datasource.url.");
        }
        Files.move(unfinished, directory.cluster(), StandardCopyOption.ATOMIC_MOVE);
        try (FileChannel home = FileChannel.open(directory.home())) {
            home.force(true);
        }
    }

    private static void removeUnfinished(Path home) throws IOException {
        try (Stream<Path> entries = Files.list(home)) {
            for (Path entry : entries.filter(
                            path -> String.valueOf(path.getFileName()).startsWith(UNFINISHED))
                    .toList()) {
                try {
                    FileSystemUtils.deleteRecursively(entry);
                } catch (IOException e) {
                    // An initdb that outlived its parent may still be writing here: the next start removes it.
                }
            }
        }
    }

    private static void requireSameMajor(PostgresDirectory directory, String version) throws IOException {
        String found =
                Files.readString(directory.cluster().resolve("PG_VERSION")).strip();
        String major = version.split("\\.", 2)[0];
        if (!found.equals(major)) {
            throw new DatabaseSetupException(
                    "The database in %s was made by PostgreSQL %s, and this build has PostgreSQL %s."
                            .formatted(directory.home(), found, version),
                    "Dump it with the old build (pg_dump) and restore it into a new sluice.postgres.directory.");
        }
    }

    private static String existingPassword(PostgresDirectory directory) throws IOException {
        if (!Files.exists(directory.password())) {
            throw new DatabaseSetupException(
                    "The password file " + directory.password() + " of the embedded PostgreSQL is missing.",
                    "Restore it; its line is also the password in an older pg_service.conf.");
        }
        return Files.readString(directory.password()).strip();
    }

    private static String newPassword(PostgresDirectory directory) throws IOException {
        byte[] random = new byte[32];
        new SecureRandom().nextBytes(random);
        String password = Base64.getUrlEncoder().withoutPadding().encodeToString(random);
        writeSecret(directory.password(), password);
        return password;
    }
}
