package dev.sluice.postgres;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;

/** An embedded PostgreSQL for one test, which may reconfigure it, pull its plug and start it again on the same port. */
public final class DedicatedPostgres implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Path home;
    private final EmbeddedPostgres postgres;

    DedicatedPostgres(Path directory) {
        this.home = directory;
        this.postgres = EmbeddedPostgres.start(settings(directory));
    }

    static EmbeddedPostgresProperties settings(Path directory) {
        return new EmbeddedPostgresProperties(
                EmbeddedPostgresProperties.Embedded.AUTO, directory.toString(), 0, Duration.ofSeconds(60));
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

    /** Stops it as a power failure would: no checkpoint, every connection cut. */
    public void stopImmediately() {
        if (!postgres.server().stop("immediate")) {
            throw new IllegalStateException("PostgreSQL did not stop");
        }
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
