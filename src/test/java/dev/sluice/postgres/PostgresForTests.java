package dev.sluice.postgres;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Locale;
import java.util.Optional;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.util.FileSystemUtils;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.postgresql.PostgreSQLContainer;

/**
 * A real PostgreSQL for tests, chosen once per JVM: the server of {@code sluice.test.url} (or SLUICE_TEST_URL), else a
 * container where Docker answers and has the image, else the embedded server. Without any of them the test fails.
 *
 * <p>All but the first have {@code fsync} on. The service refuses a server of one's own that has it off, unless
 * SLUICE_DATABASE_ACCEPT=fsync-off stands in the environment, for all tests at once.
 *
 * <p>The server of that URL may be another engine, which {@code sluice.test.engine} names; {@code sluice.test.init} is
 * SQL that each new database needs to be one of it.
 */
public final class PostgresForTests {

    private static final Logger log = LoggerFactory.getLogger(PostgresForTests.class);
    private static final String IMAGE = "postgres:18";
    private static final Pattern URL = Pattern.compile("(jdbc:postgresql://[^/]+/)[^?]*(\\?.*)?");

    // Guarded by the class.
    private static @Nullable Server chosen;

    private PostgresForTests() {}

    /** An empty database of its own, with the rights to do anything in it. */
    public record Database(String url, String username, String password, String where) {

        /** Where it runs, for messages. */
        public String describe() {
            return where;
        }

        /** A connection apart from any pool. */
        public Connection connect() throws SQLException {
            return DriverManager.getConnection(url, username, password);
        }
    }

    /** Creates a database that no other test sees. */
    public static Database freshDatabase() {
        return server().freshDatabase("");
    }

    /** Creates one in another encoding, which PostgreSQL's own locale C goes with. */
    public static Database freshDatabase(String encoding) {
        return server().freshDatabase(" TEMPLATE template0 ENCODING '" + encoding
                + "' LOCALE_PROVIDER libc LC_COLLATE 'C' LC_CTYPE 'C'");
    }

    /** The engine that tests are for, if they are not for PostgreSQL. */
    public static Optional<String> engine() {
        return setting("sluice.test.engine");
    }

    /** Starts a server below {@code directory} that this test alone uses, and may kill. */
    public static DedicatedPostgres dedicated(Path directory) {
        return new DedicatedPostgres(directory.resolve("postgres"));
    }

    /** A temporary directory that every user may pass through, as a server started by root needs it. */
    public static Path openDirectory() {
        try {
            Path directory = Files.createTempDirectory("sluice-postgres");
            return Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx--x--x"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static synchronized Server server() {
        Server server = chosen;
        if (server == null) {
            server = configured().or(PostgresForTests::container).orElseGet(PostgresForTests::embedded);
            log.info("Tests use {}", server.where());
            chosen = server;
        }
        return server;
    }

    private static Optional<Server> configured() {
        return setting("sluice.test.url").map(url -> {
            Server server = new Server(
                    url,
                    setting("sluice.test.username").orElse("postgres"),
                    setting("sluice.test.password").orElse(""),
                    "the configured " + url.replaceFirst("\\?.*", ""),
                    new ConcurrentLinkedQueue<>());
            atExit(server::dropAll);
            return server;
        });
    }

    private static Optional<Server> container() {
        if (Files.exists(Path.of("/.dockerenv"))
                && setting("testcontainers.host.override").isEmpty()) {
            // Testcontainers would look for its host with a container of its own, for minutes where it cannot pull.
            log.info("No container for tests: inside of a container this needs TESTCONTAINERS_HOST_OVERRIDE");
            return Optional.empty();
        }
        try {
            if (!DockerClientFactory.instance().isDockerAvailable()) {
                return Optional.empty();
            }
            // Tests do not download half a gigabyte unasked.
            DockerClientFactory.instance().client().inspectImageCmd(IMAGE).exec();
        } catch (Throwable e) {
            log.info("No container for tests: {}", e.toString());
            return Optional.empty();
        }
        // Its default command turns fsync off, and what is tested here is durability.
        PostgreSQLContainer container =
                new PostgreSQLContainer(IMAGE).withCommand("postgres", "-c", "max_connections=400");
        container.start();
        atExit(container::stop);
        return Optional.of(new Server(
                container.getJdbcUrl(),
                container.getUsername(),
                container.getPassword(),
                "a container of " + IMAGE,
                new ConcurrentLinkedQueue<>()));
    }

    private static Server embedded() {
        Path directory = openDirectory();
        DedicatedPostgres postgres = dedicated(directory);
        atExit(() -> {
            postgres.close();
            try {
                FileSystemUtils.deleteRecursively(directory);
            } catch (IOException e) {
                log.warn("{} is left behind", directory, e);
            }
        });
        // Spring keeps the contexts of many test classes open, each with its pool.
        postgres.alterSystem("max_connections", "400");
        postgres.restart();
        return new Server(
                postgres.url(),
                postgres.username(),
                postgres.password(),
                postgres.toString(),
                new ConcurrentLinkedQueue<>());
    }

    private static Optional<String> setting(String name) {
        String property = System.getProperty(name);
        String value =
                property == null ? System.getenv(name.toUpperCase(Locale.ROOT).replace('.', '_')) : property;
        return Optional.ofNullable(value).filter(text -> !text.isBlank());
    }

    private static void atExit(Runnable action) {
        Runtime.getRuntime().addShutdownHook(new Thread(action, "postgres-for-tests"));
    }

    private record Server(String url, String username, String password, String where, Queue<String> databases) {

        Database freshDatabase(String options) {
            String name = "test_" + UUID.randomUUID().toString().replace("-", "");
            execute("CREATE DATABASE " + name + options);
            databases.add(name);
            Matcher parts = URL.matcher(url);
            if (!parts.matches()) {
                throw new IllegalStateException("Not a URL of a PostgreSQL database: " + url);
            }
            String rest = parts.group(2) == null ? "" : parts.group(2);
            Database made = new Database(parts.group(1) + name + rest, username, password, where);
            setting("sluice.test.init").ifPresent(sql -> execute(made.url(), sql));
            return made;
        }

        void dropAll() {
            databases.forEach(name -> execute("DROP DATABASE IF EXISTS " + name + " WITH (FORCE)"));
        }

        private void execute(String sql) {
            execute(url, sql);
        }

        private void execute(String in, String sql) {
            try (Connection connection = DriverManager.getConnection(in, username, password);
                    Statement statement = connection.createStatement()) {
                statement.execute(sql);
            } catch (SQLException e) {
                throw new IllegalStateException("Tests need a PostgreSQL, and this one failed: " + where, e);
            }
        }
    }
}
