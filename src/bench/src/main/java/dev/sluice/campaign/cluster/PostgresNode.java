package dev.sluice.campaign.cluster;

import dev.sluice.bench.postgres.Database;
import dev.sluice.bench.postgres.ServerFiles;
import dev.sluice.bench.process.Ports;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** One server of PostgreSQL, a primary or a standby. Used under the monitor of {@link Postgres}. */
final class PostgresNode {

    private static final long START_SECONDS = 120;

    private final ServerFiles files;
    private final int port;
    private Process process;

    private PostgresNode(ServerFiles files, int port) {
        this.files = files;
        this.port = port;
    }

    static PostgresNode create(Path home) throws IOException, InterruptedException {
        return new PostgresNode(ServerFiles.create(home), Ports.free());
    }

    /** Copies a running primary into a standby that follows it. */
    static PostgresNode standbyOf(PostgresNode primary, Path home)
            throws IOException, InterruptedException, SQLException {
        try (Connection connection = primary.database().connect();
                Statement statement = connection.createStatement()) {
            statement.execute("select pg_backup_start('campaign', true)");
            ServerFiles copy = primary.files.copyData(home);
            try (ResultSet label = statement.executeQuery("select labelfile from pg_backup_stop(false)")) {
                label.next();
                copy.write("backup_label", label.getString(1));
            }
            copy.write("standby.signal", "");
            return new PostgresNode(copy, Ports.free());
        }
    }

    Database database() {
        return files.database(port);
    }

    int port() {
        return port;
    }

    /** Starts it and waits until it answers; again, where the last one's processes are still on their way out. */
    void start(PostgresNode primary) throws IOException, InterruptedException {
        start(primary, Map.of(), START_SECONDS);
    }

    /**
     * @param primary what it follows, null if it is one itself
     * @param variables of its environment
     * @param seconds how long to wait at most
     */
    void start(PostgresNode primary, Map<String, String> variables, long seconds)
            throws IOException, InterruptedException {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("fsync", "on");
        settings.put("synchronous_commit", "on");
        settings.put("full_page_writes", "on");
        settings.put("max_connections", "100");
        settings.put("shared_buffers", "256MB");
        settings.put("wal_keep_size", "512MB");
        settings.put("log_line_prefix", "%m [%p] ");
        if (primary != null) {
            Database of = primary.database();
            settings.put(
                    "primary_conninfo",
                    "host=%s port=%d user=%s password=%s application_name=standby"
                            .formatted(of.host(), of.port(), of.username(), of.password()));
        }
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        while (true) {
            if (process == null || !process.isAlive()) {
                process = Programs.start(
                        files.command(port, settings),
                        variables,
                        files.home(),
                        files.home().resolve("postgres.log"));
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
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** Stops all its processes where they stand. */
    void pause() throws IOException, InterruptedException {
        signal("STOP");
    }

    void resume() throws IOException, InterruptedException {
        signal("CONT");
    }

    private void signal(String name) throws IOException, InterruptedException {
        Signals.send(name, process.pid());
        for (ProcessHandle child : process.children().toList()) {
            Signals.send(name, child.pid());
        }
    }

    void stop(boolean immediately) throws IOException, InterruptedException {
        Signals.send(immediately ? "QUIT" : "INT", process.pid());
        if (!process.waitFor(30, TimeUnit.SECONDS)) {
            kill();
        }
    }
}
