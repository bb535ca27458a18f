package dev.sluice.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.postgres.DedicatedPostgres;
import dev.sluice.postgres.PostgresForTests;
import dev.sluice.postgres.PostgresForTests.Database;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.util.FileSystemUtils;

/** Nobody's table gets into the service's own schema because a role has its name. */
@ExtendWith(OutputCaptureExtension.class)
class SearchPathIT {

    private static final String WHERE = "select schemaname from pg_tables where tablename = 'foo' order by schemaname";

    private Path home;
    private DedicatedPostgres postgres;

    @BeforeEach
    void startDatabase() {
        home = PostgresForTests.openDirectory();
        postgres = PostgresForTests.dedicated(home);
    }

    @AfterEach
    void stopDatabase() throws IOException {
        postgres.close();
        FileSystemUtils.deleteRecursively(home);
    }

    @Test
    void putsTheTablesOfARoleOfItsNameIntoPublic(CapturedOutput output) {
        Database database = as("sluice", postgres.password());
        try (InProcess service = start(database)) {
            service.client().batch("rows", "0", 0, "1").isWritten("committed");
            InProcess.execute(database, "create table foo ()");
            assertThat(InProcess.query(database, WHERE)).containsExactly("public");
        }
        assertThat(output)
                .contains(
                        "The search_path of role sluice is \"$user\", public, which would put its tables",
                        "alter role sluice in database sluice set search_path = public");
        // A second start finds nothing to do, and all works with the new path.
        int before = output.getOut().length();
        try (InProcess service = start(database)) {
            service.client().batch("rows", "0", 1, "2").isWritten("committed");
        }
        assertThat(output.getOut().substring(before)).doesNotContain("search_path");
    }

    @Test
    void keepsTheRestOfAPathAndChangesNoOther() {
        postgres.execute("create schema mine");
        postgres.execute("alter database sluice set search_path = \"$user\", mine, public");
        Database database = as("sluice", postgres.password());
        try (InProcess service = start(database)) {
            InProcess.execute(database, "create table foo ()");
            assertThat(InProcess.query(database, WHERE)).containsExactly("mine");
            assertThat(InProcess.query(database, "show search_path")).containsExactly("mine, public");
        }
        postgres.execute("create role other login password 'x' superuser");
        assertThat(InProcess.query(as("other", "x"), "show search_path")).containsExactly("\"$user\", mine, public");
    }

    @Test
    void namesTheStatementWhereAnotherRoleIsLedAstray(CapturedOutput output) {
        postgres.execute("create role app login password 'x'");
        postgres.execute("grant create on database sluice to app");
        postgres.execute("grant create on schema public to app");
        try (InProcess service = start(as("app", "x"))) {
            service.client().batch("rows", "0", 0, "1").isWritten("committed");
        }
        assertThat(output)
                .contains("The search_path of role sluice is \"$user\", public: a table that it creates without naming"
                        + " a schema gets into the service's own schema sluice. Run: alter role sluice in database"
                        + " sluice set search_path = public");
        assertThat(output.getOut().lines().filter(line -> line.contains("search_path of role")))
                .hasSize(1);
        postgres.execute("alter role sluice in database sluice set search_path = public");
        postgres.execute("create table foo ()");
        assertThat(InProcess.query(as("sluice", postgres.password()), WHERE)).containsExactly("public");
    }

    @Test
    void leavesAPathAloneThatNamesTheSchemaAndSaysSo(CapturedOutput output) {
        postgres.execute("alter role sluice set search_path = sluice, public");
        Database database = as("sluice", postgres.password());
        try (InProcess service = start(database)) {
            service.client().batch("rows", "0", 0, "1").isWritten("committed");
            assertThat(InProcess.query(database, "show search_path")).containsExactly("sluice, public");
        }
        assertThat(output).contains("Run: alter role sluice in database sluice set search_path = public");
    }

    private Database as(String role, String password) {
        return new Database(postgres.url(), role, password, postgres.toString());
    }

    private static InProcess start(Database database) {
        return InProcess.on(database, List.of(), "sluice.sinks.rows.type=table", "sluice.sinks.rows.partitions=0");
    }
}
