package dev.sluice.postgres;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.postgresql.PGConnection;

/** An embedded PostgreSQL for one test, which may reconfigure it, pull its plug and start it again on the same port. */
public final class DedicatedPostgres implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String STANDBY_NAMES = "synchronous_standby_names";

    private final Path home;
    private final EmbeddedPostgres postgres;

    DedicatedPostgres(Path directory) {
        this.home = directory;
        this.postgres = EmbeddedPostgres.start(settings(directory));
    }

    static EmbeddedPostgresProperties settings(Path directory) {
        return new EmbeddedPostgresProperties(
                EmbeddedPostgresProperties.Embedded.AUTO,
                directory.toString(),
                0,
                Duration.ofSeconds(60),
                5,
                Duration.ofMinutes(10));
    }

    public String url() {
        return postgres.url();
    }

    public String username() {
        return postgres.username();
    }

    public String password() {
        return postgres.password();
    }

    /** A connection apart from any pool, as the superuser. */
    public Connection connect() {
        try {
            return DriverManager.getConnection(url(), username(), password());
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Runs one statement as the superuser. */
    public void execute(String sql) {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Changes a server setting and reloads; one that needs it takes effect with {@link #restart()}. */
    public void alterSystem(String name, String value) {
        if (!name.matches("[a-z_]+")) {
            throw new IllegalArgumentException("Not a setting: " + name);
        }
        execute("ALTER SYSTEM SET " + name + " = '" + value.replace("'", "''") + "'");
        execute("SELECT pg_reload_conf()");
    }

    /**
     * Lets every commit wait for a synchronous standby that never comes. Returns once it holds: commits learn of it from
     * the checkpointer, some time after the reload.
     */
    public void loseStandby() {
        alterSystem(STANDBY_NAMES, "ghost");
        await().atMost(PATIENCE).pollDelay(Duration.ZERO).until(this::commitsWait);
    }

    /** Commits without waiting for a standby; those that wait go on. */
    public void forgetStandby() {
        alterSystem(STANDBY_NAMES, "");
    }

    private boolean commitsWait() throws SQLException {
        try (Connection connection = connect()) {
            int pid = connection.unwrap(PGConnection.class).getBackendPID();
            CompletableFuture<Void> commit = CompletableFuture.runAsync(() -> commitSomething(connection));
            boolean waits = false;
            while (!waits && !commit.isDone()) {
                waits = cancelTheWaitForTheStandby("pid = " + pid) == 1;
            }
            commit.join();
            return waits;
        }
    }

    private static void commitSomething(Connection connection) {
        try (Statement statement = connection.createStatement()) {
            statement.execute("SELECT pg_logical_emit_message(true, 'probe', '')");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Whether somebody whom {@code condition} picks from pg_stat_activity waits for the standby. */
    public boolean waitForTheStandby(String condition) {
        return countOfWaits("pid", condition) > 0;
    }

    /** Ends such waits, as an impatient operator does; returns how many. */
    public int cancelTheWaitForTheStandby(String condition) {
        return countOfWaits("pg_cancel_backend(pid)", condition);
    }

    private int countOfWaits(String what, String condition) {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet waits = statement.executeQuery("SELECT count(" + what
                        + ") FROM pg_stat_activity WHERE wait_event = 'SyncRep' AND " + condition)) {
            waits.next();
            return waits.getInt(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Stops it as a power failure would: no checkpoint, every connection cut. */
    public void stopImmediately() {
        if (!postgres.server().stop("immediate")) {
            throw new IllegalStateException("PostgreSQL did not stop");
        }
    }

    /** Stops all of its processes in their tracks: connections are taken by the kernel, and nothing answers. */
    public void freeze() {
        signal("-STOP");
    }

    /** Lets them go on. */
    public void thaw() {
        signal("-CONT");
    }

    private void signal(String signal) {
        ProcessHandle postmaster =
                ProcessHandle.of(Postmaster.read(cluster()).pid()).orElseThrow();
        List<String> command = new ArrayList<>(List.of("kill", signal, Long.toString(postmaster.pid())));
        postmaster.descendants().forEach(child -> command.add(Long.toString(child.pid())));
        Command.run(home, PATIENCE, command);
    }

    /** Starts it again on the same port, after a stop or instead of one. */
    public void restart() {
        try {
            postgres.server().stop("fast");
            postgres.server().start(postgres.port());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts it again, until the next restart, with settings that its own command line forbids, like {@code fsync=off}. */
    public void restartWith(String... settings) {
        try {
            postgres.server().stop("fast");
            PostgresAccount account = PostgresAccount.of(home, cluster());
            StringBuilder options = new StringBuilder(
                    "-p " + postgres.port() + " -c listen_addresses=127.0.0.1 -c unix_socket_directories=''");
            for (String setting : settings) {
                options.append(" -c ").append(setting);
            }
            Command start = Command.run(
                    home,
                    PATIENCE,
                    account.command(List.of(
                            PostgresBinaries.unpack(home.resolve("binaries"))
                                    .program("pg_ctl")
                                    .toString(),
                            "-D",
                            cluster().toString(),
                            "-w",
                            "-l",
                            home.resolve("log").toString(),
                            "-o",
                            options.toString(),
                            "start")));
            if (!start.succeeded()) {
                throw new IllegalStateException(start.output());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts it again as a standby that its primary has left alone: it answers, and takes no writes. */
    public void becomeStandby() {
        try {
            postgres.server().stop("fast");
            Files.createFile(cluster().resolve("standby.signal"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        restart();
    }

    /** Makes a primary of it, if it is a standby. */
    public void promote() {
        execute("SELECT CASE WHEN pg_is_in_recovery() THEN pg_promote() END");
    }

    /**
     * Makes a base backup while it runs, with everything that a server beside it needs, and with the log up to its end.
     * Returns its home, which {@link PostgresForTests#dedicated} starts.
     */
    public Path backUp(Path directory) {
        Path copy = directory.resolve("postgres");
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute("SELECT pg_backup_start('test', true)");
            // Files may come and go meanwhile, which is what the log makes good.
            Command.run(home, PATIENCE, List.of("cp", "-a", home.toString(), copy.toString()));
            try (ResultSet stop = statement.executeQuery("SELECT labelfile FROM pg_backup_stop(false)")) {
                stop.next();
                give(copy.resolve("cluster/backup_label"), stop.getString(1));
            }
            // Not what is beside the segments: archiving renames and removes it at any time.
            run(
                    "sh",
                    "-c",
                    "cp -a \"$0\"/0* \"$1\"",
                    cluster().resolve("pg_wal").toString(),
                    copy.resolve("cluster/pg_wal").toString());
            Files.deleteIfExists(copy.resolve("cluster/postmaster.pid"));
            return copy;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Copies the files of the server, which is stopped for that. */
    public void copyStopped(Path copy) {
        try {
            postgres.server().stop("fast");
            run("cp", "-a", cluster().toString(), copy.toString());
            postgres.server().start(postgres.port());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Puts such a copy in the place of what it has now, and starts it, after these statements were executed where nobody
     * else could connect.
     */
    public void becomeCopy(Path copy, String... statements) {
        postgres.server().stop("fast");
        run("rm", "-rf", cluster().toString());
        run("mv", copy.toString(), cluster().toString());
        try {
            String apart = postgres.url()
                    .replace(
                            ":" + postgres.port() + "/", ":" + postgres.server().start(0) + "/");
            try (Connection connection = DriverManager.getConnection(apart, username(), password());
                    Statement statement = connection.createStatement()) {
                for (String sql : statements) {
                    statement.execute(sql);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        restart();
    }

    /** Lets a backup recover from an archive when it is started, up to where {@code settings} say. */
    public void recoverFrom(Path archive, Path backup, String... settings) throws IOException {
        Path settingsFile = backup.resolve("cluster/postgresql.auto.conf");
        String all = "restore_command = 'cp " + archive + "/%f %p'\narchive_mode = off\n" + String.join("\n", settings);
        Files.writeString(settingsFile, '\n' + all + '\n', StandardOpenOption.APPEND);
        give(backup.resolve("cluster/recovery.signal"), "");
    }

    /** Makes a directory that the server may write to. */
    public Path archive() throws IOException {
        Path archive = Files.createDirectory(home.resolve("archive"));
        own(archive);
        return archive;
    }

    private void give(Path file, String content) throws IOException {
        own(Files.writeString(file, content));
    }

    private void own(Path file) throws IOException {
        for (String attribute : List.of("unix:uid", "unix:gid")) {
            Files.setAttribute(file, attribute, Files.getAttribute(cluster(), attribute));
        }
    }

    private void run(String... command) {
        Command done = Command.run(home, PATIENCE, List.of(command));
        if (!done.succeeded()) {
            throw new IllegalStateException(String.join(" ", command) + ": " + done.output());
        }
    }

    private Path cluster() {
        return home.resolve("cluster");
    }

    @Override
    public void close() {
        postgres.close();
    }

    @Override
    public String toString() {
        return "embedded PostgreSQL " + postgres.version() + " on port " + postgres.port();
    }
}
