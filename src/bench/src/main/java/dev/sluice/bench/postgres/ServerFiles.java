package dev.sluice.bench.postgres;

import dev.sluice.bench.process.Child;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** The programs, the data directory and the password of a PostgreSQL on this machine. */
public final class ServerFiles {

    private static final String NOBODY = "65534";
    private static final String USER = "bench";

    private final Path home;
    private final Path data;
    private final String password;
    private final List<String> prefix;

    private ServerFiles(Path home, Path data, String password, List<String> prefix) {
        this.home = home;
        this.data = data;
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
        ServerFiles files = new ServerFiles(home, data, password, prefix);
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
                home.resolve("binaries/bin/postgres").toString(),
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

    private void initialise(Path passwordFile) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(prefix);
        command.addAll(List.of(
                home.resolve("binaries/bin/initdb").toString(),
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
