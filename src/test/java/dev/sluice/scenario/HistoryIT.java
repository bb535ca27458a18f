package dev.sluice.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.postgres.PostgresForTests;
import dev.sluice.postgres.PostgresForTests.Database;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** What sinks did lately: by any replica of what all replicas did. */
class HistoryIT {

    private static InProcess one;
    private static InProcess two;
    private static Client admin;
    private static Client atTwo;

    @BeforeAll
    static void start(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("administrator.key");
        Database database = PostgresForTests.freshDatabase();
        one = replica(database, file);
        two = replica(database, file);
        String key = Files.readString(file).strip();
        admin = one.client().as(key);
        atTwo = two.client().as(key);
        for (String sink : List.of("mine", "other")) {
            put(sink, "\"type\":\"table\",\"partitions\":[\"0\",\"1\"]");
        }
        put("buffer", "\"type\":\"batching\",\"target\":\"mine\",\"flush-interval\":\"1h\"");
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(
                        () -> assertThat(atTwo.get("/sinks/buffer").status()).isEqualTo(200));
    }

    private static InProcess replica(Database database, Path file) {
        return InProcess.on(database, List.of(), "sluice.keys.administrator-file=" + file, "sluice.history.step=1s");
    }

    private static void put(String sink, String settings) {
        assertThat(admin.put("/sinks/" + sink, "{" + settings + "}").status()).isEqualTo(201);
    }

    @AfterAll
    static void stop() {
        two.close();
        one.close();
    }

    private static JsonNode history(Client client, String sink) {
        Answer answer = client.get("/sinks/" + sink + "/history");
        assertThat(answer.status()).as(answer.body().toString()).isEqualTo(200);
        return answer.body();
    }

    private static double sum(JsonNode history, String series) {
        return StreamSupport.stream(history.path("sinks").path(0).path(series).spliterator(), false)
                .mapToDouble(value -> value.asDouble(0))
                .sum();
    }

    @Test
    void tellsWhatAnotherReplicaHasDone() {
        long[] next = {0};
        await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
            atTwo.batch("mine", "0", next[0]++, "{\"n\":1}").isWritten("committed");
            atTwo.batch("mine", "0", 900, "{\"n\":1}").isProblem(409, "offset-gap");
            JsonNode history = history(admin, "mine");
            assertThat(sum(history, "records")).isPositive();
            assertThat(sum(history, "refused")).isPositive();
            assertThat(sum(history, "p50Millis")).isPositive();
            assertThat(sum(history, "p99Millis")).isGreaterThanOrEqualTo(sum(history, "p50Millis"));
            assertThat(sum(history(atTwo, "mine"), "records")).isPositive();
        });
    }

    @Test
    void tellsOfItsOwnRecordsEachOnce() {
        // What was counted before the first step has nothing to be compared with.
        String begun = history(admin, "other").path("end").asString();
        await().atMost(Duration.ofSeconds(20))
                .until(() -> !history(admin, "other").path("end").asString().equals(begun));
        for (int i = 0; i < 20; i++) {
            admin.batch("other", "0", 10L * i, "1,2,3,4,5,6,7,8,9,10").isWritten("committed");
        }

        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
            // A step takes a second, or what it took until it was looked at.
            assertThat(sum(history(admin, "other"), "records")).isBetween(140.0, 260.0);
        });
    }

    @Test
    void tellsWhatWaits() {
        admin.batch("buffer", "0", 0, "1,2,3").isWritten("committed");

        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
            JsonNode sink = history(atTwo, "buffer").path("sinks").path(0);
            int last = sink.path("undelivered").size() - 1;
            assertThat(sink.path("undelivered").path(last).asDouble()).isEqualTo(3);
            assertThat(sink.path("oldestSeconds").path(last).asDouble()).isGreaterThan(0.5);
        });
    }

    @Test
    void hasPointsAtEqualDistances() {
        JsonNode history = history(admin, "mine");

        assertThat(history.path("stepSeconds").asInt()).isEqualTo(1);
        assertThat(Instant.parse(history.path("end").asString()))
                .isBetween(Instant.now().minusSeconds(30), Instant.now());
        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
            JsonNode some =
                    admin.get("/history?sinks=mine,buffer&points=7").body().path("sinks");
            assertThat(some.size()).isBetween(1, 2);
            some.forEach(sink -> List.of("records", "refused", "p50Millis", "p99Millis", "undelivered", "oldestSeconds")
                    .forEach(series -> assertThat(sink.path(series).size()).isEqualTo(7)));
        });
    }

    @Test
    void tellsOnlyOfSinksThatMayBeRead() {
        tellsOfItsOwnRecordsOf("mine");
        String grants = "{\"note\":\"a test\",\"grants\":[{\"sinks\":\"other\",\"verbs\":[\"read\"]}]}";
        Client foreigner =
                one.client().as(admin.post("/keys", Client.JSON, grants).text("key"));

        for (String path : List.of("/history", "/history?sinks=mine", "/history?sinks=mine,other")) {
            Answer answer = foreigner.get(path);
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.body().toString()).doesNotContain("mine");
        }
        foreigner.get("/sinks/mine/history").isProblem(404, "unknown-sink");
    }

    private static void tellsOfItsOwnRecordsOf(String sink) {
        admin.batch(sink, "1", 0, "1").isWritten("committed");
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(
                                admin.get("/history?sinks=" + sink).body().toString())
                        .contains(sink));
    }

    @ParameterizedTest
    @CsvSource({"points=0, is not from 1 to 360", "points=361, is not from 1 to 360", "hours=1, no query parameter"})
    void refusesWhatItDoesNotKeep(String query, String detail) {
        Answer refused = admin.get("/sinks/mine/history?" + query);
        refused.isProblem(400, "malformed-request");
        assertThat(refused.text("detail")).contains(detail);
    }

    @Test
    void forgetsASinkThatIsGone() {
        put("gone", "\"type\":\"table\",\"partitions\":[\"0\",\"1\"]");
        tellsOfItsOwnRecordsOf("gone");

        assertThat(admin.method("DELETE", "/sinks/gone").status()).isEqualTo(204);

        admin.get("/sinks/gone/history").isProblem(404, "unknown-sink");
        assertThat(admin.get("/history").body().toString()).doesNotContain("gone");
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(
                                one.query("select count(*) from sluice.replica where counters::text like '%\"gone\"%'"))
                        .containsExactly("0"));
    }
}
