package dev.sluice.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.postgres.PostgresForTests;
import dev.sluice.postgres.PostgresForTests.Database;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLConnection;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Senders say by a key who they are; what they may do is granted, and ends when the key is revoked, on any replica. */
class KeysIT {

    private static final AtomicInteger NUMBER = new AtomicInteger();

    private static Path file;
    private static Database database;
    private static InProcess one;
    private static InProcess two;
    private static Client nobody;
    private static Client admin;

    @BeforeAll
    static void start(@TempDir Path directory) throws IOException {
        file = directory.resolve("administrator.key");
        database = PostgresForTests.freshDatabase();
        one = replica();
        two = replica();
        nobody = one.client();
        admin = nobody.as(Files.readString(file).strip());
        for (String sink : List.of("orders", "orders-2", "other")) {
            Answer put = admin.put("/sinks/" + sink, "{\"type\":\"table\",\"partitions\":[\"0\",\"1\"]}");
            assertThat(put.status()).as(put.body().toString()).isEqualTo(201);
        }
    }

    private static InProcess replica() {
        return InProcess.on(database, List.of(), "sluice.keys.administrator-file=" + file);
    }

    @AfterAll
    static void stop() {
        two.close();
        one.close();
    }

    private static Answer create(String grants) {
        Answer made = admin.post("/keys", Client.JSON, "{\"note\":\"a test\",\"grants\":" + grants + "}");
        assertThat(made.status()).as(made.body().toString()).isEqualTo(201);
        return made;
    }

    private static Client with(String sinks, String verbs) {
        return nobody.as(create(grant(sinks, verbs)).text("key"));
    }

    private static String grant(String sinks, String verbs) {
        return "[{\"sinks\":\"" + sinks + "\",\"verbs\":[\"" + verbs.replace(" ", "\",\"") + "\"]}]";
    }

    private static String fresh() {
        return "k" + NUMBER.incrementAndGet();
    }

