package dev.sluice.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import dev.sluice.postgres.PostgresForTests;
import dev.sluice.postgres.PostgresForTests.Database;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A key may ask for so much and no more, on all replicas together; who has another one does not notice. */
class QuotasIT {

    private static final AtomicInteger NUMBER = new AtomicInteger();

    private static Database database;
    private static Path file;
    private static InProcess one;
    private static InProcess two;
    private static Client admin;

    private final String sink = "quota-" + NUMBER.incrementAndGet();

    private record Key(String id, String text) {

        Client at(InProcess replica) {
            return replica.client().as(text);
        }
    }

    @BeforeAll
    static void start(@TempDir Path directory) throws IOException {
        file = directory.resolve("administrator.key");
        database = PostgresForTests.freshDatabase();
        one = InProcess.on(database, List.of(), "sluice.keys.administrator-file=" + file);
        two = InProcess.on(database, List.of(), "sluice.keys.administrator-file=" + file);
        admin = one.client().as(Files.readString(file).strip());
        // Both know of each other once a change is seen by both.
        Awaitility.await().until(() -> key("{}").text(), text -> !text.isEmpty());
        Awaitility.await()
                .until(() -> one.query("select count(*) from sluice.replica where alive_until > clock_timestamp()")
                        .equals(List.of("2")));
    }

    @AfterAll
    static void stop() {
        two.close();
        one.close();
    }

    private static Key key(String quotas) {
        return key("quota-*", quotas);
    }

    private static Key key(String sinks, String quotas) {
        Answer made = admin.post(
                "/keys",
                Client.JSON,
                "{\"note\":\"a test\",\"quotas\":" + quotas + ",\"grants\":[{\"sinks\":\"" + sinks
                        + "\",\"verbs\":[\"write\",\"read\",\"define\"]}]}");
        assertThat(made.status()).as(made.body().toString()).isEqualTo(201);
        return new Key(made.text("id"), made.text("key"));
    }

    private void define() {
        Answer put = admin.put("/sinks/" + sink, "{\"type\":\"table\",\"partitions\":[\"0\",\"1\"]}");
        assertThat(put.status()).as(put.body().toString()).isEqualTo(201);
    }

    private static Answer refused(Answer answer, String quota, long bound) {
        answer.isProblem(429, "quota-exceeded")
                .has("quota", quota)
                .has("bound", bound)
                .has("replicas", 2);
        assertThat(answer.text("detail")).contains("key:", Long.toString(bound), "of which each of 2 replicas");
        return answer;
    }

    private static long retryAfter(Answer answer) {
        return Long.parseLong(
                answer.response().headers().firstValue("Retry-After").orElseThrow());
    }

    /* Both ways: batches go past the framework, the rest does not. */
    private Answer send(Client client, String way, int offset) {
        return switch (way) {
            case "batch" -> client.batch(sink, "0", offset, "1");
            case "records" ->
                client.post("/sinks/" + sink + "/records?dryRun=true", Client.NDJSON, "{\"key\":\"a\",\"value\":1}\n");
            default -> client.snapshot(sink, "0");
        };
    }

    @ParameterizedTest
    @ValueSource(strings = {"batch", "records", "snapshot"})
    void letsOnlySoManyRequestsInASecond(String way) {
        define();
        Client client = key("{\"requestsPerSecond\":4}").at(one);
        Client other = key("{\"requestsPerSecond\":1000}").at(one);
        long startedAt = System.nanoTime();
        Answer last = send(client, way, 0);
        int passed = 0;
        while (last.status() != 429 && passed < 1_000) {
            passed++;
            last = send(client, way, passed);
        }
        // Half of four, for there are two replicas: at once, and in each second after that.
        double seconds = (System.nanoTime() - startedAt) / 1e9;
        assertThat(passed).isBetween(2, (int) (2 + 2 * seconds));
        refused(last, "requestsPerSecond", 4);
        assertThat(send(other, way, passed).status()).isNotEqualTo(429);
        long refusedAt = System.nanoTime();
        Answer refused = last;
        int offset = passed + 1;
        Awaitility.await().until(() -> System.nanoTime() - refusedAt > TimeUnit.SECONDS.toNanos(retryAfter(refused)));
        assertThat(send(client, way, offset).status()).isNotEqualTo(429);
    }

