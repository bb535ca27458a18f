package dev.sluice.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.postgres.DedicatedPostgres;
import dev.sluice.postgres.PostgresForTests;
import dev.sluice.postgres.PostgresForTests.Database;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.util.FileSystemUtils;
import tools.jackson.databind.JsonNode;

/** The health of many sinks answers in time and says why, whatever the database and the targets do. */
class HealthBoundsIT {

    private static final Duration MOST = Duration.ofSeconds(3);
    private static final int TABLES = 31;

    private static Path home;
    private static DedicatedPostgres postgres;
    private static InProcess service;
    private static Client client;

    @BeforeAll
    static void start() {
        home = PostgresForTests.openDirectory();
        postgres = PostgresForTests.dedicated(home);
        List<String> settings = new ArrayList<>(List.of(
                "sluice.sinks.hangs.type=hanging",
                "sluice.sinks.hangs.partitions=0",
                "sluice.sinks.hangs-too.type=hanging",
                "sluice.sinks.hangs-too.partitions=0",
                "sluice.sinks.shown.type=log",
                "sluice.sinks.shown.partitions=0"));
        IntStream.range(0, TABLES).forEach(i -> {
            settings.add("sluice.sinks.t" + i + ".type=table");
            settings.add("sluice.sinks.t" + i + ".table=t" + i);
            settings.add("sluice.sinks.t" + i + ".partitions=0");
        });
        service = InProcess.on(
                new Database(postgres.url(), postgres.username(), postgres.password(), postgres.toString()),
                List.of(HangingSinkType.class),
                settings.toArray(String[]::new));
        client = service.client();
    }

    @AfterAll
    static void stop() throws IOException {
        HangingSinkType.RELEASED.countDown();
        service.close();
        postgres.close();
        FileSystemUtils.deleteRecursively(home);
    }

    @Test
    void answersInTimeWhileTheDatabaseIsStoppedInItsTracks() {
        postgres.freeze();
        try {
            await().until(() -> !problem(inTime("/actuator/health/alert").body().at("/components/storage"))
                    .isEmpty());
            for (int i = 0; i < 4; i++) {
                Answer health = inTime("/actuator/health/alert");
                assertThat(health.status()).isEqualTo(503);
                assertThat(problem(health.body().at("/components/storage")))
                        .containsAnyOf("has not answered for", "does not answer");
                assertThat(sink(health, "t30").path("status").asString("")).isEqualTo("DOWN");
                assertThat(problem(sink(health, "t30"))).contains("answer");
                assertThat(sink(health, "shown").path("status").asString("")).isEqualTo("UP");
                assertThat(inTime("/actuator/health/readiness").status()).isEqualTo(200);
                assertThat(inTime("/actuator/health/liveness").status()).isEqualTo(200);
            }
        } finally {
            postgres.thaw();
        }
    }

    @Test
    void saysWhyWhileTheDatabaseIsDown() {
        postgres.stopImmediately();
        try {
            await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
                Answer health = inTime("/actuator/health");
                assertThat(health.status()).isEqualTo(503);
                assertThat(problem(health.body().at("/components/storage")))
                        .contains("refused")
                        .doesNotContain("not available");
                assertThat(problem(sink(health, "t7"))).contains("refused");
            });
            // Only one of those that wait is told by the pool; all of them are told by us.
            List<Answer> told = IntStream.range(0, 6)
                    .mapToObj(i -> client.postAsync(Client.partition("t" + i, "0"), Client.JSON, Client.dense(0, "1")))
                    .toList()
                    .stream()
                    .map(answer -> answer.join())
                    .toList();
            assertThat(told)
                    .allSatisfy(answer -> assertThat(
                                    answer.isProblem(503, "storage-unavailable").text("detail"))
                            .contains("refused")
                            .doesNotContain("is not available"));
        } finally {
            postgres.restart();
        }
    }

    @Test
    void namesAWrongPasswordAsTheReason() throws SQLException {
        try (Connection operator = postgres.connect();
                Statement statement = operator.createStatement()) {
            statement.execute("alter role sluice password 'another one'");
            try {
                statement.execute("select pg_terminate_backend(pid) from pg_stat_activity"
                        + " where application_name = 'sluice' and pid <> pg_backend_pid()");
                await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
                    Answer health = inTime("/actuator/health");
                    assertThat(problem(health.body().at("/components/storage")))
                            .contains("password authentication failed");
                });
                assertThat(client.batch("t9", "0", 0, "1")
                                .isProblem(503, "storage-unavailable")
                                .text("detail"))
                        .contains("password authentication failed");
            } finally {
                statement.execute("alter role sluice password '" + postgres.password() + "'");
            }
        }
    }

    @Test
    void answersInTimeForTargetsThatHangAndLooksAtEachOnce() {
        int before = HangingSinkType.LOOKS.get();
        for (int i = 0; i < 3; i++) {
            Answer health = inTime("/actuator/health/alert");
            assertThat(health.body().path("status").asString("")).isEqualTo("DEGRADED");
            assertThat(sink(health, "hangs").path("status").asString("")).isEqualTo("DOWN");
            assertThat(problem(sink(health, "hangs"))).startsWith("the target has not answered for");
            assertThat(sink(health, "t20").path("status").asString("")).isEqualTo("UP");
        }
        assertThat(HangingSinkType.LOOKS.get() - before).isLessThanOrEqualTo(2);
    }

    /* The two that hang are down. */
    @BeforeEach
    void allButTheTwoThatHangWork() {
        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
            Answer health = client.get("/actuator/health/alert");
            assertThat(health.body().path("status").asString("")).isEqualTo("DEGRADED");
            assertThat(health.body().at("/components/storage/status").asString(""))
                    .isEqualTo("UP");
            assertThat(sink(health, "t20").path("status").asString("")).isEqualTo("UP");
        });
    }

    private static String problem(JsonNode component) {
        return component.at("/details/problem").asString("");
    }

    private static Answer inTime(String path) {
        long begun = System.nanoTime();
        Answer answer = client.get(path);
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).as(path).isLessThan(MOST);
        return answer;
    }

    private static JsonNode sink(Answer health, String id) {
        return health.body().at("/components/sinks/components/" + id);
    }
}
