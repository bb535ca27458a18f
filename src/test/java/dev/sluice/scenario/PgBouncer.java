package dev.sluice.scenario;

import static org.awaitility.Awaitility.await;

import dev.sluice.postgres.PostgresForTests;
import dev.sluice.postgres.PostgresForTests.Database;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.springframework.util.FileSystemUtils;

/** A real pgbouncer in front of a database. */
final class PgBouncer implements AutoCloseable {

    private static final int NOBODY = 65534;

    private final Database database;
    private final Path directory = PostgresForTests.openDirectory();
    private final int port = freePort();
    private final Process process;

    private PgBouncer(Database database, String mode) throws IOException {
        this.database = database;
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        configure(mode);
        List<String> command = new ArrayList<>();
        if (System.getProperty("user.name").equals("root")) {
            // It does not run as root.
            command.addAll(List.of("setpriv", "--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups", "--"));
        }
        command.addAll(List.of(program().orElseThrow().toString(), settings().toString()));
        process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log().toFile())
                .start();
        await().until(this::answers);
    }

    /** Starts one with a pool_mode. */
    static PgBouncer before(Database database, String mode) {
        try {
            return new PgBouncer(database, mode);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static boolean isInstalled() {
        return program().isPresent();
    }

    private static Optional<Path> program() {
        return Stream.of("/usr/sbin", "/usr/bin", "/usr/local/bin")
                .map(place -> Path.of(place, "pgbouncer"))
                .filter(Files::isExecutable)
                .findFirst();
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path settings() {
        return directory.resolve("pgbouncer.ini");
    }

    private Path log() {
        return directory.resolve("log");
    }

    /** Writes what it reads at its start, and once more when it is told to. */
    private void configure(String mode) throws IOException {
        String[] address = database.url().split("[/:?]", -1); // jdbc postgresql "" "" host port database
        Files.writeString(settings(), """
                [databases]
                %s = host=%s port=%s user=%s password=%s
                [pgbouncer]
                listen_addr = 127.0.0.1
                listen_port = %d
                unix_socket_dir =
                auth_type = any
                pool_mode = %s
                default_pool_size = 4
                max_client_conn = 200
                """.formatted(
                        address[6], address[4], address[5], database.username(), database.password(), port, mode));
    }

    /** Gives it another pool_mode while it runs. */
    void become(String mode) throws IOException, InterruptedException {
        configure(mode);
        long told = reloads();
        new ProcessBuilder("kill", "-HUP", Long.toString(process.pid())).start().waitFor();
        await().until(() -> reloads() > told);
    }

    private long reloads() throws IOException {
        try (Stream<String> lines = Files.lines(log())) {
            return lines.filter(line -> line.contains("SIGHUP")).count();
        }
    }

    private boolean answers() throws IOException {
        if (!process.isAlive()) {
            throw new IllegalStateException("pgbouncer does not start: " + Files.readString(log()));
        }
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    /** The database, as it is reached through this. */
    Database database() {
        String[] address = database.url().split("[/:?]", -1);
        return new Database(
                "jdbc:postgresql://127.0.0.1:" + port + "/" + address[6],
                database.username(),
                database.password(),
                "a pgbouncer before " + database.where());
    }

    @Override
    public void close() {
        process.destroyForcibly();
        try {
            process.waitFor();
            FileSystemUtils.deleteRecursively(directory);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