    @Test
    void refusesBeforeTheBodyIsRead() throws IOException {
        define();
        Key key = key("{\"requestsPerSecond\":1}");
        key.at(one).snapshot(sink, "0");
        try (RawConnection connection = new RawConnection(one.client().port())) {
            connection.head(sink, "0", "Authorization: Bearer " + key.text() + "\r\nContent-Length: 1000000\r\n");
            assertThat(connection.answer()).startsWith("HTTP/1.1 429").contains("requestsPerSecond");
        }
        try (RawConnection connection = new RawConnection(one.client().port())) {
            connection.send("POST /sinks/" + sink + "/records HTTP/1.1\r\nHost: localhost\r\nContent-Type:"
                    + " application/x-ndjson\r\nAuthorization: Bearer " + key.text()
                    + "\r\nContent-Length: 1000000\r\n\r\n");
            assertThat(connection.answer()).startsWith("HTTP/1.1 429").contains("requestsPerSecond");
        }
    }

    /* More than a second's worth passes, and is made up for by those that come next. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void countsBytesAsTheyCome(boolean announced) throws IOException {
        define();
        Key key = key("{\"bytesPerSecond\":2000}");
        String body = "\"" + "1".repeat(4_998) + "\"\n";
        String length = announced ? "Content-Length: " + body.length() : "Transfer-Encoding: chunked";
        try (RawConnection connection = new RawConnection(one.client().port())) {
            connection.head(sink, "0", "Authorization: Bearer " + key.text() + "\r\n" + length + "\r\n");
            connection.send(announced ? body : Integer.toHexString(body.length()) + "\r\n" + body + "\r\n0\r\n\r\n");
            assertThat(connection.answer()).startsWith("HTTP/1.1 200");
        }
        Answer refused = refused(key.at(one).batch(sink, "0", 1, "2"), "bytesPerSecond", 2_000);
        // 5,001 bytes at 1,000 a second, for each replica gives half, less what there was and what has come since.
        assertThat(retryAfter(refused)).isBetween(2L, 5L);
        // What has no body costs none.
        assertThat(key.at(one).snapshot(sink, "0").has("nextOffset", 1).status())
                .isEqualTo(200);
        assertThat(key.at(two).batch(sink, "0", 1, "2").status()).isEqualTo(200);
    }

    @Test
    void givesBackWhatWasAnnouncedAndDidNotCome() throws IOException {
        define();
        Key key = key("{\"bytesPerSecond\":2000}");
        try (RawConnection connection = new RawConnection(one.client().port())) {
            connection.send("POST /sinks/" + sink + "/partitions/0 HTTP/1.1\r\nHost: localhost\r\nContent-Type:"
                    + " text/plain\r\nAuthorization: Bearer " + key.text() + "\r\nContent-Length: 9000000\r\n\r\n");
            assertThat(connection.answer()).startsWith("HTTP/1.1 415");
        }
        Awaitility.await().until(() -> key.at(one).batch(sink, "0", 0, "1").status(), status -> status == 200);
    }

    @Test
    void letsOnlySoManyRequestsBeUnderWay() throws IOException {
        define();
        Key key = key("{\"requestsAtOnce\":2}");
        Key other = key("{\"requestsAtOnce\":2}");
        String body = Client.dense(0, "1");
        try (RawConnection connection = new RawConnection(one.client().port())) {
            connection.send("POST /sinks/" + sink + "/partitions/0 HTTP/1.1\r\nHost: localhost\r\nContent-Type:"
                    + " application/json\r\nAuthorization: Bearer " + key.text() + "\r\nContent-Length: "
                    + body.length() + "\r\n\r\n" + body.substring(0, 5));
            Answer refused = Awaitility.await()
                    .until(() -> key.at(one).batch(sink, "1", 0, "1"), answer -> answer.status() == 429);
            refused(refused, "requestsAtOnce", 2);
            refused(key.at(one).snapshot(sink, "1"), "requestsAtOnce", 2);
            assertThat(key.at(two).snapshot(sink, "1").status()).isEqualTo(200);
            other.at(one).snapshot(sink, "1");
            connection.send(body.substring(5));
            assertThat(connection.answer()).startsWith("HTTP/1.1 200");
        }
        assertThat(key.at(one).snapshot(sink, "1").status()).isEqualTo(200);
    }

    @Test
    void givesNoMoreThanTheBoundOnAllReplicasTogether() {
        define();
        Key key = key("{\"requestsPerSecond\":20}");
        long startedAt = System.nanoTime();
        int passed = 0;
        for (int i = 0; i < 60; i++) {
            passed += key.at(one).snapshot(sink, "0").status() == 200 ? 1 : 0;
            passed += key.at(two).snapshot(sink, "0").status() == 200 ? 1 : 0;
        }
        double seconds = (System.nanoTime() - startedAt) / 1e9;
        assertThat(passed).isGreaterThanOrEqualTo(20).isLessThanOrEqualTo((int) (21 + 20 * seconds));
    }

    /* One sender's requests, one behind the other on a connection, without waiting for answers. */
    @Test
    void keepsOneSendersFloodFromAnother() throws IOException {
        define();
        Key flooding = key("{\"requestsPerSecond\":2}");
        Key calm = key("{\"requestsPerSecond\":1000}");
        String request = "GET /sinks/" + sink + "/partitions/0/snapshot HTTP/1.1\r\nHost: localhost\r\nAuthorization:"
                + " Bearer " + flooding.text() + "\r\n\r\n";
        try (RawConnection connection = new RawConnection(one.client().port())) {
            connection.send(request.repeat(300));
            for (int i = 0; i < 20; i++) {
                calm.at(one).batch(sink, "0", i, "1").isWritten("committed");
            }
            int refused = 0;
            for (int i = 0; i < 300; i++) {
                refused += connection.answer().startsWith("HTTP/1.1 429") ? 1 : 0;
            }
            assertThat(refused).isGreaterThan(200);
        }
        assertThat(admin.get("/keys/" + calm.id()).body().has("refusedHere")).isFalse();
        assertThat(admin.get("/keys/" + flooding.id())
                        .body()
                        .path("refusedHere")
                        .path("requestsPerSecond")
                        .longValue())
                .isGreaterThan(200);
        Scrape scrape = Scrape.of(admin);
        assertThat(scrape.values("sluice_quota_refused_total", "quota"))
                .containsExactlyInAnyOrder(
                        "requestsPerSecond", "bytesPerSecond", "requestsAtOnce", "sinks", "partitions");
        assertThat(admin.get("/actuator/prometheus").body().stringValue()).doesNotContain(flooding.id());
    }

