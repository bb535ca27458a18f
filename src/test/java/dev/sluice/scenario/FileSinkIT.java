package dev.sluice.scenario;

import static dev.sluice.scenario.Client.JSON;
import static dev.sluice.scenario.Client.partition;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Files through the whole service: what a definition or a resume may do to them, and what it may not. */
class FileSinkIT {

    @TempDir
    private static Path directory;

    private static InProcess service;
    private static Client client;
    private static int used;

    private String sink;
    private Path files;

    @BeforeAll
    static void start() {
        service = InProcess.start();
        client = service.client();
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    @BeforeEach
    void nameSink() {
        sink = "f" + used++;
        files = directory.resolve(sink);
    }

    private Answer put(Path where, String more) {
        return client.put(
                "/sinks/" + sink,
                "{\"type\":\"file\",\"partitions\":[\"0\"],\"directory\":\"%s\"%s}".formatted(where, more));
    }

    private List<String> lines(Path where) throws IOException {
        return Files.readAllLines(where.resolve("0.ndjson"));
    }

    private Answer resume(long nextOffset, String state) {
        return client.open(
                sink,
                "0",
                "{\"owner\":\"me\",\"resume\":{\"nextOffset\":%d,\"state\":%s}}".formatted(nextOffset, state));
    }

    private Answer write(long offset, String records) {
        return client.batch(
                sink,
                "0",
                offset,
                records,
                "Sluice-Fencing-Token",
                Long.toString(client.snapshot(sink, "0").number("fencingToken")));
    }

    @Test
    void leavesAnotherFileOfTheSameShapeAlone() throws IOException {
        assertThat(put(files, "").status()).isEqualTo(201);
        client.batch(sink, "0", 0, "{\"seq\":0},{\"seq\":1}").isWritten("committed");
        Path other = Files.createDirectories(directory.resolve(sink + "-other"));
        Files.writeString(other.resolve("0.ndjson"), "{\"key\":0}\n{\"key\":1}\n{\"key\":2}\n");
        assertThat(put(other, "").status()).isEqualTo(200);
        Answer refused = client.batch(sink, "0", 2, "{\"seq\":2}").isProblem(500, "target-broken");
        assertThat(refused.text("detail")).contains(other + "/0.ndjson", "Nothing was changed");
        assertThat(lines(other)).hasSize(3);
        assertThat(put(files, "").status()).isEqualTo(200);
        client.batch(sink, "0", 2, "{\"seq\":2}").isWritten("committed");
        assertThat(lines(files)).containsExactly("{\"seq\":0}", "{\"seq\":1}", "{\"seq\":2}");
    }

    /* A partition that is taken for another one than its row is built anew, and begins a segment each time. */
    @Test
    void goesOnWithTheSameSegment() {
        put(files, ",\"layout\":\"segments\"");
        for (int offset = 0; offset < 4; offset++) {
            client.batch(sink, "0", offset, "1").isWritten("committed");
        }
        assertThat(client.snapshot(sink, "0").body().at("/state/segments")).hasSize(1);
    }

    @Test
    void refusesASnapshotThatARewindHasOvertaken() throws IOException {
        put(files, "");
        client.batch(sink, "0", 0, "1,2").isWritten("committed");
        JsonNode overtaken = client.snapshot(sink, "0").body().path("state");
        resume(0, "null").has("nextOffset", 0);
        write(0, "123,45,6").isWritten("committed");
        Answer refused = resume(2, overtaken.toString()).isProblem(400, "malformed-request");
        assertThat(refused.text("detail")).contains("offset 2");
        write(1, "45").isWritten("duplicate");
        assertThat(lines(files)).containsExactly("123", "45", "6");
    }

    @Test
    void takesNothingButTheStateThatWentWithTheOffset() throws IOException {
        for (String layout : List.of("single", "segments")) {
            nameSink();
            put(files, ",\"layout\":\"" + layout + "\"");
            client.batch(sink, "0", 0, "1,2").isWritten("committed");
            String first = client.snapshot(sink, "0").body().path("state").toString();
            client.batch(sink, "0", 2, "3,4").isWritten("committed");
            String second = client.snapshot(sink, "0").body().path("state").toString();
            client.batch(sink, "0", 4, "5").isWritten("committed");
            resume(3, first).isProblem(400, "malformed-request");
            resume(3, second).isProblem(400, "malformed-request");
            resume(4, first).isProblem(400, "malformed-request");
            resume(2, "{\"version\":1}").isProblem(400, "malformed-request");
            Answer bad = resume(2, "\"x\"").isProblem(400, "malformed-request");
            assertThat(bad.text("detail")).doesNotContain("dev.sluice", "Deserialization");
            client.snapshot(sink, "0").has("nextOffset", 5).has("fencingToken", 0);
            resume(4, second).has("nextOffset", 4);
            resume(2, first).has("nextOffset", 2);
            write(2, "33").isWritten("committed");
            if (layout.equals("single")) {
                assertThat(lines(files)).containsExactly("1", "2", "33");
            }
        }
    }

    @Test
    void saysWhatIsWrongWhereTheStateIsOfAnotherLayout() {
        put(files, "");
        client.batch(sink, "0", 0, "1,2").isWritten("committed");
        put(files, ",\"layout\":\"segments\"");
        Answer refused = client.batch(sink, "0", 2, "3").isProblem(500, "target-broken");
        assertThat(refused.text("detail")).contains("settings");
        put(files, "");
        client.batch(sink, "0", 2, "3").isWritten("committed");
    }

    @Test
    void saysThatTheTargetIsUnavailableWhereItsDirectoryIsGone() throws IOException {
        put(files, "");
        client.batch(sink, "0", 0, "1").isWritten("committed");
        client.method("POST", partition(sink, "0") + "/close");
        Path away = directory.resolve(sink + "-away");
        Files.move(files, away);
        Answer gone = client.batch(sink, "0", 1, "2");
        assertThat(gone.text("type")).isIn("/problems/target-unavailable", "/problems/target-broken");
        Files.move(away, files);
        client.batch(sink, "0", 1, "2").isWritten("committed");
        assertThat(lines(files)).containsExactly("1", "2");
    }

    @Test
    void keepsPrettyPrintedRecordsInOneLineEach() throws IOException {
        put(files, "");
        client.post(partition(sink, "0"), JSON, "{\"offset\":0,\"records\":[{\n  \"a\":\n1},\r\n2]}")
                .isWritten("committed");
        assertThat(lines(files)).hasSize(2);
    }

    private String problem() {
        return client.get("/actuator/health")
                .body()
                .at("/components/sinks/components/" + sink + "/details/problem")
                .stringValue("");
    }

    @Test
    void missesTheFileOfAPartitionThatNobodyWritesTo() throws IOException {
        client.put(
                "/sinks/" + sink,
                "{\"type\":\"file\",\"partitions\":[\"0\",\"1\"],\"directory\":\"%s\"}".formatted(files));
        client.batch(sink, "0", 0, "1,2").isWritten("committed");
        client.batch(sink, "1", 0, "1").isWritten("committed");
        assertThat(problem()).isEmpty();
        Path away = Files.move(files.resolve("0.ndjson"), directory.resolve(sink + "-away"));
        await().untilAsserted(() -> assertThat(problem())
                .contains("acknowledged records are gone", "0.ndjson is missing", "4 bytes of it are committed"));
        assertThat(client.get("/actuator/health/readiness").status()).isEqualTo(200);
        Answer refused = client.batch(sink, "0", 2, "3").isProblem(500, "target-broken");
        assertThat(refused.text("detail")).contains("acknowledged records are gone");
        client.batch(sink, "0", 2, "3").isProblem(500, "target-broken");
        // A repetition of what is gone is no duplicate.
        client.batch(sink, "0", 0, "1,2").isProblem(500, "target-broken").has("loss", "target-gone");
        client.batch(sink, "1", 1, "2").isWritten("committed");
        assertThat(files.resolve("0.ndjson")).doesNotExist();
        Files.move(away, files.resolve("0.ndjson"));
        await().untilAsserted(() -> assertThat(problem()).isEmpty());
        client.batch(sink, "0", 0, "1,2").isWritten("duplicate");
        client.batch(sink, "0", 2, "3").isWritten("committed");
        assertThat(lines(files)).containsExactly("1", "2", "3");
    }

    @Test
    void refusesAnotherDirectoryInThePlaceOfTheOneThatItWritesTo() throws IOException {
        for (String layout : List.of("single", "segments")) {
            nameSink();
            put(files, ",\"layout\":\"" + layout + "\"");
            client.batch(sink, "0", 0, "1").isWritten("committed");
            Path away = Files.move(files, directory.resolve(sink + "-away"));
            Files.createDirectory(files);
            client.batch(sink, "0", 1, "2").isProblem(500, "target-broken");
            await().untilAsserted(() -> assertThat(problem()).contains("is another directory than it was"));
            assertThat(files).isEmptyDirectory();
            Files.delete(files);
            Files.move(away, files);
            client.batch(sink, "0", 1, "2").isWritten("committed");
            await().untilAsserted(() -> assertThat(problem()).isEmpty());
        }
    }

    @Test
    void showsAFailureThatLastsUntilItsReasonIsGone() throws IOException {
        put(files, "");
        Path inTheWay = Files.createDirectory(files.resolve("0.ndjson"));
        client.batch(sink, "0", 0, "1").isProblem(500, "target-broken");
        await().untilAsserted(
                        () -> assertThat(problem()).contains("0, failing since", "0.ndjson is not a regular file"));
        Files.delete(inTheWay);
        client.batch(sink, "0", 0, "1").isWritten("committed");
        await().untilAsserted(() -> assertThat(problem()).isEmpty());
    }
}
