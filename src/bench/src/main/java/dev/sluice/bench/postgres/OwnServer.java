package dev.sluice.bench.postgres;

import dev.sluice.bench.process.Child;
import dev.sluice.bench.process.Ports;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;

/** A PostgreSQL of the benchmark's own: real files, fsync on. */
public final class OwnServer implements AutoCloseable {

    private static final Duration START = Duration.ofSeconds(60);

    private final Child server;
    private final Database database;

    private OwnServer(Child server, Database database) {
        this.server = server;
        this.database = database;
    }

    public static OwnServer start(Path home) throws IOException, InterruptedException, SQLException {
        ServerFiles files = ServerFiles.create(home);
        int port = Ports.free();
        Child child = Child.start(home, "postgres", Map.of(), files.command(port, Settings.OWN))
                .detached();
        OwnServer server = new OwnServer(child, files.database(port));
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
}
