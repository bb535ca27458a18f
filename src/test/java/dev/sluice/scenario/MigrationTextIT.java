package dev.sluice.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.postgres.PostgresForTests;
import dev.sluice.postgres.PostgresForTests.Database;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is sent to the server is ASCII, which every encoding has; databases of before go on with the same checksums. */
class MigrationTextIT {

    private static final Path VENDORS = Path.of("src/main/resources/db/vendor");
    private static final Pattern TEXT_BLOCK = Pattern.compile("\"\"\"\\R(.*?)\"\"\"", Pattern.DOTALL);
    private static final String FIRST = "V1__snapshot.sql";
    private static final String FORMER = "-- first_offset, first_offset + 1, \u2026 without a hole.";

    @TempDir
    Path directory;

    @Test
    void migrationsAreAscii() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("src/main/resources/db"))) {
            assertThat(files.filter(Files::isRegularFile))
                    .hasSizeGreaterThan(5)
                    .allSatisfy(file -> assertThat(Files.readString(file))
                            .as(file.toString())
                            .matches("\\A\\p{ASCII}*\\z"));
        }
    }

    @Test
    void statementsInTheCodeAreAscii() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
            assertThat(files.filter(file -> file.toString().endsWith(".java")))
                    .isNotEmpty()
                    .allSatisfy(file -> assertThat(
                                    TEXT_BLOCK.matcher(Files.readString(file)).results())
                            .allSatisfy(block -> assertThat(block.group(1))
                                    .as(file.toString())
                                    .matches("\\A\\p{ASCII}*\\z")));
        }
    }

    /* The checksums are those that Flyway has recorded in the databases of before. */
    @ParameterizedTest
    @CsvSource({"postgresql, -171486162", "yugabytedb, -2020919905"})
    void theFirstMigrationKeepsItsChecksum(String vendor, int checksum) throws IOException {
        assertThat(checksum(Files.readAllLines(VENDORS.resolve(vendor).resolve(FIRST))))
                .isEqualTo(checksum);
        assertThat(checksum(former(vendor))).isEqualTo(checksum);
    }

    @Test
    void goesOnWithADatabaseThatWasMigratedByTheFormerText() throws IOException {
        Files.write(directory.resolve(FIRST), former("postgresql"));
        Database database = PostgresForTests.freshDatabase();
        Flyway.configure()
                .dataSource(database.url(), database.username(), database.password())
                .schemas("sluice")
                .createSchemas(true)
                .locations("classpath:db/migration", "filesystem:" + directory)
                // Those of before: what came later is the service's to do, and partly another vendor's.
                .target("13")
                .load()
                .migrate();
        String recorded = "select checksum from sluice.flyway_schema_history where version = '1'";
        List<String> before = InProcess.query(database, recorded);
        assertThat(before).containsExactly("-171486162");
        try (InProcess service =
                InProcess.on(database, List.of(), "sluice.sinks.rows.type=table", "sluice.sinks.rows.partitions=0")) {
            service.client().batch("rows", "0", 0, "1").isWritten("committed");
            assertThat(service.query(recorded)).isEqualTo(before);
        }
    }

    private static List<String> former(String vendor) throws IOException {
        List<String> lines =
                new ArrayList<>(Files.readAllLines(VENDORS.resolve(vendor).resolve(FIRST)));
        int at = lines.indexOf(lines.stream()
                .filter(line -> line.contains("This line was not ASCII once"))
                .findFirst()
                .orElseThrow());
        lines.remove(at);
        lines.set(at, FORMER);
        return lines;
    }

    private static int checksum(List<String> lines) {
        CRC32 checksum = new CRC32();
        lines.forEach(line -> checksum.update(line.getBytes(StandardCharsets.UTF_8)));
        return (int) checksum.getValue();
    }
}
