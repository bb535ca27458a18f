package dev.sluice.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.http.Receiver;
import dev.sluice.postgres.PostgresForTests;
import dev.sluice.postgres.PostgresForTests.Database;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A service that grows from a laptop to a team: what was defined stays, and works again once a setting allows it. */
class ConfinementIT {

    private static Receiver receiver;
    private static Database database;

    @TempDir
    private static Path directory;

    @BeforeAll
    static void start() {
        receiver = Receiver.ignoringKeys();
        database = PostgresForTests.freshDatabase();
        InProcess.execute(database, "create schema shop");
    }

    @AfterAll
    static void stop() {
        receiver.close();
    }

    private static InProcess service(String... settings) {
        return InProcess.on(database, List.of(), settings);
    }

    private static InProcess withKeys(String... settings) {
        List<String> all = new ArrayList<>(List.of(settings));
        all.add("sluice.keys.administrator-file=" + directory.resolve("administrator.key"));
        return service(all.toArray(String[]::new));
    }

    private static Client admin(InProcess service) throws IOException {
        return service.client()
                .as(Files.readString(directory.resolve("administrator.key")).strip());
    }

    private static void write(Client client, long offset) {
        for (String sink : List.of("files", "calls", "rows")) {
            client.batch(sink, "0", offset, "1").isWritten("committed");
        }
    }

    @Test
    void keepsWhatWasDefinedUntilASettingAllowsItAgain() throws IOException {
        try (InProcess open = service()) {
            Client client = open.client();
            client.put(
                    "/sinks/files",
                    "{\"type\":\"file\",\"partitions\":[\"0\"],\"directory\":\"" + directory.resolve("files") + "\"}");
            client.put(
                    "/sinks/calls",
                    "{\"type\":\"http\",\"partitions\":[\"0\"],\"url\":\"" + receiver.url("/in") + "\"}");
            client.put("/sinks/rows", "{\"type\":\"table\",\"partitions\":[\"0\"],\"table\":\"shop.rows\"}");
            write(client, 0);
        }
        try (InProcess confined = withKeys()) {
            Client client = admin(confined);
            assertThat(client.get("/sinks/files").text("problem"))
                    .contains(directory.resolve("files").toString(), "sluice.files.roots");
            assertThat(client.get("/sinks/calls").text("problem")).contains("127.0.0.1", "sluice.http.allow");
            assertThat(client.get("/sinks/rows").text("problem")).contains("'shop'", "sluice.tables.schemas");
            assertThat(client.batch("files", "0", 1, "1").status()).isGreaterThanOrEqualTo(500);
        }
        try (InProcess allowed = withKeys(
                "sluice.files.roots=./data," + directory,
                "sluice.http.allow=127.0.0.0/8",
                "sluice.tables.schemas=public,shop")) {
            Client client = admin(allowed);
            for (String sink : List.of("files", "calls", "rows")) {
                client.snapshot(sink, "0").has("nextOffset", 1);
            }
            write(client, 1);
        }
        try (InProcess allowed = withKeys("sluice.files.roots=/", "sluice.http.allow=*", "sluice.tables.schemas=*")) {
            write(admin(allowed), 2);
        }
        assertThat(Files.readAllLines(directory.resolve("files/0.ndjson"))).hasSize(3);
    }

    @Test
    void holdsToSettingsThatAreGivenWhereNoKeyIsWanted() {
        try (InProcess bound = service(
                "sluice.files.roots=" + directory.resolve("only"),
                "sluice.http.allow=10.0.0.0/8",
                "sluice.tables.schemas=shop")) {
            Client client = bound.client();
            for (String settings : List.of(
                    "\"type\":\"file\",\"directory\":\"" + directory.resolve("beside") + "\"",
                    "\"type\":\"http\",\"url\":\"" + receiver.url("/in") + "\"",
                    "\"type\":\"table\",\"table\":\"public.rows\"")) {
                client.put("/sinks/bound", "{\"partitions\":[\"0\"]," + settings + "}")
                        .isProblem(422, "invalid-definition");
            }
            assertThat(client.put(
                                    "/sinks/bound",
                                    "{\"partitions\":[\"0\"],\"type\":\"http\",\"url\":\"http://10.9.9.9/in\"}")
                            .status())
                    .isEqualTo(201);
        }
    }
}