    @Test
    void boundsSinksAndPartitionsOfWhoeverDefines() {
        String prefix = sink + "-";
        Client client = key(prefix + "*", "{\"sinks\":2,\"partitions\":5}").at(one);
        String three = "{\"type\":\"table\",\"partitions\":[\"0\",\"1\",\"2\"]}";
        assertThat(client.put("/sinks/" + prefix + "a", three).status()).isEqualTo(201);
        for (String path : List.of(prefix + "b", prefix + "b?dryRun=true")) {
            Answer refused = client.put("/sinks/" + path, three).isProblem(403, "forbidden");
            refused.has("quota", "partitions").has("bound", 5);
            assertThat(refused.text("detail")).contains("5 partitions in all", "have 3", "would have 3");
        }
        assertThat(client.put("/sinks/" + prefix + "b", "{\"type\":\"log\",\"workers\":2}")
                        .status())
                .isEqualTo(201);
        client.put("/sinks/" + prefix + "c", "{\"type\":\"log\",\"workers\":1}")
                .isProblem(403, "forbidden")
                .has("quota", "sinks")
                .has("bound", 2);
        // What makes nothing more is let pass, and what is deleted counts no longer.
        assertThat(client.put("/sinks/" + prefix + "b", "{\"type\":\"log\",\"workers\":1}")
                        .status())
                .isEqualTo(200);
        assertThat(client.method("DELETE", "/sinks/" + prefix + "b").status()).isEqualTo(204);
        assertThat(client.put("/sinks/" + prefix + "c", "{\"type\":\"log\",\"workers\":2}")
                        .status())
                .isEqualTo(201);
    }

