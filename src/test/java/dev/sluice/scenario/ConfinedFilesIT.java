package dev.sluice.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.postgres.PostgresForTests;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Sinks that are defined over HTTP by somebody with a key have their files, and their tables, where the settings say. */
class ConfinedFilesIT {

    private static final AtomicInteger NUMBER = new AtomicInteger();

    @TempDir
    private static Path everything;

    private static Path root;
    private static Path outside;
    private static InProcess service;
    private static Client client;

    private final String sink = "d" + NUMBER.incrementAndGet();

    @BeforeAll
    static void start() throws IOException {
        root = Files.createDirectory(everything.resolve("root"));
        outside = Files.createDirectory(everything.resolve("outside"));
        Files.createDirectories(root.resolve("spool"));
        Files.createDirectories(root.resolve("keys/data"));
        Path file = root.resolve("keys/administrator.key");
        service = InProcess.on(
                PostgresForTests.freshDatabase(),
                List.of(),
                "sluice.keys.administrator-file=" + file,
                "sluice.files.roots=" + root + "," + everything.resolve("second"),
                "sluice.postgres.directory=" + root.resolve("postgres"),
                "sluice.spool.directory=" + root.resolve("spool"),
                "sluice.sinks.ours.type=file",
                "sluice.sinks.ours.partitions=0",
                "sluice.sinks.ours.directory=" + everything.resolve("ours"));
        client = service.client().as(Files.readString(file).strip());
        InProcess.execute(service.database(), "create schema shop");
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    private Answer put(String name, String directory, String more) {
        return client.put("/sinks/" + name, "{\"type\":\"file\"" + more + ",\"directory\":\"" + directory + "\"}");
    }

    private Answer put(Path directory) {
        return put(sink, directory.toString(), ",\"partitions\":[\"0\"]");
    }

    private static String refusal(Answer answer, String field) {
        JsonNode error = answer.isProblem(422, "invalid-definition")
                .body()
                .path("errors")
                .get(0);
        assertThat(error.path("field").stringValue()).isEqualTo(field);
        return error.path("message").stringValue();
    }

    private static List<Path> below(Path directory) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            return all.filter(path -> !path.equals(directory)).toList();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ",\"partitions\":[\"0\"]",
                ",\"partitions\":[\"0\"],\"layout\":\"segments\",\"rotate-size\":\"1B\",\"compression\":\"gzip\"",
                ",\"workers\":1"
            })
    void writesBelowARoot(String more) throws IOException {
        Path there = everything.resolve("second/" + sink + "/deep/er");
        assertThat(put(sink, there.toString(), more).status()).isEqualTo(201);
        for (int i = 0; i < 70; i++) {
            if (more.contains("workers")) {
                client.post(Client.partition(sink, "0"), Client.JSON, "[" + i + "]")
                        .isWritten("written");
            } else {
                client.batch(sink, "0", i, Integer.toString(i)).isWritten("committed");
            }
        }
        assertThat(below(there)).anyMatch(path -> path.toFile().length() > 0);
        if (!more.contains("workers")) {
            client.open(sink, "0", "{\"owner\":\"me\"}").has("nextOffset", 70);
            client.batch(sink, "0", 70, "70", "Sluice-Fencing-Token", "1").isWritten("committed");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/etc/cron.d",
                "/",
                "{root}/../outside",
                "{root}/./a/../../outside/x",
                "{root}2",
                "{root}/link",
                "{root}/link/inner",
                "{root}/chain/inner",
                "{root}/dangling/inner",
                "some/relative/place"
            })
    void refusesDirectoriesThatLeadOutside(String directory) throws IOException {
        link("link", outside);
        link("chain", root.resolve("link"));
        link("dangling", everything.resolve("not-there-yet"));
        String told = refusal(
                put(sink, directory.replace("{root}", root.toString()), ",\"partitions\":[\"0\"]"), "directory");
        assertThat(told).containsAnyOf("is outside of where", "cannot be found out");
        if (told.contains("is outside of where")) {
            assertThat(told).contains(root.toString(), "sluice.files.roots");
        }
        assertThat(below(outside)).isEmpty();
    }

    private static void link(String name, Path target) throws IOException {
        if (!Files.isSymbolicLink(root.resolve(name))) {
            Files.createSymbolicLink(root.resolve(name), target);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "postgres, sluice.postgres.directory",
        "postgres/base/1, sluice.postgres.directory",
        "spool, sluice.spool.directory",
        "spool/x, sluice.spool.directory",
        "keys, sluice.keys.administrator-file"
    })
    void refusesTheDirectoriesOfTheServiceItself(String directory, String setting) {
        assertThat(refusal(put(root.resolve(directory)), "directory"))
                .contains("is for the service itself (" + setting + ")");
    }

    @Test
    void takesADirectoryBesideTheKey() {
        assertThat(put(root.resolve("keys/data")).status()).isEqualTo(201);
    }

    @Test
    void refusesADirectoryInsideOfAnotherSinksOneOrAroundIt() throws IOException {
        Path there = root.resolve(sink);
        assertThat(put(there.resolve("b")).status()).isEqualTo(201);
        for (Path other : List.of(there.resolve("b/c"), there)) {
            assertThat(refusal(put(sink + "x", other.toString(), ",\"partitions\":[\"0\"]"), "directory"))
                    .containsAnyOf("is inside of", "is around")
                    .doesNotContain(sink + "'");
            assertThat(refusal(put(sink + "x", other.toString(), ",\"workers\":1"), "directory"))
                    .contains("another sink");
        }
        Files.createSymbolicLink(there.resolve("alias"), there.resolve("b"));
        assertThat(refusal(put(sink + "x", there.resolve("alias").toString(), ",\"partitions\":[\"0\"]"), "directory"))
                .contains("already takes partition '0' of another sink");
        assertThat(put(sink + "x", there.resolve("c").toString(), ",\"partitions\":[\"0\"]")
                        .status())
                .isEqualTo(201);
    }

    @Test
    void writesNothingWhereALinkLeadsThatWasPutInThePlaceOfTheDirectory() throws IOException {
        Path parent = root.resolve(sink);
        assertThat(put(parent.resolve("inner")).status()).isEqualTo(201);
        client.batch(sink, "0", 0, "1").isWritten("committed");
        Path target = Files.createDirectories(everything.resolve("elsewhere-" + sink));
        Files.createDirectory(target.resolve("inner"));
        Files.move(parent, root.resolve(sink + "-before"));
        Files.createSymbolicLink(parent, target);
        Answer refused = client.batch(sink, "0", 1, "2");
        assertThat(refused.status()).as(refused.body().toString()).isGreaterThanOrEqualTo(500);
        assertThat(below(target)).containsExactly(target.resolve("inner"));
        Files.delete(parent);
        Files.move(root.resolve(sink + "-before"), parent);
        client.batch(sink, "0", 1, "2").isWritten("committed");
    }

    @Test
    void letsTheConfigurationNameAnyOtherDirectory() {
        client.batch("ours", "0", 0, "1").isWritten("committed");
        assertThat(everything.resolve("ours/0.ndjson")).exists();
    }

    @Test
    void writesToTablesOfTheSchemasThatAreListed() {
        String told = refusal(
                client.put("/sinks/" + sink, "{\"type\":\"table\",\"partitions\":[\"0\"],\"table\":\"shop.orders\"}"),
                "table");
        assertThat(told).contains("'shop'", "these only: public", "sluice.tables.schemas");
        assertThat(client.put("/sinks/" + sink, "{\"type\":\"table\",\"partitions\":[\"0\"]}")
                        .status())
                .isEqualTo(201);
        assertThat(refusal(
                        client.put(
                                "/sinks/" + sink + "x",
                                "{\"type\":\"table\",\"partitions\":[\"0\"],\"table\":\"" + sink + "\"}"),
                        "table"))
                .contains("of another sink");
    }
}
