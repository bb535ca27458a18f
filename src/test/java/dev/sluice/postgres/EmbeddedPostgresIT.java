package dev.sluice.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.util.FileSystemUtils;

class EmbeddedPostgresIT {

    private Path parent;
    private Path home;

    @BeforeEach
    void createDirectory() {
        parent = PostgresForTests.openDirectory();
        home = parent.resolve("postgres");
    }

    @AfterEach
    void deleteDirectory() throws IOException {
        FileSystemUtils.deleteRecursively(parent);
    }

    @Test
    void keepsItsDataOverARestart() throws SQLException {
        try (EmbeddedPostgres first = start()) {
            execute(first, "CREATE TABLE kept AS SELECT 42 AS answer");
        }
        try (EmbeddedPostgres second = start()) {
            assertThat(query(second, "SELECT answer FROM kept")).isEqualTo("42");
        }
    }

    @Test
    void isDurableAndPrivate() throws SQLException, IOException {
        try (EmbeddedPostgres postgres = start()) {
            assertThat(query(postgres, "SHOW fsync")).isEqualTo("on");
            assertThat(query(postgres, "SHOW synchronous_commit")).isEqualTo("on");
            assertThat(query(postgres, "SHOW full_page_writes")).isEqualTo("on");
            assertThat(query(postgres, "SHOW listen_addresses")).isEqualTo("127.0.0.1");
            assertThat(query(postgres, "SHOW unix_socket_directories")).isEmpty();
            assertThat(query(
                            postgres,
                            "SELECT concat(datlocprovider, datlocale) FROM pg_database WHERE datname = 'sluice'"))
                    .isEqualTo("bC.UTF-8");
            assertThat(query(postgres, "SELECT string_agg(DISTINCT auth_method, ',') FROM pg_hba_file_rules"))
                    .isEqualTo("scram-sha-256");
            assertThatExceptionOfType(SQLException.class)
                    .isThrownBy(() -> DriverManager.getConnection(postgres.url(), "sluice", "guessed"));
            for (String secret : new String[] {"password", "pg_service.conf", "lock", "log"}) {
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(home.resolve(secret))))
                        .as(secret)
                        .isEqualTo("rw-------");
            }
            assertThat(home.resolve("pg_service.conf"))
                    .content()
                    .contains("[sluice]", "port=" + postgres.port(), "password=" + postgres.password());
        }
    }

    @Test
    void stopsTheServerThatAKilledProcessLeftRunningAndKeepsItsData() throws Exception {
        PostgresProcess killed = PostgresProcess.start(home);
        assertThat(killed.outcome()).startsWith("started ");
        long orphan = postmasterPid();
        killed.kill();
        assertThat(ProcessHandle.of(orphan)).isPresent();

        try (EmbeddedPostgres next = start()) {
            assertThat(postmasterPid()).isNotEqualTo(orphan);
            assertThat(query(next, "SELECT count(*) FROM pg_database WHERE datname = 'sluice'"))
                    .isEqualTo("1");
        }
    }

    @Test
    void refusesASecondInstanceInTheSameProcess() throws SQLException {
        try (EmbeddedPostgres first = start()) {
            assertThatExceptionOfType(DatabaseSetupException.class)
                    .isThrownBy(this::start)
                    .withMessage("The embedded PostgreSQL in %s is already used by this process.", home);
            assertThat(query(first, "SELECT 1")).isEqualTo("1");
        }
    }

    @Test
    void refusesASecondInstanceInAnotherProcess() throws Exception {
        try (PostgresProcess first = PostgresProcess.start(home)) {
            assertThat(first.outcome()).startsWith("started ");
            assertThatExceptionOfType(DatabaseSetupException.class)
                    .isThrownBy(this::start)
                    .withMessage("The embedded PostgreSQL in %s is already used by process %d.", home, first.pid());
        }
        try (EmbeddedPostgres second = start()) {
            // The refusal itself took no lock.
            try (PostgresProcess third = PostgresProcess.start(home)) {
                assertThat(third.outcome())
                        .contains("already used by process "
                                + ProcessHandle.current().pid());
            }
            assertThat(query(second, "SELECT 1")).isEqualTo("1");
        }
    }

    @Test
    void recoversFromAnInterruptedFirstStart() throws Exception {
        // What kill -9 leaves: programs half unpacked, a cluster half made, and a password already chosen.
        Files.createDirectories(home.resolve("binaries/unfinished-1/bin"));
        Files.createDirectories(home.resolve("unfinished-cluster-1/base"));
        Files.writeString(home.resolve("unfinished-cluster-1/PG_VERSION"), "18\n");
        Files.writeString(home.resolve("unfinished-cluster-password"), "half");
        PostgresCluster.writeSecret(home.resolve("password"), "chosen-before");

        try (EmbeddedPostgres postgres = start()) {
            assertThat(query(postgres, "SELECT current_user")).isEqualTo("sluice");
            assertThat(postgres.password()).isEqualTo("chosen-before");
        }
        try (var entries = Files.list(home)) {
            assertThat(entries.map(path -> path.getFileName().toString()))
                    .containsExactlyInAnyOrder("binaries", "cluster", "lock", "log", "password", "pg_service.conf");
        }
        try (var entries = Files.list(home.resolve("binaries"))) {
            assertThat(entries).hasSize(1);
        }
    }

    @Test
    void startsAlthoughAnotherProgramGotTheOldProcessNumber() throws Exception {
        start().close();
        Path pidFile = home.resolve("cluster/postmaster.pid");
        // Any living process that is not this server will do: this JVM.
        Files.writeString(
                pidFile,
                "%d\n%s\n1\n1\n\n127.0.0.1\n".formatted(ProcessHandle.current().pid(), home));
        try (EmbeddedPostgres postgres = start()) {
            assertThat(query(postgres, "SELECT 1")).isEqualTo("1");
        }
        Files.writeString(pidFile, "");
        try (EmbeddedPostgres postgres = start()) {
            assertThat(query(postgres, "SELECT 1")).isEqualTo("1");
        }
    }

    @Test
    void startsAfterItsServerWasKilled() throws Exception {
        EmbeddedPostgres first = start();
        ProcessHandle postmaster = ProcessHandle.of(postmasterPid()).orElseThrow();
        postmaster.destroyForcibly();
        postmaster.onExit().join();
        first.close();
        try (EmbeddedPostgres second = start()) {
            assertThat(query(second, "SELECT 1")).isEqualTo("1");
        }
    }

    @Test
    void refusesTheDataOfAnotherMajorVersion() throws IOException {
        start().close();
        Files.writeString(home.resolve("cluster/PG_VERSION"), "17\n");
        assertThatExceptionOfType(DatabaseSetupException.class)
                .isThrownBy(this::start)
                .withMessageMatching(
                        "The database in .* was made by PostgreSQL 17, and this build has PostgreSQL 18\\..*");
    }

    @Test
    void namesThePortThatIsTaken() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}))) {
            EmbeddedPostgresProperties settings = new EmbeddedPostgresProperties(
                    EmbeddedPostgresProperties.Embedded.AUTO,
                    home.toString(),
                    taken.getLocalPort(),
                    Duration.ofSeconds(60),
                    5,
                    Duration.ofMinutes(10));
            assertThatExceptionOfType(DatabaseSetupException.class)
                    .isThrownBy(() -> EmbeddedPostgres.start(settings))
                    .withMessage("Port %d (sluice.postgres.port) is already in use.", taken.getLocalPort());
        }
        // The refused start has given the directory free.
        start().close();
    }

    private EmbeddedPostgres start() {
        return EmbeddedPostgres.start(DedicatedPostgres.settings(home));
    }

    private long postmasterPid() throws IOException {
        return Long.parseLong(
                Files.readAllLines(home.resolve("cluster/postmaster.pid")).get(0));
    }

    private static void execute(EmbeddedPostgres postgres, String sql) throws SQLException {
        try (Connection connection = connect(postgres);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String query(EmbeddedPostgres postgres, String sql) throws SQLException {
        try (Connection connection = connect(postgres);
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            assertThat(result.next()).isTrue();
            return result.getString(1);
        }
    }

    private static Connection connect(EmbeddedPostgres postgres) throws SQLException {
        return DriverManager.getConnection(postgres.url(), postgres.username(), postgres.password());
    }
}
