package dev.sluice.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.sluice.postgres.DedicatedPostgres;
import dev.sluice.postgres.PostgresForTests;
import dev.sluice.postgres.PostgresForTests.Database;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.util.FileSystemUtils;
import tools.jackson.databind.JsonNode;

/** A database that would not keep what is acknowledged stops the start, unless that is accepted by its name. */
@ExtendWith(OutputCaptureExtension.class)
class DatabaseRefusalsIT {

    private static final String SURVIVES = "/durability/acknowledgementSurvives";

    private static Path directory;
    private static DedicatedPostgres postgres;
    private static int used;

    private Database database;

    @BeforeAll
    static void startServer() {
        directory = PostgresForTests.openDirectory();
        postgres = PostgresForTests.dedicated(directory);
    }

    @AfterAll
    static void stopServer() throws IOException {
        postgres.close();
        FileSystemUtils.deleteRecursively(directory);
    }

    @BeforeEach
    void createDatabase() {
        String name = "refused_" + used++;
        postgres.restart();
        postgres.execute("create database " + name);
        database = new Database(
                postgres.url().replaceFirst("/[^/?]+(\\?|$)", "/" + name + "$1"),
                postgres.username(),
                postgres.password(),
                postgres.toString());
    }

    @Test
    void refusesAServerThatDoesNotForceItsLog(CapturedOutput output) {
        postgres.restartWith("fsync=off");
        assertRefused();
        assertThat(output)
                .contains("APPLICATION FAILED TO START")
                .contains("The database server has fsync off, expected is fsync on: an acknowledged record would not"
                        + " survive a power loss of the database's host")
                .contains("Set fsync = on", "or accept it by its name: sluice.database.accept=fsync-off.");
        assertThat(schemas()).isEmpty();
    }

    @Test
    void startsOnWhatIsAcceptedAndSaysSo(CapturedOutput output) {
        postgres.restartWith("fsync=off");
        try (InProcess service = start("sluice.database.accept=fsync-off")) {
            service.client().batch("events", "0", 0, "1").isWritten("committed");
            JsonNode info = service.client().get("/actuator/info").body();
            assertThat(info.at(SURVIVES).stringValue()).isEqualTo("process kill");
            assertThat(info.at("/durability/fsync").stringValue()).isEqualTo("off");
            assertThat(info.at("/durability/findings/0/name").stringValue()).isEqualTo("fsync-off");
            assertThat(info.at("/durability/findings/0/accepted").booleanValue())
                    .isTrue();
        }
        assertThat(output).containsPattern("WARN.*fsync off.* Accepted by sluice.database.accept=fsync-off");
    }

    @Test
    void refusesConnectionsThatDoNotWaitForTheLog(CapturedOutput output) {
        assertRefused("spring.datasource.hikari.connection-init-sql=SET synchronous_commit = 'off'");
        assertThat(output)
                .contains("The service's connections to the database have synchronous_commit off")
                .contains("connection-init-sql out")
                .contains("sluice.database.accept=synchronous-commit-off.");
    }

    @Test
    void raisesWhatARoleADatabaseAndAUrlHaveLowered() {
        String name = database.url().replaceFirst(".*/([^/?]+).*", "$1");
        postgres.execute("alter database " + name + " set synchronous_commit = off");
        postgres.execute("alter role " + database.username() + " set synchronous_commit = off");
        Database lowered = new Database(
                database.url() + "?options=-c%20synchronous_commit=off",
                database.username(),
                database.password(),
                database.where());
        try (InProcess service = InProcess.on(lowered, List.of())) {
            JsonNode info = service.client().get("/actuator/info").body();
            assertThat(info.at("/durability/synchronousCommit").stringValue()).isEqualTo("on");
            assertThat(info.at(SURVIVES).stringValue()).isEqualTo("process kill and power loss of this host");
            assertThat(info.at("/durability/findings").isMissingNode()).isTrue();
        } finally {
            postgres.execute("alter role " + database.username() + " reset synchronous_commit");
        }
    }

    @Test
    void warnsOfTornPages(CapturedOutput output) {
        postgres.restartWith("full_page_writes=off");
        try (InProcess service = start()) {
            JsonNode info = service.client().get("/actuator/info").body();
            assertThat(info.at(SURVIVES).stringValue()).isEqualTo("process kill");
            assertThat(info.at("/durability/findings/0/name").stringValue()).isEqualTo("full-page-writes-off");
            assertThat(info.at("/durability/findings/0/accepted").booleanValue())
                    .isFalse();
        }
        assertThat(output).containsPattern("WARN.*has full_page_writes off.*Set full_page_writes = on");
    }

    @Test
    void refusesAStandbyBeforeAnythingIsWrittenToIt(CapturedOutput output) {
        postgres.becomeStandby();
        try {
            assertRefused();
        } finally {
            postgres.promote();
        }
        assertThat(output)
                .contains("The database server is a standby in recovery, expected is a primary")
                .contains("targetServerType=primary", "sluice.database.accept=in-recovery.")
                .doesNotContain("CREATE SCHEMA", "read-only");
    }

