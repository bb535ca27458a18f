package dev.sluice.bench.postgres;

import dev.sluice.bench.process.Child;
import dev.sluice.bench.process.Ports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** A PostgreSQL of the benchmark's own: real files, fsync on. */
public final class OwnServer implements AutoCloseable {

    private static final Duration START = Duration.ofSeconds(60);
    private static final String NOBODY = "65534";
    private static final String USER = "bench";

    private final Child server;
    private final Database database;

    private OwnServer(Child server, Database database) {
        this.server = server;
        this.database = database;
    }

    public static OwnServer start(Path home) throws IOException, InterruptedException, SQLException {
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
        initialise(home, prefix, data, passwordFile);
        int port = Ports.free();
        Database database = new Database("127.0.0.1", port, "postgres", USER, password);
        Child child = Child.start(home, "postgres", Map.of(), command(home, prefix, data, port))
                .detached();
        OwnServer server = new OwnServer(child, database);
        try {
            server.awaitReady();
            return server;
        } catch (IOException | InterruptedException e) {
            server.close();
            throw e;
        }
    }

    public Database database() {
        return database;
    }

    @Override
    public void close() throws IOException {
        try {
            // A polite SIGTERM waits for clients to go; SIGINT rolls them back and shuts down cleanly.
            new ProcessBuilder("kill", "-INT", Long.toString(server.pid()))
                    .start()
                    .waitFor();
            server.await(Duration.ofSeconds(60));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            server.close();
        }
    }

    private static void initialise(Path home, List<String> prefix, Path data, Path passwordFile)
            throws IOException, InterruptedException {
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

    private static List<String> command(Path home, List<String> prefix, Path data, int port) {
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
        Settings.OWN.forEach((name, value) -> command.addAll(List.of("-c", name + "=" + value)));
        return command;
    }

    private void awaitReady() throws IOException, InterruptedException {
        long deadline = System.nanoTime() + START.toNanos();
        while (true) {
            try {
                database.execute("select 1");
                return;
            } catch (SQLException e) {
                if (!server.isAlive() || System.nanoTime() > deadline) {
                    throw new IOException("PostgreSQL did not start: " + server.errors(), e);
                }
                Thread.sleep(100);
            }
        }
    }

    private static void own(Path path) throws IOException {
        Files.setAttribute(path, "unix:uid", Integer.parseInt(NOBODY));
        Files.setAttribute(path, "unix:gid", Integer.parseInt(NOBODY));
    }
}
