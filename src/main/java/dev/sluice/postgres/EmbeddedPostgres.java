package dev.sluice.postgres;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A PostgreSQL server of our own in one directory; it keeps its data, and runs from start to close. */
final class EmbeddedPostgres implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(EmbeddedPostgres.class);
    private static final String DATABASE = "sluice";

    private final PostgresDirectory directory;
    private final PostgresServer server;
    private final String password;
    private final String version;
    private final int port;

    /* Written by whoever starts the server: its start, and later the one thread that watches it. */
    private volatile long pid;

    private EmbeddedPostgres(
            PostgresDirectory directory, PostgresServer server, String password, String version, int port) {
        this.directory = directory;
        this.server = server;
        this.password = password;
        this.version = version;
        this.port = port;
        this.pid = Postmaster.read(directory.cluster()).pid();
    }

    /** Takes the directory, repairs what a killed process left there, and returns once the database answers. */
    static EmbeddedPostgres start(EmbeddedPostgresProperties settings) {
        PostgresDirectory directory = PostgresDirectory.open(settings.path());
        try {
            return start(settings, directory);
        } catch (IOException e) {
            directory.close();
            throw new DatabaseSetupException(
                    "The embedded PostgreSQL in " + directory.home() + " cannot be started: " + e + ".",
                    "Check that this user may write to sluice.postgres.directory, and that its disk has space.",
                    e);
        } catch (RuntimeException e) {
            directory.close();
            throw e;
        }
    }

    private static EmbeddedPostgres start(EmbeddedPostgresProperties settings, PostgresDirectory directory)
            throws IOException {
        PostgresAccount account = PostgresAccount.of(directory.home(), directory.cluster());
        PostgresBinaries binaries = PostgresBinaries.unpack(directory.binaries());
        PostgresServer server = new PostgresServer(directory, binaries, account, settings.startTimeout());
        server.stopOrphan();
        String password = PostgresCluster.prepare(directory, binaries, account);
        String version = PostgresCluster.version(directory, binaries);
        int port = server.start(settings.port());
        EmbeddedPostgres postgres = new EmbeddedPostgres(directory, server, password, version, port);
        try {
            postgres.createDatabase();
            postgres.writeServiceFile(account);
            return postgres;
        } catch (IOException | RuntimeException e) {
            server.stop("fast");
            throw e;
        }
    }

    String url() {
        return url(DATABASE);
    }

    String username() {
        return PostgresCluster.USER;
    }

    String password() {
        return password;
    }

    String version() {
        return version;
    }

    int port() {
        return port;
    }

    Path serviceFile() {
        return directory.serviceFile();
    }

    Path home() {
        return directory.home();
    }

    Path log() {
        return directory.log();
    }

    /** Returns the number of the server's process. */
    long pid() {
        return pid;
    }

    /** Whether the server's process is there; one that is stopped or hangs is. */
    boolean isRunning() {
        return Postmaster.isServer(pid, directory.cluster())
                || Postmaster.read(directory.cluster()).state() == Postmaster.State.RUNNING;
    }

    /** Starts a server that is gone again, on the same port. */
    void startAgain() throws IOException {
        server.stopOrphan();
        server.start(port);
        pid = Postmaster.read(directory.cluster()).pid();
    }

    /** Kills a server that answers nothing any more, with all of its processes: they may hang like it. */
    void kill() {
        ProcessHandle.of(pid).filter(process -> isRunning()).ifPresent(process -> {
            List<ProcessHandle> children = process.descendants().toList();
            process.destroyForcibly();
            children.forEach(ProcessHandle::destroyForcibly);
        });
    }

    PostgresServer server() {
        return server;
    }

    /** Stops the server and gives the directory free; whoever still has a connection loses it. */
    @Override
    public void close() {
        try {
            if (!server.stop("fast") && !server.stop("immediate")) {
                log.warn("The embedded PostgreSQL in {} could not be stopped", directory.home());
            }
        } finally {
            directory.close();
        }
    }

    String url(String database) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/" + database;
    }

    private void createDatabase() {
        try (Connection connection = DriverManager.getConnection(url("postgres"), username(), password);
                Statement statement = connection.createStatement();
                ResultSet found =
                        statement.executeQuery("SELECT FROM pg_database WHERE datname = '" + DATABASE + "'")) {
            if (!found.next()) {
                statement.execute("CREATE DATABASE " + DATABASE);
            }
        } catch (SQLException e) {
            throw new DatabaseSetupException(
                    "The embedded PostgreSQL in " + directory.home() + " started but refuses its owner: "
                            + e.getMessage(),
                    "See " + directory.log() + "; the password is in " + directory.password() + ".",
                    e);
        }
    }

    private void writeServiceFile(PostgresAccount account) throws IOException {
        PostgresCluster.writeSecret(directory.serviceFile(), """
                        [sluice]
                        host=127.0.0.1
                        port=%d
                        dbname=%s
                        user=%s
                        password=%s
                        """.formatted(port, DATABASE, username(), password));
        account.own(directory.serviceFile());
    }
}
