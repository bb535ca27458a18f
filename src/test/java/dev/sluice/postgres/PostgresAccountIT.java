package dev.sluice.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.util.FileSystemUtils;

/** Who runs PostgreSQL depends on who runs the test: each test asserts what holds for that user. */
class PostgresAccountIT {

    private static final int NOBODY = 65534;
    // The user daemon, whom every system knows by name.
    private static final int SOMEBODY = 1;
    private static final int NAMELESS = 54321;

    private Path parent;
    private Path home;
    private int self;

    @BeforeEach
    void createDirectory() throws IOException {
        parent = PostgresForTests.openDirectory();
        home = parent.resolve("postgres");
        self = owner(parent);
    }

    @AfterEach
    void deleteDirectory() throws IOException {
        FileSystemUtils.deleteRecursively(parent);
    }

    @Test
    void runsAsThisUserOrAsNobodyInRootsPlace() throws IOException {
        start().close();
        assertThat(clusterOwner()).isEqualTo(self == 0 ? NOBODY : self);
        // The owner is found again.
        start().close();
    }

    @Test
    void runsBelowAPrivateDirectory() throws IOException {
        Files.setPosixFilePermissions(parent, PosixFilePermissions.fromString("rwx------"));
        if (self != 0 || userNamespacesWork()) {
            start().close();
            assertThat(clusterOwner()).isEqualTo(self);
            start().close();
        } else {
            assertThatExceptionOfType(DatabaseSetupException.class)
                    .isThrownBy(this::start)
                    .withMessageContaining("PostgreSQL does not run as root")
                    .satisfies(e -> assertThat(e.action()).contains("sluice.postgres.directory"));
        }
    }

    @Test
    void runsForAnOrdinaryUserAndThenForRoot() throws Exception {
        int user = self == 0 ? SOMEBODY : self;
        try (PostgresProcess ordinary = startAs(user)) {
            assertThat(ordinary.outcome()).startsWith("started ");
            assertThat(clusterOwner()).isEqualTo(user);
        }
        start().close();
        assertThat(clusterOwner()).isEqualTo(user);
    }

    @Test
    void runsForAUserWithoutAName() throws Exception {
        int user = self == 0 ? NAMELESS : self;
        for (int start = 0; start < 2; start++) {
            try (PostgresProcess nameless = startAs(user)) {
                if (self != 0 || userNamespacesWork()) {
                    assertThat(nameless.outcome()).startsWith("started ");
                    assertThat(clusterOwner()).isEqualTo(user);
                } else {
                    assertThat(nameless.outcome()).contains("user does not exist");
                }
            }
        }
    }

    @Test
    void refusesTheClusterOfAnotherUser() throws Exception {
        if (self == 0) {
            // Made by root for nobody, in a directory that somebody else may write to.
            start().close();
            Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwxrwxrwx"));
            Files.setPosixFilePermissions(home.resolve("lock"), PosixFilePermissions.fromString("rw-rw-rw-"));
            try (PostgresProcess stranger = PostgresProcess.startAs(SOMEBODY, home, libraries())) {
                assertThat(stranger.outcome())
                        .matches(
                                "The database in .* belongs to user .* \\(uid 65534\\), and this process runs as uid 1\\.");
            }
        } else {
            // Without root no file can be given away: a directory of root stands for another user's.
            assertThatExceptionOfType(DatabaseSetupException.class)
                    .isThrownBy(() -> PostgresAccount.of(parent, Path.of("/usr")))
                    .withMessageMatching("The database in .* belongs to user root \\(uid 0\\), and this process .*");
        }
    }

    @Test
    void saysWhichDirectoryIsUnusable() throws IOException {
        Files.writeString(home, "a file");
        assertThatExceptionOfType(DatabaseSetupException.class)
                .isThrownBy(this::start)
                .withMessageContaining("The directory " + home + " of the embedded PostgreSQL cannot be used")
                .satisfies(e -> assertThat(e.action()).contains("sluice.postgres.directory"));
    }

    private EmbeddedPostgres start() {
        return EmbeddedPostgres.start(DedicatedPostgres.settings(home));
    }

    /** A child of that user, in a directory of its own; without root it can only be this user. */
    private PostgresProcess startAs(int user) throws IOException {
        if (self != 0) {
            return PostgresProcess.start(home);
        }
        Files.createDirectories(home);
        Files.setAttribute(home, "unix:uid", user);
        Files.setAttribute(home, "unix:gid", user);
        return PostgresProcess.startAs(user, home, libraries());
    }

    private Path libraries() throws IOException {
        Path libraries = Files.createTempDirectory(parent, "libraries");
        return Files.setPosixFilePermissions(libraries, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private int clusterOwner() throws IOException {
        return owner(home.resolve("cluster"));
    }

    private static int owner(Path path) throws IOException {
        return (int) Files.getAttribute(path, "unix:uid");
    }

    private static boolean userNamespacesWork() {
        return Command.run(Path.of("/"), Duration.ofSeconds(10), List.of("unshare", "-U", "true"))
                .succeeded();
    }
}