    @Test
    void waitsOnAnAcceptedStandbyUntilItIsPromoted() {
        start().close();
        postgres.becomeStandby();
        try (InProcess service = start("sluice.database.accept=in-recovery")) {
            Client client = service.client();
            assertThat(client.get("/actuator/health/readiness").status()).isEqualTo(200);
            assertThat(client.get("/actuator/info").body().at(SURVIVES).stringValue())
                    .isEqualTo("nothing: the database takes no writes");
            client.batch("events", "0", 0, "1").isProblem(503, "storage-unavailable");
            postgres.promote();
            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(() -> client.batch("events", "0", 0, "1").isWritten("committed"));
        } finally {
            postgres.promote();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "spring.datasource.hikari.read-only=true",
                "spring.datasource.hikari.connection-init-sql=SET default_transaction_read_only = on"
            })
    void refusesTransactionsThatCannotWrite(String setting, CapturedOutput output) {
        assertRefused(setting);
        assertThat(output)
                .contains("The service's transactions in the database are read-only, expected is transactions that may")
                .contains("sluice.database.accept=read-only.");
    }

    @Test
    void refusesADatabaseThatIsReadOnlyByDefault(CapturedOutput output) {
        String name = database.url().replaceFirst(".*/([^/?]+).*", "$1");
        postgres.execute("alter database " + name + " set default_transaction_read_only = on");
        assertRefused();
        assertThat(output).contains("read-only, expected").doesNotContain("CREATE SCHEMA");
    }

    @Test
    void refusesAnIsolationThatDoesNotSeeWhatIsCommitted(CapturedOutput output) {
        assertRefused("spring.datasource.hikari.transaction-isolation=TRANSACTION_REPEATABLE_READ");
        assertThat(output)
                .contains("The isolation of the service's transactions is repeatable read, expected is read committed")
                .contains("sluice.database.accept=isolation.");
    }

    @Test
    void refusesASchemaThatANewerVersionHasMigrated(CapturedOutput output) {
        start().close();
        InProcess.execute(database, """
                insert into sluice.flyway_schema_history
                values (1000, '1000', 'of tomorrow', 'SQL', 'V1000__of_tomorrow.sql', 1, 'sluice', now(), 1, true)""");
        assertRefused();
        assertThat(output)
                .containsPattern(
                        "the database has the migration 1000 \\(of tomorrow\\), and this version knows those up"
                                + " to [0-9.]+, expected is a schema")
                .contains("Start the version that has migrated it", "sluice.database.accept=schema-newer.");
        try (InProcess service = start("sluice.database.accept=schema-newer")) {
            assertThat(service.client()
                            .get("/actuator/info")
                            .body()
                            .at("/durability/findings/0/name")
                            .stringValue())
                    .isEqualTo("schema-newer");
        }
    }

    @Test
    void tellsAllThatIsNotAcceptedAtOnce(CapturedOutput output) {
        postgres.restartWith("fsync=off", "full_page_writes=off");
        assertRefused(
                "sluice.database.accept=isolation,synchronous-commit-off",
                "spring.datasource.hikari.transaction-isolation=TRANSACTION_SERIALIZABLE",
                "spring.datasource.hikari.read-only=true",
                "spring.datasource.hikari.connection-init-sql=SET synchronous_commit = 'off'");
        assertThat(output)
                .contains("has fsync off", "are read-only")
                .doesNotContain("expected is read committed", "expected is synchronous_commit");
    }

    @Test
    void refusesANameThatIsNone(CapturedOutput output) {
        assertRefused("sluice.database.accept=fsync-of");
        assertThat(output)
                .contains("sluice.database.accept: there is no finding 'fsync-of' that could be accepted")
                .contains("fsync-off, synchronous-commit-off, full-page-writes-off, in-recovery, read-only, isolation,"
                        + " schema-newer");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{url}             | wrong      | password authentication failed | spring.datasource.password",
                "{url}_none        | {password} | does not exist                 | Create the database",
                "{url}?sslmode=require | {password} | does not support SSL       | sslmode",
            })
    void tellsAtOnceWhatWaitingDoesNotHelpAgainst(
            String url, String password, String told, String advice, CapturedOutput output) {
        Database wrong = new Database(
                url.replace("{url}", database.url()),
                database.username(),
                password.replace("{password}", database.password()),
                "a wrong one");
        assertThatThrownBy(() -> InProcess.on(wrong, List.of()).close()).isNotNull();
        assertThat(output.getAll()).contains(told).contains(advice).doesNotContain("Waiting for the database");
    }

    private InProcess start(String... settings) {
        return InProcess.on(database, List.of(), settings);
    }

    private void assertRefused(String... settings) {
        assertThatThrownBy(() -> start(settings).close()).isNotNull();
    }

    private List<String> schemas() {
        return InProcess.query(database, "select 1 from pg_namespace where nspname = 'sluice'");
    }
}