    @Test
    void changesAKeyAndTellsSo() {
        define();
        Key key = key("{\"requestsPerSecond\":1}");
        String path = "/keys/" + key.id();
        assertThat(admin.get(path).has("version", 0).body().path("quotas").toString())
                .isEqualTo("{\"requestsPerSecond\":1}");
        key.at(two).snapshot(sink, "0");
        refused(key.at(two).snapshot(sink, "0"), "requestsPerSecond", 1);
        String wanted =
                "{\"note\":\"another\",\"quotas\":{\"requestsPerSecond\":100000},\"grants\":[{\"sinks\":\"" + sink
                        + "\",\"verbs\":[\"read\"]}],\"expiresAt\":\"2099-01-01T00:00:00Z\",\"ifVersion\":%d,\"reason\":\"it is one\"}";
        admin.putWith(path, Client.JSON, wanted.formatted(7))
                .isProblem(409, "version-conflict")
                .has("version", 0);
        Answer changed = admin.putWith(path, Client.JSON, wanted.formatted(0));
        assertThat(changed.status()).as(changed.body().toString()).isEqualTo(200);
        changed.has("note", "another")
                .has("version", 1)
                .has("effectiveOn", "2/2")
                .has("expiresAt", "2099-01-01T00:00:00Z");
        assertThat(changed.body().has("key")).isFalse();
        Awaitility.await().until(() -> key.at(two).snapshot(sink, "0").status() == 200);
        key.at(two).batch(sink, "0", 0, "1").isProblem(403, "forbidden");
        key.at(one).snapshot("quota-none", "0").isProblem(404, "unknown-sink");
        Answer audit = admin.get("/audit?action=key-change");
        assertThat(audit.body().path("entries").toString())
                .contains("\"reason\":\"it is one\"", "\"requestsPerSecond\":100000", "\"requestsPerSecond\":1}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'requestPerSecond':1}   | requestsPerSecond",
                "{'requestsPerSecond':0}  | from 1 to",
                "{'requestsPerSecond':'x'}| from 1 to",
                "{'sinks':1.5}            | from 1 to",
                "[]                       | must be an object"
            })
    void saysWhatIsWrongWithQuotas(String quotas, String told) {
        String body = "{\"note\":\"a test\",\"grants\":[{\"sinks\":\"*\",\"verbs\":[\"read\"]}],\"quotas\":"
                + quotas.replace('\'', '"') + "}";
        assertThat(admin.post("/keys", Client.JSON, body)
                        .isProblem(400, "malformed-request")
                        .text("detail"))
                .contains(told);
    }

    @Test
    void changesNeitherTheKeyOfTheConfigurationNorOneThatThereIsNot() throws IOException {
        String body = "{\"note\":\"a test\",\"grants\":[{\"sinks\":\"*\",\"verbs\":[\"read\"]}],\"reason\":\"a test\"}";
        String own = Files.readString(file).substring("slk_".length(), "slk_".length() + 8);
        admin.putWith("/keys/" + own, Client.JSON, body).isProblem(409, "read-only");
        admin.putWith("/keys/aaaaaaaa", Client.JSON, body).isProblem(404, "unknown-key");
        admin.putWith("/keys/aaaaaaaa", Client.JSON, body.replace(",\"reason\":\"a test\"", ""))
                .isProblem(400, "malformed-request");
    }

    @Test
    void holdsTokensToTheirQuotas() throws IOException, JOSEException {
        try (TokenIssuer issuer = new TokenIssuer();
                InProcess service = InProcess.on(
                        PostgresForTests.freshDatabase(),
                        List.of(),
                        "sluice.jwt.issuer=" + issuer.url(),
                        "sluice.jwt.audience=" + TokenIssuer.AUDIENCE,
                        "sluice.jwt.quotas.requests-per-second=1",
                        "sluice.jwt.quotas.bytes-per-second=1MB")) {
            Client small = service.client()
                    .as(issuer.token(claims -> claims.subject("small").claim("sluice", "*:read")));
            assertThat(small.get("/sinks").status()).isEqualTo(200);
            Answer refused = small.get("/sinks").isProblem(429, "quota-exceeded");
            refused.has("quota", "requestsPerSecond").has("bound", 1).has("replicas", 1);
            assertThat(refused.text("detail")).contains("jwt:small").doesNotContain("replicas");
            Client large = service.client()
                    .as(issuer.token(claims -> claims.subject("large")
                            .claim("sluice", "*:read")
                            .claim("sluice_quotas", Map.of("requestsPerSecond", 1_000))));
            for (int i = 0; i < 20; i++) {
                assertThat(large.get("/sinks").status()).isEqualTo(200);
            }
            Client wrong = service.client()
                    .as(issuer.token(claims -> claims.subject("wrong").claim("sluice_quotas", Map.of("request", 1))));
            assertThat(wrong.get("/sinks").isProblem(401, "unauthenticated").text("detail"))
                    .contains("sluice.jwt.quotas-claim", "there is no quota 'request'");
        }
    }
}
