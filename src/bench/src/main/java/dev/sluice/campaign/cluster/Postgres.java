package dev.sluice.campaign.cluster;

import dev.sluice.bench.postgres.Database;
import dev.sluice.bench.postgres.ServerFiles;
import dev.sluice.bench.process.Ports;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A PostgreSQL that is stopped and killed, and comes back on the same port. Used by one thread at a time. */
public final class Postgres implements AutoCloseable {

    private static final long START_SECONDS = 60;

    private final ServerFiles files;
    private final int port;
    private Process process;

    private Postgres(ServerFiles files, int port) {
        this.files = files;
        this.port = port;
    }

    /** Makes an empty one, as durable as PostgreSQL is by default, and starts it. */
    public static Postgres create(Path home) throws IOException, InterruptedException {
        Postgres postgres = new Postgres(ServerFiles.create(home), Ports.free());
        postgres.start();
        return postgres;
    }

    public Database database() {
        return files.database(port);
    }

    public int port() {
        return port;
    }

    /** Starts it and waits until it answers; again, where the last one's processes are still on their way out. */
    public synchronized void start() throws IOException, InterruptedException {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("fsync", "on");
        settings.put("synchronous_commit", "on");
        settings.put("full_page_writes", "on");
        settings.put("max_connections", "100");
        settings.put("shared_buffers", "256MB");
        settings.put("log_line_prefix", "%m [%p] ");
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
        while (true) {
            if (process == null || !process.isAlive()) {
                process = new ProcessBuilder(files.command(port, settings))
                        .directory(files.home().toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.appendTo(
                                files.home().resolve("postgres.log").toFile()))
                        .start();
            }
            try {
                database().execute("select 1");
                return;
            } catch (SQLException e) {
                if (System.nanoTime() > deadline) {
                    throw new IOException("PostgreSQL does not come back, see " + files.home(), e);
                }
                process.waitFor(100, TimeUnit.MILLISECONDS);
            }
        }
    }

    /** kill −9 of the server itself; its backends notice and end. */
    public synchronized void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** {@code immediate}: every process aborts, the next start recovers from the log. {@code fast}: rolled back, closed. */
    public synchronized void stop(boolean immediately) throws IOException, InterruptedException {
        Signals.send(immediately ? "QUIT" : "INT", process.pid());
        if (!process.waitFor(30, TimeUnit.SECONDS)) {
            kill();
        }
    }

    @Override
    public void close() throws IOException {
        try {
            stop(false);
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
