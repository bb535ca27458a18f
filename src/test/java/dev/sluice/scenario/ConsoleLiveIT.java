package dev.sluice.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.postgres.PostgresForTests;
import dev.sluice.postgres.PostgresForTests.Database;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Pages that change while somebody looks: with one statement for all, and nothing for those who may not read it. */
class ConsoleLiveIT {

    private static final JsonMapper JSON = new JsonMapper();
    private static final String ALL = "/console/events?sinks=mine,other";
    private static final String ROWS = "/console/events?of=mine&partitions=0,1,2";

    private static InProcess one;
    private static InProcess two;
    private static Client admin;
    private static String key;

    private final List<Tail> open = new ArrayList<>();

    @BeforeAll
    static void start(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("administrator.key");
        Database database = PostgresForTests.freshDatabase();
        one = replica(database, file);
        two = replica(database, file);
        key = Files.readString(file).strip();
        admin = one.client().as(key);
        for (String sink : List.of("mine", "other")) {
            assertThat(admin.put("/sinks/" + sink, "{\"type\":\"table\",\"partitions\":[\"0\",\"1\",\"2\",\"3\"]}")
                            .status())
                    .isEqualTo(201);
            admin.batch(sink, "0", 0, "1").isWritten("committed");
        }
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(
                                two.client().as(key).get("/sinks/other").status())
                        .isEqualTo(200));
    }

    private static InProcess replica(Database database, Path file) {
        return InProcess.on(
                database,
                List.of(),
                "sluice.keys.administrator-file=" + file,
                "sluice.history.step=1s",
                "sluice.watch.most=12",
                "sluice.watch.heartbeat=300ms");
    }

    @AfterAll
    static void stop() {
        two.close();
        one.close();
    }

    @AfterEach
    void close() {
        open.forEach(Tail::close);
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(watching()).isZero());
    }

    private Tail watch(InProcess replica, String path, String credential) {
        Tail tail = Tail.open(replica.client().port(), path, "Authorization", "Bearer " + credential);
        open.add(tail);
        return tail;
    }

    private static double watching() {
        return one.bean(MeterRegistry.class).get("sluice.watch").gauge().value();
    }

    private static double looks() {
        return one.bean(MeterRegistry.class).get("sluice.watch.looks").counter().count();
    }

    private static String key(String sinks, String verb) {
        return admin.post(
                        "/keys",
                        Client.JSON,
                        "{\"note\":\"a person\",\"grants\":[{\"sinks\":\"" + sinks + "\",\"verbs\":[\"" + verb
                                + "\"]}]}")
                .text("key");
    }

    /* What the next change tells, by row. */
    private static JsonNode rows(Tail tail) {
        Tail.Event event = tail.next();
        assertThat(event.name()).isEqualTo("rows");
        return JSON.readTree(event.data());
    }

    /* The value of a cell once it is like that. */
    private static void awaitCell(Tail tail, String row, String cell, String value) {
        for (JsonNode rows = rows(tail); ; rows = rows(tail)) {
            if (rows.path(row).path(cell).asString("").equals(value)) {
                return;
            }
        }
    }

    @Test
    void tellsOnlyWhatHasChanged() {
        long next = admin.snapshot("mine", "1").number("nextOffset");
        admin.batch("mine", "1", next, "1").isWritten("committed");
        Tail tail = watch(one, ROWS, key);
        JsonNode first = rows(tail);
        assertThat(first.propertyNames()).containsExactlyInAnyOrder("p:0", "p:1");

        admin.batch("mine", "1", next + 1, "1,2,3").isWritten("committed");

        JsonNode changed = rows(tail);
        assertThat(changed.propertyNames()).containsExactly("p:1");
        assertThat(changed.path("p:1").path("next").asString()).isEqualTo(Long.toString(next + 4));
        assertThat(tail.header("X-Accel-Buffering")).isEqualTo("no");
        assertThat(tail.header("Cache-Control")).isEqualTo("no-store");
    }

    @Test
    void tellsWhatAnotherReplicaDoes() {
        Client atTwo = two.client().as(key);
        long next = atTwo.snapshot("mine", "2").number("nextOffset");
        Tail rates = watch(one, ALL, key);
        Tail rows = watch(one, ROWS, key);
        rows(rows);

        for (int i = 0; i < 30; i++) {
            atTwo.batch("mine", "2", next + i, "1").isWritten("committed");
        }

        awaitCell(rows, "p:2", "next", Long.toString(next + 30));
        for (JsonNode changed = rows(rates); ; changed = rows(rates)) {
            String records = changed.path("s:mine").path("records").asString("0");
            if (!records.equals("0")) {
                assertThat(changed.path("s:mine").path("p99").asString()).endsWith(" ms");
                return;
            }
        }
    }

    /* There is a bound of its own for tabs; a writer with the same key is not to be refused for a page. */
    @Test
    void isNoRequestUnderWayOfAQuota() {
        String bounded = admin.post(
                        "/keys",
                        Client.JSON,
                        "{\"note\":\"a person\",\"grants\":[{\"sinks\":\"mine\",\"verbs\":[\"read\"]}],"
                                + "\"quotas\":{\"requestsAtOnce\":2}}")
                .text("key");
        rows(watch(one, ALL, bounded));
        rows(watch(one, ROWS, bounded));
        rows(watch(one, ROWS, bounded));

        assertThat(one.client().as(bounded).get("/sinks/mine").status()).isEqualTo(200);
    }

    @Test
    void tellsWhatWaitsInABuffer() {
        assertThat(admin.put("/sinks/buffer", "{\"type\":\"batching\",\"target\":\"mine\",\"flush-interval\":\"1h\"}")
                        .status())
                .isEqualTo(201);
        Tail tail = watch(one, "/console/events?sinks=buffer&of=buffer&partitions=0", key);

        admin.batch("buffer", "0", 0, "1,2,3").isWritten("committed");

        awaitCell(tail, "p:0", "waiting", "3");
        awaitCell(tail, "s:buffer", "undelivered", "3");
        assertThat(admin.method("DELETE", "/sinks/buffer?force=true").status()).isEqualTo(200);
    }

    @Test
    void looksOnceForAllWhoWatchAndNotAtAllForNobody() {
        double before = looks();
        for (int i = 0; i < 10; i++) {
            rows(watch(one, ROWS, key));
        }
        assertThat(watching()).isEqualTo(10);
        double begun = looks();
        long beganAt = System.nanoTime();
        await().atMost(Duration.ofSeconds(30)).until(() -> looks() >= begun + 2);
        double seconds = (System.nanoTime() - beganAt) / 1e9;
        assertThat(seconds)
                .as("three looks are two pauses apart, of which one may have begun")
                .isGreaterThan(1.9);
        assertThat(begun).isGreaterThan(before);

        open.forEach(Tail::close);
        await().atMost(Duration.ofSeconds(20)).until(() -> watching() == 0);
        double ended = looks();
        await().during(Duration.ofSeconds(3))
                .atMost(Duration.ofSeconds(5))
                .until(() -> looks() <= ended + 1 && watching() == 0);
        double after = looks();
        await().during(Duration.ofSeconds(3)).atMost(Duration.ofSeconds(5)).until(() -> looks() == after);
    }

    @Test
    void tellsNothingOfAnotherSink() {
        String foreign = key("other", "read");

        Tail tail = watch(one, ALL, foreign);
        for (int i = 0; i < 2; i++) {
            long next = admin.snapshot("mine", "3").number("nextOffset");
            long otherNext = admin.snapshot("other", "3").number("nextOffset");
            admin.batch("mine", "3", next, "1").isWritten("committed");
            admin.batch("other", "3", otherNext, "1").isWritten("committed");
            assertThat(rows(tail).propertyNames()).isSubsetOf("s:other");
        }

        Client foreigner = one.client().as(foreign);
        foreigner.get(ROWS).isProblem(404, "unknown-sink");
        one.client().as(key("mine", "write")).get(ROWS).isProblem(403, "forbidden");
        one.client().get(ALL).isProblem(401, "unauthenticated");
    }

    @Test
    void endsWithTheKey() {
        Answer made = admin.post(
                "/keys", Client.JSON, "{\"note\":\"a person\",\"grants\":[{\"sinks\":\"mine\",\"verbs\":[\"read\"]}]}");
        rows(watch(one, ROWS, made.text("key")));
        rows(watch(two, ROWS, made.text("key")));
        assertThat(watching()).isEqualTo(1);

        assertThat(admin.method("DELETE", "/keys/" + made.text("id")).status()).isEqualTo(200);

        await().atMost(Duration.ofSeconds(5)).until(() -> watching() == 0);
        await().atMost(Duration.ofSeconds(5))
                .until(() -> two.bean(MeterRegistry.class)
                                .get("sluice.watch")
                                .gauge()
                                .value()
                        == 0);
    }

    @Test
    void tellsNothingMoreOfASinkOnceItMayNotBeReadAnyMore() {
        Answer made = admin.post(
                "/keys", Client.JSON, "{\"note\":\"a person\",\"grants\":[{\"sinks\":\"*\",\"verbs\":[\"read\"]}]}");
        Tail tail = watch(one, ROWS, made.text("key"));
        rows(tail);
        Answer changed = admin.put(
                "/keys/" + made.text("id"),
                "{\"reason\":\"moved\",\"note\":\"a person\",\"grants\":[{\"sinks\":\"other\",\"verbs\":[\"read\"]}]}");
        assertThat(changed.status()).as(changed.body().toString()).isEqualTo(200);
        long next = admin.snapshot("mine", "0").number("nextOffset");
        admin.batch("mine", "0", next, "1").isWritten("committed");

        // It ends, and what was written since has not been told.
        await().atMost(Duration.ofSeconds(10)).until(() -> watching() == 0);
        assertThat(tail.left()).noneMatch(event -> event.data().contains("\"" + (next + 1) + "\""));
    }

    @Test
    void refusesMoreThanItKeepsUpToDate() {
        for (int i = 0; i < 12; i++) {
            watch(one, ALL, key);
        }
        await().atMost(Duration.ofSeconds(10)).until(() -> watching() == 12);

        Answer refused = admin.get(ALL);
        refused.isProblem(429, "busy");
        assertThat(refused.text("detail")).contains("sluice.watch.most=12");
        admin.get("/console/events?sinks=mine&sink=mine").isProblem(400, "malformed-request");
        admin.get("/console/events?partitions=0").isProblem(400, "malformed-request");
        open.get(0).close();
        await().atMost(Duration.ofSeconds(10)).until(() -> watching() == 11);
        rows(watch(one, ALL, key));
    }

    @Test
    void sendsCommentsWhereNothingChanges() throws IOException {
        String head = "GET " + ROWS + " HTTP/1.0\r\nHost: localhost\r\nAuthorization: Bearer " + key + "\r\n\r\n";
        try (Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), one.client().port())) {
            socket.setSoTimeout(30_000);
            socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
            BufferedReader lines =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            assertThat(lines.lines().filter(line -> line.startsWith(":")).findFirst())
                    .hasValue(": heartbeat");
        }
    }

    @Test
    void takesTheSessionOfABrowserUntilItIsSignedOutOf() {
        Browser person = new Browser(one.client().port()).signedIn(key("mine", "read"));
        Browser.Shown page = person.get("/console/sinks").is(200);
        Tail tail = Tail.open(one.client().port(), ROWS, "Cookie", person.cookie());
        open.add(tail);
        assertThat(rows(tail).has("p:0")).isTrue();
        assertThat(tail.header("Set-Cookie")).isNull();

        person.post("/console/sign-out", page).is(303);

        await().atMost(Duration.ofSeconds(5)).until(() -> watching() == 0);
    }

    /* A page that is left open loads by itself, for ever if that counted. */
    @Test
    void keepsNobodySignedInByItself(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("administrator.key");
        try (InProcess quick =
                InProcess.start("sluice.keys.administrator-file=" + file, "sluice.console.idle-end=2s")) {
            int port = quick.client().port();
            Browser person = new Browser(port).signedIn(Files.readString(file).strip());
            String cookie = person.cookie();
            try (Tail tail = Tail.open(port, "/console/events?sinks=mine", "Cookie", cookie)) {
                await().atMost(Duration.ofSeconds(20))
                        .until(() -> quick.client()
                                        .get("/console/events?sinks=mine", "Cookie", cookie)
                                        .status()
                                == 401);
                await().atMost(Duration.ofSeconds(5))
                        .until(() -> quick.bean(MeterRegistry.class)
                                        .get("sluice.watch")
                                        .gauge()
                                        .value()
                                == 0);
                assertThat(tail.header("Set-Cookie")).isNull();
            }
        }
    }

    @Test
    void showsRecordsToASessionThatMayReadThemAndToNoOther() {
        String path = "/console/sinks/mine/partitions/0/tail?from=0&integers=string";
        int port = one.client().port();
        Browser reader = new Browser(port).signedIn(key("mine", "read"));
        Browser person = new Browser(port).signedIn(key("mine", "records"));
        Browser foreigner = new Browser(port).signedIn(key("other", "records"));

        reader.get(path, "Accept", "text/event-stream").is(403);
        foreigner.get(path, "Accept", "text/event-stream").is(404);
        try (Tail tail = Tail.open(port, path, "Cookie", person.cookie())) {
            tail.expect("begun", -1, "{\"from\":\"0\"}");
            tail.expect("record", 0, "{\"offset\":\"0\",\"value\":1}");
        }
        person.get(path.replace("/console", ""), "Accept", "text/event-stream").is(401);
    }

    @Test
    void showsWhatWasSoWithoutScriptsToo() {
        Browser person = new Browser(one.client().port()).signedIn(key("mine", "read"));
        long next = admin.snapshot("mine", "0").number("nextOffset");
        admin.batch("mine", "0", next, "1,2,3").isWritten("committed");
        await().atMost(Duration.ofSeconds(20))
                .until(() ->
                        !admin.get("/history?sinks=mine").body().path("sinks").isEmpty());

        for (String path : List.of("/console", "/console/sinks")) {
            assertThat(person.get(path).is(200).html())
                    .as(path)
                    .contains("aria-label=\"Records a second of mine lately, at most ", "<polyline points=\"")
                    .doesNotContain("of other lately");
        }
        Browser.Shown sink = person.get("/console/sinks/mine").is(200);
        assertThat(sink.text()).contains("The highest values within 30 s, of all replicas together", " ms");
        assertThat(sink.commands()).anySatisfy(command -> assertThat(command).contains("/sinks/mine/history"));
        person.get("/console/sinks/other/history").is(404);
    }
}
