package dev.sluice.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.postgres.PostgresForTests;
import dev.sluice.postgres.PostgresForTests.Database;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whoever defines a sink may not have it write where sinks of others do. */
class ForeignPlacesIT {

    private static final AtomicInteger NUMBER = new AtomicInteger();

    private static Path root;
    private static InProcess one;
    private static InProcess two;
    private static Client admin;
    private static String definerKey;
    private static Client definer;

    private final String sink = "mine-" + NUMBER.incrementAndGet();

    @BeforeAll
    static void start(@TempDir Path directory) throws IOException {
        root = Files.createDirectory(directory.resolve("root"));
        Path file = Files.createDirectory(directory.resolve("keys")).resolve("administrator.key");
        Database database = PostgresForTests.freshDatabase();
        String[] settings = {
            "sluice.keys.administrator-file=" + file,
            "sluice.files.roots=" + root,
            "sluice.sinks.configured.type=table",
            "sluice.sinks.configured.partitions=0",
            "sluice.sinks.configured.table=configured_rows"
        };
        one = InProcess.on(database, List.of(), settings);
        two = InProcess.on(database, List.of(), settings);
        admin = one.client().as(Files.readString(file).strip());
        definerKey = admin.post(
                        "/keys",
                        Client.JSON,
                        "{\"note\":\"a test\",\"grants\":[{\"sinks\":\"mine-*\","
                                + "\"verbs\":[\"define\",\"write\",\"read\"]}]}")
                .text("key");
        definer = one.client().as(definerKey);
        InProcess.execute(database, """
                create table whole_rows (partition_id text not null, source_offset bigint not null, data jsonb not null,
                    primary key (partition_id, source_offset)) partition by list (partition_id);
                create table part_rows partition of whole_rows default;
                create view shown_rows as select * from configured_rows;
                create table base_rows (partition_id text not null, source_offset bigint not null, data jsonb not null,
                    primary key (partition_id, source_offset));
                create view one_view as select * from base_rows;
                create view two_view as select * from base_rows""");
        define("hidden-payroll", "{\"type\":\"table\",\"partitions\":[\"0\"],\"table\":\"payroll_rows\"}");
        define("hidden-whole", "{\"type\":\"table\",\"partitions\":[\"0\"],\"table\":\"whole_rows\"}");
        define(
                "hidden-view",
                "{\"type\":\"table\",\"partitions\":[\"0\"],\"table\":\"one_view\",\"accept\":[\"view\"]}");
        define("hidden-files", files("payroll", "\"partitions\":[\"0\"]"));
        define("hidden-workers", files("workers", "\"workers\":1"));
    }

    @AfterAll
    static void stop() {
        two.close();
        one.close();
    }

    private static void define(String name, String definition) {
        Answer put = admin.put("/sinks/" + name, definition);
        assertThat(put.status()).as(put.body().toString()).isEqualTo(201);
    }

    private static String files(String directory, String more) {
        return "{\"type\":\"file\"," + more + ",\"directory\":\"" + root.resolve(directory) + "\"}";
    }

    private static String table(String name, String more) {
        return "{\"type\":\"table\",\"partitions\":[\"9\"],\"table\":\"" + name + "\"" + more + "}";
    }

    private void refused(String definition, String field) {
        for (String path : List.of("/sinks/" + sink, "/sinks/" + sink + "?dryRun=true")) {
            Answer answer = definer.put(path, definition).isProblem(422, "invalid-definition");
            assertThat(answer.body().path("errors").get(0).path("field").stringValue())
                    .isEqualTo(field);
            assertThat(answer.text("detail")).contains("another sink writes there", "no grant of define");
            assertThat(answer.body().toString()).doesNotContain("hidden-").doesNotContain("'configured'");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "payroll_rows        | ''",
                "public.payroll_rows | ''",
                "payroll_rows        | ,'mode':'upsert','key':['id'],'columns':{'id':{'from':'/id','type':'bigint'}}",
                "payroll_rows        | ,'position':'none','columns':{'id':{'from':'/id','type':'bigint'}}",
                "part_rows           | ''",
                "shown_rows          | ,'accept':['view']",
                "configured_rows     | ''",
                "base_rows           | ''",
                "two_view            | ,'accept':['view']"
            })
    void refusesTheTablesOfOthers(String name, String more) {
        refused(table(name, more.replace('\'', '"')), "table");
    }