    @Test
    void makesTheFirstKeyOnceAndForItsOwnerOnly() throws IOException {
        assertThat(Files.readString(file)).matches("slk_[a-z2-7]{8}_[a-z2-7]{52}_[a-z2-7]{7}\\R");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(two.client().as(Files.readString(file).strip()).get("/sinks").status())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/sinks",
                "/sinks/orders",
                "/sinks/none",
                "/keys",
                "/audit",
                "/actuator",
                "/actuator/prometheus",
                "/actuator/info",
                "/actuator/sbom",
                "/actuator/sbom/application",
                "/actuator/health/storage",
                "/actuator/health/../prometheus",
                "/nothing/here",
                "/error"
            })
    void servesNobodyWithoutAKey(String path) {
        Answer refused = nobody.get(path).isProblem(401, "unauthenticated");
        assertThat(refused.response().headers().firstValue("WWW-Authenticate")).hasValue("Bearer realm=\"sluice\"");
        assertThat(refused.text("detail")).contains("Authorization: Bearer slk_");
    }

    /* Its versions tell where it may be attacked. */
    @Test
    void tellsWhatItIsBuiltOfToAdministratorsOnly() {
        with("*", "write read records define operate")
                .get("/actuator/sbom/application")
                .isProblem(403, "forbidden");
        Answer components = with("*", "admin").get("/actuator/sbom/application");
        assertThat(components.status()).isEqualTo(200);
        assertThat(components.body().path("components").findValuesAsString("name"))
                .contains("postgresql");
    }

    @Test
    void refusesABatchOfNobodyBeforeItsBody() {
        nobody.batch("orders", "0", 0, "1").isProblem(401, "unauthenticated");
        nobody.post("/sinks/orders/partitions/0?offset=0", Client.NDJSON, "not JSON at all")
                .isProblem(401, "unauthenticated");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/actuator/health",
                "/actuator/health/alert",
                "/actuator/health/liveness",
                "/actuator/health/readiness"
            })
    void tellsAnybodyWhetherItIsWellAndNoMore(String path) {
        Answer told = nobody.get(path);
        assertThat(told.status()).isEqualTo(200);
        assertThat(told.text("status")).isEqualTo("UP");
        assertThat(told.body().has("components")).isFalse();
        assertThat(with("orders", "read").get(path).body().has("components")).isFalse();
        assertThat(admin.get(path).body().has("components")).isEqualTo(!path.endsWith("liveness"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Basic YWRtaW46YWRtaW4= | of another scheme",
                "Bearer | of another scheme",
                "Bearer hello | is no key",
                "Bearer slk_aaaaaaaa_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa_aaaaaaa | is no key",
            })
    void saysWhatIsWrongWithCredentials(String header, String told) {
        Answer refused = nobody.get("/sinks", "Authorization", header).isProblem(401, "unauthenticated");
        assertThat(refused.text("detail")).contains(told);
    }

    @Test
    void tellsAKeyThatIsUnknownFromWhatIsNone() {
        String key = create(grant("orders", "read")).text("key");
        String typo = key.substring(0, 20) + (key.charAt(20) == 'a' ? 'b' : 'a') + key.substring(21);
        assertThat(nobody.as(typo)
                        .get("/sinks")
                        .isProblem(401, "unauthenticated")
                        .text("detail"))
                .contains("is no key")
                .doesNotContain(key.substring(13, 60));
        Answer twice = nobody.as(key).get("/sinks", "Authorization", "Bearer " + key);
        assertThat(twice.isProblem(401, "unauthenticated").text("detail")).contains("several Authorization headers");
    }

    @Test
    void letsAWriterWriteAndNoMore() {
        Client writer = with("orders", "write");
        writer.open("orders", "1", "{\"owner\":\"loader\"}").has("nextOffset", 0);
        writer.batch("orders", "1", 0, "1,2", "Sluice-Fencing-Token", "1").isWritten("committed");
        writer.snapshot("orders", "1").has("nextOffset", 2);
        assertThat(writer.get("/sinks").body().path("sinks").size()).isZero();
        Answer refused = writer.put("/sinks/orders", "{\"type\":\"table\",\"partitions\":3}")
                .isProblem(403, "forbidden");
        assertThat(refused.text("detail"))
                .contains("has no grant of define for 'orders'")
                .contains("key:");
        assertThat(refused.body().path("needs").toString()).isEqualTo("[\"define\"]");
        writer.get("/sinks/orders/dead-letters").isProblem(403, "forbidden");
        writer.get("/sinks/orders/partitions/1/tail").isProblem(403, "forbidden");
        writer.get("/audit").isProblem(403, "forbidden");
        writer.get("/actuator/prometheus").isProblem(403, "forbidden");
        Client reader = with("orders", "read");
        reader.batch("orders", "1", 2, "3").isProblem(403, "forbidden");
        reader.post("/sinks/orders/records", Client.NDJSON, "{}").isProblem(403, "forbidden");
    }

    /* The same answer as for a sink that nobody has defined. */
    @Test
    void showsNothingOfSinksThatOneHasNoGrantFor() {
        Client writer = with("orders*", "write read operate define records");
        Answer hidden = writer.get("/sinks/other").isProblem(404, "unknown-sink");
        Answer missing = writer.get("/sinks/othes").isProblem(404, "unknown-sink");
        assertThat(hidden.body().toString().replace("other", "othes").replaceAll("urn:trace:\\w+", ""))
                .isEqualTo(missing.body().toString().replaceAll("urn:trace:\\w+", ""));
        writer.batch("other", "0", 0, "1").isProblem(404, "unknown-sink");
        writer.batch("other", "no-such", 0, "1").isProblem(404, "unknown-sink");
        assertThat(writer.get("/sinks")
                        .body()
                        .path("sinks")
                        .valueStream()
                        .map(sink -> sink.path("id").stringValue()))
                .containsExactly("orders", "orders-2");
        assertThat(writer.get("/problems/recent?sink=other")
                        .body()
                        .path("problems")
                        .size())
                .isZero();
        writer.get("/sinks?from=other").isProblem(404, "unknown-sink");
        Answer fanout = writer.put("/sinks/orders-3", "{\"type\":\"fanout\",\"targets\":[\"orders\",\"other\"]}");
        assertThat(fanout.isProblem(422, "invalid-definition").text("detail"))
                .contains("there is no sink 'other'")
                .doesNotContain("grant");
    }

    @Test
    void namesNoSinkThatOneDoesNotSeeWhereADefinitionIsWrong() {
        Client definer = with("orders*", "define write");
        for (String path : List.of("/sinks/orders-9", "/sinks/orders-9?dryRun=true")) {
            Answer refused = definer.put(path, "{\"type\":\"batching\",\"target\":\"orders-none\"}")
                    .isProblem(422, "invalid-definition");
            assertThat(refused.body().toString()).doesNotContain("other");
        }
        admin.put("/sinks/orders-8", "{\"type\":\"table\",\"partitions\":[\"0\",\"1\"]}");
        admin.put("/sinks/hidden-user", "{\"type\":\"batching\",\"target\":\"orders-8\"}");
        Answer inUse = definer.method("DELETE", "/sinks/orders-8").isProblem(409, "in-use");
        assertThat(inUse.text("detail"))
                .contains("another sink is made of 'orders-8'")
                .doesNotContain("hidden");
        assertThat(admin.method("DELETE", "/sinks/orders-8").text("detail")).contains("'hidden-user'");
    }

    @Test
    void actsOnNoSinkBehindAnotherOneWithoutAGrantForIt() {
        admin.put("/sinks/payroll", "{\"type\":\"table\",\"partitions\":[\"0\"],\"on-rejected\":\"stop\"}");
        Client operator = nobody.as(create("[{\"sinks\":\"mine-*\",\"verbs\":[\"define\",\"operate\"]},"
                        + "{\"sinks\":\"payroll\",\"verbs\":[\"write\"]}]")
                .text("key"));
        assertThat(operator.put("/sinks/mine-fan", "{\"type\":\"batching\",\"target\":\"payroll\"}")
                        .status())
                .isEqualTo(201);
        operator.post("/sinks/mine-fan/partitions/0/set-aside", Client.JSON, "{\"offset\":0,\"reason\":\"in my way\"}")
                .isProblem(403, "forbidden");
        assertThat(one.query("select count(*) from sluice.set_aside")).containsExactly("0");
    }

    /* The body of a batch is still on its way when the key is revoked. */
    @Test
    void refusesABatchWhoseKeyWasRevokedWhileItCame() throws Exception {
        Answer made = create(grant("orders", "write"));
        String body = Client.dense(0, "1");
        try (RawConnection connection = new RawConnection(nobody.port())) {
            connection.send("POST /sinks/orders/partitions/1 HTTP/1.1\r\nHost: localhost\r\nContent-Type:"
                    + " application/json\r\nAuthorization: Bearer " + made.text("key") + "\r\nContent-Length: "
                    + body.length() + "\r\n\r\n" + body.substring(0, 5));
            Awaitility.await().until(() -> admin.get("/keys/" + made.text("id")).status() == 200);
            admin.method("DELETE", "/keys/" + made.text("id"));
            long revokedAt = System.nanoTime();
            Awaitility.await().until(() -> System.nanoTime() - revokedAt > 300_000_000L);
            connection.send(body.substring(5));
            assertThat(connection.answer()).startsWith("HTTP/1.1 401 ");
        }
    }

    @Test
    void guardsActuatorOnAPortOfItsOwn() throws IOException {
        Path own = Files.createTempDirectory("keys").resolve("administrator.key");
        try (InProcess service = InProcess.on(
                PostgresForTests.freshDatabase(),
                List.of(),
                "sluice.keys.administrator-file=" + own,
                "management.server.port=0",
                "management.server.address=127.0.0.1")) {
            Client management = new Client(Integer.parseInt(service.property("local.management.port")));
            management.get("/actuator/prometheus").isProblem(401, "unauthenticated");
            assertThat(management.get("/actuator/health").body().has("components"))
                    .isFalse();
            Client known = management.as(Files.readString(own).strip());
            assertThat(known.get("/actuator/prometheus").status()).isEqualTo(200);
            assertThat(known.get("/actuator/health").body().has("components")).isTrue();
            management.get("/actuator/health", "Origin", "http://evil.example").isProblem(421, "unknown-host");
        }
    }

    /* Whoever may ask without a key may also ask with one that is none. */
    @Test
    void tellsAProbeWhateverItSendsAlong() {
        assertThat(nobody.get("/actuator/health/readiness", "Authorization", "Basic Zm9vOmJhcg==")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void leavesOutAKeyThatCannotBeRead() {
        Answer broken = create(grant("orders", "read"));
        one.execute("update sluice.api_key set grants = '[{\"sinks\":\"orders\",\"verbs\":[\"fly\"]}]' where id = '"
                + broken.text("id") + "'");
        Answer other = create(grant("orders", "read")); // has all replicas read again
        assertThat(nobody.as(other.text("key")).get("/sinks").status()).isEqualTo(200);
        nobody.as(broken.text("key")).get("/sinks").isProblem(401, "unauthenticated");
        one.execute("delete from sluice.api_key where id = '" + broken.text("id") + "'");
    }

    @Test
    void tellsWhichMethodsAPathHas() {
        assertThat(with("orders", "write").method("OPTIONS", "/sinks/orders").status())
                .isEqualTo(200);
    }

    @Test
    void letsNobodyWriteThroughADefinitionOfTheirOwn() {
        Client definer = nobody.as(create("[{\"sinks\":\"mine*\",\"verbs\":[\"define\",\"write\"]},"
                        + "{\"sinks\":\"orders\",\"verbs\":[\"read\"]}]")
                .text("key"));
        Answer refused = definer.put("/sinks/mine", "{\"type\":\"batching\",\"target\":\"orders\"}")
                .isProblem(422, "invalid-definition");
        assertThat(refused.text("detail")).contains("no grant of write for 'orders'");
    }

    @Test
    void endsWithItsTime() {
        String body = "{\"note\":\"short\",\"grants\":" + grant("*", "read") + ",\"expiresAt\":\""
                + Instant.now().plusSeconds(8) + "\"}";
        Client guest = nobody.as(admin.post("/keys", Client.JSON, body).text("key"));
        assertThat(guest.get("/sinks").status()).isEqualTo(200);
        Awaitility.await()
                .atMost(Duration.ofMinutes(1))
                .until(() -> guest.get("/sinks").status() == 401);
        assertThat(guest.get("/sinks").text("detail")).contains("has expired at 20");
        admin.post("/keys", Client.JSON, body.replaceFirst("20\\d\\d-", "2020-"))
                .isProblem(400, "malformed-request");
    }

    @Test
    void isRevokedEverywhereBeforeTheAnswer() {
        Answer made = create(grant("orders", "write"));
        Client there = two.client().as(made.text("key"));
        assertThat(made.text("effectiveOn")).isEqualTo("2/2");
        there.snapshot("orders", "0").has("nextOffset", 0);
        Answer revoked = admin.method("DELETE", "/keys/" + made.text("id") + "?reason=lost");
        assertThat(revoked.status()).isEqualTo(200);
        assertThat(revoked.text("effectiveOn")).isEqualTo("2/2");
        assertThat(there.snapshot("orders", "0")
                        .isProblem(401, "unauthenticated")
                        .text("detail"))
                .contains("is not known here, or has been revoked or rotated");
        admin.get("/keys/" + made.text("id")).isProblem(404, "unknown-key");
        admin.method("DELETE", "/keys/" + made.text("id")).isProblem(404, "unknown-key");
        assertThat(admin.get("/audit?action=key-revoke&limit=1").body().toString())
                .contains(made.text("id"), "\"reason\":\"lost\"", "\"actor\":\"key:");
    }

    @Test
    void takesBothTextsForAWhileAfterItWasRotated() {
        Answer made = create(grant("orders", "read"));
        String path = "/keys/" + made.text("id") + "/rotate";
        Answer rotated = admin.post(path, Client.JSON, "{\"overlap\":\"1h\",\"reason\":\"every quarter\"}");
        assertThat(rotated.text("key"))
                .startsWith("slk_" + made.text("id") + "_")
                .isNotEqualTo(made.text("key"));
        for (InProcess replica : List.of(one, two)) {
            assertThat(replica.client().as(made.text("key")).get("/sinks").status())
                    .isEqualTo(200);
            assertThat(replica.client().as(rotated.text("key")).get("/sinks").status())
                    .isEqualTo(200);
        }
        Answer at = admin.post(path, Client.JSON, "{\"reason\":\"it was published\"}");
        for (InProcess replica : List.of(one, two)) {
            for (Answer old : List.of(made, rotated)) {
                replica.client().as(old.text("key")).get("/sinks").isProblem(401, "unauthenticated");
            }
            assertThat(replica.client().as(at.text("key")).get("/sinks").status())
                    .isEqualTo(200);
        }
        // No replica's clock decides about what must not be taken any more.
        assertThat(one.query("select previous_hash is null from sluice.api_key where id = '" + made.text("id") + "'"))
                .containsExactly("t");
        admin.post(path, Client.JSON, "{\"overlap\":\"99d\",\"reason\":\"x\"}").isProblem(400, "malformed-request");
    }

    @Test
    void endsATailWithItsKey() throws IOException {
        Answer made = create(grant("orders", "records"));
        URLConnection tail = URI.create("http://127.0.0.1:" + nobody.port() + "/sinks/orders/partitions/0/tail")
                .toURL()
                .openConnection();
        tail.setRequestProperty("Authorization", "Bearer " + made.text("key"));
        try (InputStream stream = tail.getInputStream()) {
            assertThat(new String(stream.readNBytes(4), StandardCharsets.UTF_8)).isNotBlank();
            admin.method("DELETE", "/keys/" + made.text("id"));
            stream.readAllBytes();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            value = {
                "{} | 'note' is missing",
                "{\"note\":\"a\"} | 'grants' must be a list",
                "{\"note\":\"a\",\"grants\":[]} | 'grants' must be a list",
                "{\"note\":\"a\",\"grants\":[1]} | must be an object",
                "{\"note\":\"a\",\"grants\":[{\"sinks\":\"a b\",\"verbs\":[\"read\"]}]} | but is \"a b\"",
                "{\"note\":\"a\",\"grants\":[{\"sinks\":\"*a\",\"verbs\":[\"read\"]}]} | but is \"*a\"",
                "{\"note\":\"a\",\"grants\":[{\"sinks\":\"a\",\"verbs\":[]}]} | must be a list of some of",
                "{\"note\":\"a\",\"grants\":[{\"sinks\":\"a\",\"verbs\":[\"reed\"]}]} | did you mean read",
                "{\"note\":\"a\",\"grants\":[{\"sinks\":\"a\",\"verb\":[\"read\"]}]} | did you mean verbs",
                "{\"note\":\"a\",\"grants\":[{\"sinks\":\"a\",\"verbs\":[\"admin\"]}]} | \"sinks\": \"*\" only",
                "{\"note\":\"a\",\"grant\":[]} | unknown member 'grant'",
                "{\"note\":\"a\",\"grants\":[],\"expiresAt\":\"+999999-01-01T00:00:00Z\"} | by at most 100 years",
            })
    void saysWhatIsWrongWithAWish(String body, String told) {
        assertThat(admin.post("/keys", Client.JSON, body)
                        .isProblem(400, "malformed-request")
                        .text("detail"))
                .contains(told);
    }

    @Test
    void listsKeysInPagesWithoutTheirSecrets() {
        List<String> made = List.of(
                create(grant("a", "read")).text("id"),
                create(grant("b", "read")).text("id"),
                create(grant("c", "read")).text("id"));
        Answer page = admin.get("/keys?limit=2");
        assertThat(page.body().path("keys").size()).isEqualTo(2);
        page.has("wanted", true);
        StringBuilder all = new StringBuilder(page.body().path("keys").toString());
        while (page.body().has("next")) {
            page = admin.get("/keys?limit=2&after=" + page.text("next"));
            all.append(page.body().path("keys"));
        }
        assertThat(all).contains(made).doesNotContain("slk_");
    }

    @Test
    void keepsNoKeyInTheDatabase() {
        String key = create(grant("orders", "read")).text("key");
        String secret = key.substring(13, 65);
        nobody.as(key).get("/sinks/orders");
        nobody.as(key).get("/sinks/other").isProblem(404, "unknown-sink");
        assertThat(one.query("select query_to_xml(format('select * from %s', c.oid::regclass), true, false, '')::text"
                        + " from pg_class c where relkind = 'r' and relnamespace = 'sluice'::regnamespace"))
                .isNotEmpty()
                .noneMatch(table -> table.contains(secret));
        assertThat(one.query("select count(*) from sluice.api_key where id = '" + key.substring(4, 12) + "'"))
                .containsExactly("1");
    }

    /* What a file says that is exchanged holds at once; what is no key leaves things as they are. */
    @Test
    void readsTheFileAgain() throws IOException {
        Path own = Files.createTempDirectory("keys").resolve("administrator.key");
        try (InProcess service =
                InProcess.on(PostgresForTests.freshDatabase(), List.of(), "sluice.keys.administrator-file=" + own)) {
            String before = Files.readString(own).strip();
            Path other = own.resolveSibling("other");
            try (InProcess donor = InProcess.on(
                    PostgresForTests.freshDatabase(), List.of(), "sluice.keys.administrator-file=" + other)) {
                assertThat(donor.client().as(before).get("/sinks").status()).isEqualTo(401);
            }
            Files.writeString(own, "oops");
            Files.writeString(own, Files.readString(other));
            String after = Files.readString(other).strip();
            Awaitility.await()
                    .until(() -> service.client().as(after).get("/sinks").status() == 200);
            service.client().as(before).get("/sinks").isProblem(401, "unauthenticated");
            service.client()
                    .as(after)
                    .method("DELETE", "/keys/" + after.substring(4, 12))
                    .isProblem(409, "read-only");
        }
    }

    @Test
    void isOpenOnLoopbackAndPreparesKeys() {
        try (InProcess open = InProcess.start()) {
            String name = fresh();
            open.client().put("/sinks/" + name, "{\"type\":\"table\",\"partitions\":1}");
            Answer made = open.client()
                    .post("/keys", Client.JSON, "{\"note\":\"for later\",\"grants\":" + grant(name, "read") + "}");
            assertThat(made.status()).isEqualTo(201);
            open.client().get("/keys").has("wanted", false);
            open.client().get("/sinks", "Authorization", "Bearer nonsense");
            assertThat(open.client().get("/audit?action=key-create").body().toString())
                    .contains("\"actor\":\"anonymous\"");
        }
    }
}
