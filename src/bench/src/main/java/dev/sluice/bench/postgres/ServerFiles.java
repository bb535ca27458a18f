package dev.sluice.bench.postgres;

import dev.sluice.bench.process.Child;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;

/** The programs, the data directory and the password of a PostgreSQL on this machine. */
public final class ServerFiles {

    private static final String NOBODY = "65534";
    private static final String USER = "bench";

    private final Path home;
    private final Path data;
    private final Path programs;
    private final String password;
    private final List<String> prefix;

    private ServerFiles(Path home, Path data, Path programs, String password, List<String> prefix) {
        this.home = home;
        this.data = data;
        this.programs = programs;
        this.password = password;
        this.prefix = prefix;
    }

    /** Unpacks the programs and makes an empty database below a directory of their own. */
    public static ServerFiles create(Path home) throws IOException, InterruptedException {
        Binaries.unpack(home.resolve("binaries"));
        String password = UUID.randomUUID().toString();
        Path data = Files.createDirectory(home.resolve("data"));
        Path passwordFile = Files.writeString(home.resolve("password"), password);
        // PostgreSQL refuses to be root; an unprivileged user has to get through to its files.
        boolean root = Files.getAttribute(home, "unix:uid").equals(0);
        if (root) {
            for (Path path : List.of(home, home.getParent())) {
                Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwx--x--x"));
            }
            own(data);
            own(passwordFile);
        }
        Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwx------"));
        List<String> prefix =
                root ? List.of("setpriv", "--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups", "--") : List.of();
        ServerFiles files = new ServerFiles(home, data, home.resolve("binaries/bin"), password, prefix);
        files.initialise(passwordFile);
        return files;
    }

    public Path home() {
        return home;
    }

    public Path data() {
        return data;
    }

    /** Returns the address of its first database, once it listens on a port. */
    public Database database(int port) {
        return new Database("127.0.0.1", port, "postgres", USER, password);
    }

    /** Returns the command that runs the server in the foreground. */
    public List<String> command(int port, Map<String, String> settings) {
        List<String> command = new ArrayList<>(prefix);
        command.addAll(List.of(
                programs.resolve("postgres").toString(),
                "-D",
                data.toString(),
                "-p",
                Integer.toString(port),
                "-c",
                "listen_addresses=127.0.0.1",
                "-c",
                "unix_socket_directories="));
        settings.forEach((name, value) -> command.addAll(List.of("-c", name + "=" + value)));
        return command;
    }

    /**
     * Copies the data of a running server, between {@code pg_backup_start} and {@code pg_backup_stop}, to another
     * place; the programs are shared.
     */
    public ServerFiles copyData(Path target) throws IOException {
        Path copy = Files.createDirectories(target).resolve("data");
        ServerFiles files = new ServerFiles(target, copy, programs, password, prefix);
        try (Stream<Path> all = Files.walk(data)) {
            for (Path from : (Iterable<Path>) all::iterator) {
                files.copy(from, copy.resolve(data.relativize(from).toString()));
            }
        }
        if (!prefix.isEmpty()) {
            Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("rwx--x--x"));
        }
        return files;
    }

    private void copy(Path from, Path to) throws IOException {
        try {
            if (Files.isDirectory(from)) {
                Files.createDirectory(to);
                Files.setPosixFilePermissions(to, PosixFilePermissions.fromString("rwx------"));
            } else if (!from.getFileName().toString().startsWith("postmaster.")) {
                Files.copy(from, to, StandardCopyOption.COPY_ATTRIBUTES);
            } else {
                return;
            }
            if (!prefix.isEmpty()) {
                own(to);
            }
        } catch (NoSuchFileException e) {
            // Removed meanwhile: the log, which a standby reads from the start of the backup, tells so.
        }
    }

    /** Writes a file into the data directory. */
    public void write(String name, String text) throws IOException {
        Path file = Files.writeString(data.resolve(name), text);
        if (!prefix.isEmpty()) {
            own(file);
        }
    }

    private void initialise(Path passwordFile) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(prefix);
        command.addAll(List.of(
                programs.resolve("initdb").toString(),
                "--pgdata=" + data,
                "--username=" + USER,
                "--pwfile=" + passwordFile,
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                "--locale=C",
                "--locale-provider=builtin",
                "--builtin-locale=C.UTF-8"));
        Child.run(home, "initdb", Duration.ofMinutes(3), Map.of(), command);
    }

    private static void own(Path path) throws IOException {
        Files.setAttribute(path, "unix:uid", Integer.parseInt(NOBODY));
        Files.setAttribute(path, "unix:gid", Integer.parseInt(NOBODY));
    }
}