    @ParameterizedTest
    @ValueSource(strings = {"payroll", "payroll/inner", ".", "link", "link/inner", "workers"})
    void refusesTheDirectoriesOfOthers(String directory) throws IOException {
        if (directory.startsWith("link") && !Files.isSymbolicLink(root.resolve("link"))) {
            Files.createSymbolicLink(root.resolve("link"), root.resolve("payroll"));
        }
        refused(files(directory, "\"partitions\":[\"9\"]"), "directory");
        refused(files(directory, "\"workers\":1"), "directory");
    }

    /* Where a name for the table is given by the sink's id, as where it is given by itself. */
    @Test
    void refusesATableThatHasTheNameOfTheSink() {
        define("hidden-other", "{\"type\":\"table\",\"partitions\":[\"0\"],\"table\":\"" + sink + "\"}");
        refused("{\"type\":\"table\",\"partitions\":[\"0\"]}", "table");
    }

    @Test
    void refusesThemAtTheOtherReplica() {
        define("hidden-" + sink, "{\"type\":\"table\",\"partitions\":[\"0\"],\"table\":\"late_rows\"}");
        Client elsewhere = two.client().as(definerKey);
        assertThat(elsewhere
                        .put("/sinks/" + sink, table("late_rows", ""))
                        .isProblem(422, "invalid-definition")
                        .text("detail"))
                .contains("another sink writes there");
    }

    @Test
    void refusesTheTableOfASinkThatCannotBeUsed() {
        define("hidden-" + sink, "{\"type\":\"table\",\"partitions\":[\"0\"],\"table\":\"lost_rows\"}");
        admin.batch("hidden-" + sink, "0", 0, "1").isWritten("committed");
        InProcess.execute(one.database(), "drop table lost_rows");
        refused(table("lost_rows", ""), "table");
    }

    /* What was sound without keys still is, for whoever may define all of the sinks. */
    @Test
    void letsSinksShareATableAndADirectoryThatOnePersonDefines() {
        assertThat(definer.put("/sinks/" + sink, table("shared_rows", "")).status())
                .isEqualTo(201);
        assertThat(definer.put(
                                "/sinks/" + sink + "-b",
                                "{\"type\":\"table\",\"partitions\":[\"b\"],\"table\":\"shared_rows\"}")
                        .status())
                .isEqualTo(201);
        assertThat(definer.put("/sinks/" + sink + "-c", files("shared", "\"partitions\":[\"c\"]"))
                        .status())
                .isEqualTo(201);
        assertThat(definer.put("/sinks/" + sink + "-d", files("shared", "\"partitions\":[\"d\"]"))
                        .status())
                .isEqualTo(201);
        assertThat(admin.put(
                                "/sinks/other-" + sink,
                                "{\"type\":\"table\",\"partitions\":[\"x\"],\"table\":\"shared_rows\"}")
                        .status())
                .isEqualTo(201);
        // And now it is shared with somebody else.
        assertThat(definer.put(
                                "/sinks/" + sink,
                                table(
                                        "shared_rows",
                                        ",\"mode\":\"upsert\",\"key\":[\"id\"]"
                                                + ",\"columns\":{\"id\":{\"from\":\"/id\",\"type\":\"bigint\"}}"))
                        .isProblem(422, "invalid-definition")
                        .text("detail"))
                .contains("another sink writes there");
    }

    @Test
    void namesTheOtherSinkToWhoeverMaySeeIt() {
        Client reader = one.client()
                .as(admin.post(
                                "/keys",
                                Client.JSON,
                                "{\"note\":\"a test\",\"grants\":[{\"sinks\":\"mine-*\",\"verbs\":[\"define\"]},"
                                        + "{\"sinks\":\"hidden-payroll\",\"verbs\":[\"read\"]}]}")
                        .text("key"));
        assertThat(reader.put("/sinks/" + sink, table("payroll_rows", ""))
                        .isProblem(422, "invalid-definition")
                        .text("detail"))
                .contains("the sink 'hidden-payroll' writes there");
    }
}
