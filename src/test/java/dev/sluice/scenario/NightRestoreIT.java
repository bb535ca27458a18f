package dev.sluice.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.postgres.DedicatedPostgres;
import dev.sluice.postgres.PostgresForTests;
import dev.sluice.postgres.PostgresForTests.Database;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.util.FileSystemUtils;
import tools.jackson.databind.JsonNode;

/** The night after which the database is an older one: one writer replays, the source of another has no more. */
class NightRestoreIT {

    private static final String TOKEN = "Sluice-Fencing-Token";

    private Path home;
    private DedicatedPostgres postgres;
    private InProcess service;
    private Client client;

    @BeforeEach
    void start() {
        home = PostgresForTests.openDirectory();
        postgres = PostgresForTests.dedicated(home);
        service = InProcess.on(
                new Database(postgres.url(), postgres.username(), postgres.password(), postgres.toString()),
                List.of(),
                "sluice.sinks.events.type=table",
                "sluice.sinks.events.partitions=0,1");
        client = service.client();
    }

    @AfterEach
    void stop() throws IOException {
        service.close();
        postgres.close();
        FileSystemUtils.deleteRecursively(home);
    }

    private long opens() {
        Answer opened = client.open("events", "0", "{\"owner\":\"loader-7\"}");
        assertThat(opened.status()).as(opened.body().toString()).isEqualTo(200);
        return opened.number("fencingToken");
    }

    private Answer writes(long offset, String records, long token) {
        return client.batch("events", "0", offset, records, TOKEN, Long.toString(token));
    }

    private void awaitDatabase() {
        await().atMost(Duration.ofSeconds(60))
                .until(() -> client.get("/actuator/health").status() == 200);
    }

    @Test
    void aRestoredBackup() {
        writes(0, "1,2", opens()).isWritten("committed");
        client.batch("events", "1", 0, "1,2").isWritten("committed");
        Path backup = home.resolve("backup");
        postgres.copyStopped(backup);
        awaitDatabase();
        long token = opens();
        writes(2, "3,4", token).isWritten("committed");
        client.batch("events", "1", 2, "3,4").isWritten("committed");
        assertThat(Scrape.of(client).one("sluice_incarnation_since_seconds")).isZero();
        postgres.becomeCopy(backup);
        awaitDatabase();
        await().atMost(Duration.ofSeconds(60)).until(() -> writes(4, "5", token).status() == 412);
        double age = Instant.now().getEpochSecond() - Scrape.of(client).one("sluice_incarnation_since_seconds");
        assertThat(age).isLessThan(3600);

        Runbook night = Runbook.of("A restored backup", client);
        // What the health says is kept for a second.
        JsonNode incarnation = night.nextUntil(health ->
                        health.at("/components/incarnation/details/number").intValue() == 2)
                .at("/components/incarnation/details");
        assertThat(incarnation.path("reason").stringValue()).contains("another one than before");
        assertThat(night.next().path("number").intValue()).isEqualTo(3);
        client.open("events", "0", "{\"owner\":\"loader-7\",\"resume\":{\"nextOffset\":4}}")
                .isProblem(409, "sink-behind");
        client.batch("events", "1", 4, "5").isProblem(409, "offset-gap").has("expectedOffset", 2);
        assertThat(night.next().path("partitions").valueStream())
                .hasSize(2)
                .allMatch(partition -> partition.at("/snapshot/nextOffset").longValue() == 2);
        assertThat(night.nextUntil(recent -> recent.path("problems").toString().contains("offset-gap"))
                        .path("types")
                        .toString())
                .contains("sink-behind", "offset-gap");
        // One has them still, and goes on by itself.
        long anew = opens();
        writes(2, "3,4", anew).isWritten("committed");
        writes(4, "5", anew).isWritten("committed");
        JsonNode preview = night.next();
        assertThat(preview.at("/hole/first").longValue()).isEqualTo(2);
        assertThat(preview.at("/hole/end").longValue()).isEqualTo(4);
        JsonNode reset =
                night.with("VERSION", preview.path("version").longValue()).next();
        client.batch("events", "1", 4, "5", TOKEN, reset.path("fencingToken").toString())
                .isWritten("committed");
        assertThat(night.nextIsEven().path("written").longValue()).isEqualTo(8);
        night.isDone();
        assertThat(service.query("select partition_id, source_offset from events order by 1, 2"))
                .containsExactly("0 0", "0 1", "0 2", "0 3", "0 4", "1 0", "1 1", "1 4");
    }
}
