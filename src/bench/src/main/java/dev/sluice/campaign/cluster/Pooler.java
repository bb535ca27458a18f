package dev.sluice.campaign.cluster;

import dev.sluice.bench.postgres.Database;
import dev.sluice.bench.process.Directories;
import dev.sluice.bench.process.Ports;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A pgbouncer in front of a database. */
public final class Pooler implements AutoCloseable {

    private static final int ATTEMPTS = 100;

    private final Process process;
    private final Path directory;
    private final int port;

    private Pooler(Process process, Path directory, int port) {
        this.process = process;
        this.directory = directory;
        this.port = port;
    }

    public static boolean isInstalled() {
        return program().isPresent();
    }

    private static Optional<Path> program() {
        return Stream.of("/usr/sbin", "/usr/bin", "/usr/local/bin")
                .map(place -> Path.of(place, "pgbouncer"))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** Starts one that pools transactions, or sessions. */
    public static Pooler start(Database database, boolean transactions) throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory(Path.of("/var/tmp"), "sluice-pooler-");
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        int port = Ports.free();
        Path settings = Files.writeString(directory.resolve("pgbouncer.ini"), """
                [databases]
                * = host=%s port=%d user=%s password=%s
                [pgbouncer]
                listen_addr = 127.0.0.1
                listen_port = %d
                unix_socket_dir =
                auth_type = any
                pool_mode = %s
                default_pool_size = 15
                max_client_conn = 200
                """.formatted(
                        database.host(),
                        database.port(),
                        database.username(),
                        database.password(),
                        port,
                        transactions ? "transaction" : "session"));
        List<String> command = new ArrayList<>();
        if (System.getProperty("user.name").equals("root")) {
            // It does not run as root.
            command.addAll(List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--"));
        }
        command.addAll(List.of(program().orElseThrow().toString(), settings.toString()));
        Process process = Programs.start(command, Map.of(), directory, directory.resolve("log"));
        Pooler pooler = new Pooler(process, directory, port);
        for (int i = 0; !pooler.answers(); i++) {
            if (i == ATTEMPTS || !process.isAlive()) {
                String log = Files.readString(directory.resolve("log"));
                pooler.close();
                throw new IOException("pgbouncer does not start: " + log);
            }
            Thread.sleep(50);
        }
        return pooler;
    }

    private boolean answers() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    public int port() {
        return port;
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly();
        try {
            process.waitFor(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Directories.delete(directory);
    }
}
