package dev.sluice.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** An HTTP target refuses a batch for one record: that one is found, and the others are not kept from it. */
@Tag("conformance")
class HttpDeadLettersIT {

    private static final JsonMapper JSON = new JsonMapper();

    private HttpServer target;
    private InProcess service;
    private Client client;
    /** What has been taken, by key; a repetition of a key is answered as before. */
    private final Map<String, String> taken = Collections.synchronizedMap(new LinkedHashMap<>());

    private final List<String> requests = Collections.synchronizedList(new ArrayList<>());
    private final Map<String, Integer> failing = new ConcurrentHashMap<>();
    private volatile CountDownLatch gate = new CountDownLatch(0);
    private volatile boolean names;
    private volatile boolean mended;
    private volatile boolean doneButFails;

    @BeforeEach
    void start() throws IOException {
        target = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        target.createContext("/", exchange -> {
            String key = exchange.getRequestHeaders().getFirst("Idempotency-Key");
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            requests.add(key);
            awaitGate();
            String answer = "";
            int status = 200;
            Integer fails = failing.remove(key);
            if (fails != null) {
                status = fails;
            } else if (!taken.containsKey(key)) {
                JsonNode events = JSON.readTree(body).path("events");
                List<Integer> bad = IntStream.range(0, events.size())
                        .filter(i -> !mended && events.get(i).path("bad").asBoolean(false))
                        .boxed()
                        .toList();
                if (bad.isEmpty()) {
                    events.forEach(event -> taken.merge(key, event.toString(), (a, b) -> a + " " + b));
                    status = doneButFails ? 500 : status;
                } else {
                    status = 422;
                    answer = names
                            ? "{\"rejected\":["
                                    + bad.stream()
                                            .map(i -> "{\"index\":" + i + ",\"message\":\"bad\",\"field\":\"f\"}")
                                            .collect(Collectors.joining(","))
                                    + "]}"
                            : "{\"error\":\"something is bad\"}";
                }
            }
            byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        target.start();
        service = InProcess.start();
        client = service.client();
    }

    @AfterEach
    void stop() {
        gate.countDown();
        service.close();
        target.stop(0);
    }

    private void awaitGate() {
        try {
            gate.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void put(String more) {
        assertThat(client.put(
                                "/sinks/api",
                                "{\"type\":\"http\",\"partitions\":[\"0\"],\"url\":\"http://127.0.0.1:"
                                        + target.getAddress().getPort()
                                        + "/in\",\"target-honours-key\":true,\"on-rejected\":\"dead-letter\","
                                        + "\"max-attempts\":1,\"dead-letters\":{\"max-share\":100" + more + "}}")
                        .status())
                .isEqualTo(201);
    }

    private static String batch(int records, Integer... bad) {
        return IntStream.range(0, records)
                .mapToObj(i -> "{\"i\":" + i + (List.of(bad).contains(i) ? ",\"bad\":true}" : "}"))
                .collect(Collectors.joining(","));
    }

    private List<String> letters() {
        return service.query("select source_offset, code, state from sluice.dead_letter order by source_offset");
    }

    private long takenRecords() {
        return taken.values().stream()
                .mapToLong(records -> records.split(" ").length)
                .sum();
    }

    @Test
    void findsTheRecordByHalvesBehindABuffer() {
        put("");
        buffer(batch(64, 13, 40));
        assertThat(letters()).containsExactly("13 422 open", "40 422 open");
        assertThat(takenRecords()).isEqualTo(62);
        // Each part is an intent of its own, so whoever repeats one repeats it under its key.
        assertThat(requests).contains("api/0/0-64", "api/0/0-32", "api/0/13-14", "api/0/40-41");
        client.snapshot("api", "0").has("nextOffset", 64);
    }

    @Test
    void findsTheRecordBehindABufferThoughAnEarlierTryMayHaveArrived() {
        put("");
        failing.put("api/0/0-64", 500);
        buffer(batch(64, 13));
        assertThat(letters()).containsExactly("13 422 open");
        assertThat(takenRecords()).isEqualTo(63);
        assertThat(requests).startsWith("api/0/0-64", "api/0/0-64", "api/0/0-32");
    }

    private void buffer(String records) {
        client.put(
                "/sinks/inbox",
                "{\"type\":\"batching\",\"target\":\"api\",\"batch-size\":64,\"flush-interval\":\"10ms\"}");
        client.batch("inbox", "0", 0, records).isWritten("committed");
        long all = records.split("},").length;
        await().atMost(Duration.ofMinutes(1))
                .until(() -> client.snapshot("inbox", "0")
                                .body()
                                .path("deliveredOffset")
                                .longValue()
                        == all);
    }

    @Test
    void takesTheTargetAtItsWord() {
        names = true;
        put("");
        buffer(batch(64, 0, 13, 63));
        assertThat(letters()).containsExactly("0 422 open", "13 422 open", "63 422 open");
        assertThat(requests).contains("api/0/0-1", "api/0/1-13", "api/0/13-14", "api/0/63-64");
        assertThat(takenRecords()).isEqualTo(61);
    }

    @Test
    void settlesWhatComesAloneAndRefusesTheRest() {
        put("");
        for (boolean named : new boolean[] {false, true}) {
            names = named;
            Answer refused = client.batch("api", "0", 0, batch(4, 1)).isProblem(422, "record-rejected");
            assertThat(refused.body().path("detail").stringValue()).contains("comes alone");
        }
        assertThat(letters()).isEmpty();
        assertThat(takenRecords()).isZero();
        oneByOne(4, 1);
        assertThat(letters()).containsExactly("1 422 open");
        assertThat(takenRecords()).isEqualTo(3);
        client.batch("api", "0", 0, batch(4, 1)).isWritten("duplicate").has("duplicates", 4);
    }

    private void oneByOne(int records, Integer... bad) {
        for (int i = 0; i < records; i++) {
            boolean refused = List.of(bad).contains(i);
            client.batch("api", "0", i, "{\"i\":" + i + (refused ? ",\"bad\":true}" : "}"))
                    .isWritten("committed")
                    .has("deadLettered", refused ? 1 : 0);
        }
    }

    @Test
    void keepsToTheBoundOfAllThatAreOpen() {
        put(",\"max-open\":1");
        oneByOne(3, 2);
        Answer refused = client.batch("api", "0", 3, "{\"bad\":true}").isProblem(422, "record-rejected");
        assertThat(refused.body().path("detail").stringValue()).contains("dead-letters.max-open=1");
        client.snapshot("api", "0").has("nextOffset", 3);
        client.post("/sinks/api/partitions/0/dead-letters/2/discard", Client.JSON, "{\"reason\":\"old\"}");
        client.batch("api", "0", 3, "{\"bad\":true}").isWritten("committed").has("deadLettered", 1);
        assertThat(takenRecords()).isEqualTo(2);
    }

    @Test
    void neverSettlesWhatIsTheTargetsFault() {
        put("");
        for (int status : new int[] {401, 404, 429, 500, 503}) {
            failing.put("api/0/0-1", status);
            assertThat(client.batch("api", "0", 0, "{\"bad\":true}").status()).isGreaterThanOrEqualTo(500);
            assertThat(letters()).isEmpty();
        }
        client.batch("api", "0", 0, "{\"bad\":true}").isWritten("committed").has("deadLettered", 1);
    }

    /** A target that is slow keeps the tasks of its own sink, one at a time, and no others. */
    @Test
    void keepsNoTaskOfAnotherSink() {
        put("");
        oneByOne(2, 0, 1);
        client.put("/sinks/rows", "{\"type\":\"table\",\"partitions\":[\"0\"],\"on-rejected\":\"dead-letter\"}");
        client.batch("rows", "0", 0, "\"\\u0000\"").has("deadLettered", 1);
        gate = new CountDownLatch(1);
        mended = true;
        int sent = requests.size();
        String slow = begun("/sinks/api/dead-letters/replay", 2);
        String next = begun("/sinks/api/dead-letters/replay", 2);
        await().until(() -> requests.size() > sent);
        String quick = begun("/sinks/rows/dead-letters/discard", 1);
        await().until(() -> state(quick).equals("done"));
        assertThat(service.query("select count(*) from sluice.dead_letter where sink = 'api' and state = 'sending'"))
                .containsExactly("1");
        client.method("DELETE", slow).has("state", "cancelled");
        gate.countDown();
        await().until(() -> state(next).equals("done"));
        assertThat(service.query("select state from sluice.dead_letter where sink = 'api'"))
                .containsExactly("replayed", "replayed");
        assertThat(taken).hasSize(2);
    }

    private String begun(String path, int expected) {
        return client.post(path, Client.JSON, "{\"reason\":\"mended\",\"expected\":" + expected + "}")
                .response()
                .headers()
                .firstValue("Location")
                .orElseThrow();
    }

    private String state(String task) {
        return client.get(task).text("state");
    }

    @Test
    void replaysUnderAKeyOfItsOwnOnce() {
        put("");
        oneByOne(4, 1);
        String letter = "/sinks/api/partitions/0/dead-letters/1";
        String why = "{\"reason\":\"mended\"}";
        client.post(letter + "/replay", Client.JSON, why).isProblem(422, "record-rejected");
        assertThat(letters()).containsExactly("1 422 open");
        failing.put("api/0/1-2/r2", 500);
        client.post(letter + "/replay", Client.JSON, why).isProblem(503, "outcome-unknown");
        assertThat(letters()).containsExactly("1 422 sending");
        // It may be there: neither may it be given up, nor be another record from now on.
        client.post(letter + "/discard", Client.JSON, why).isProblem(409, "dead-letter-changed");
        client.putWith(letter, Client.JSON, "{}", "If-Match", client.etag(letter))
                .isProblem(409, "dead-letter-changed");
        mended = true;
        client.post(letter + "/replay", Client.JSON, why).has("state", "replayed");
        assertThat(requests).endsWith("api/0/1-2/r1", "api/0/1-2/r2", "api/0/1-2/r2");
        client.post(letter + "/replay", Client.JSON, why).isProblem(409, "dead-letter-changed");
        assertThat(takenRecords()).isEqualTo(4);
    }

    @Test
    void staysUnderTheKeyThatTheTargetMayHaveTaken() {
        put("");
        oneByOne(4, 1);
        String letter = "/sinks/api/partitions/0/dead-letters/1";
        String why = "{\"reason\":\"mended\"}";
        mended = true;
        doneButFails = true;
        client.post(letter + "/replay", Client.JSON, why).isProblem(503, "outcome-unknown");
        doneButFails = false;
        // That the target takes nothing at the moment says nothing about what it has taken before.
        failing.put("api/0/1-2/r1", 503);
        assertThat(client.post(letter + "/replay", Client.JSON, why).status()).isEqualTo(503);
        assertThat(letters()).containsExactly("1 422 sending");
        client.post(letter + "/replay", Client.JSON, why).has("state", "replayed");
        assertThat(requests).endsWith("api/0/1-2/r1", "api/0/1-2/r1", "api/0/1-2/r1");
        assertThat(takenRecords()).isEqualTo(4);
    }

    @Test
    void isSentAgainWhereNobodyCouldKeepThatItHasArrived() {
        put("");
        oneByOne(2, 1);
        mended = true;
        service.execute("""
                create function sluice.refuse() returns trigger language plpgsql as
                    $$begin raise exception 'no space left on device' using errcode = '53100'; end$$;
                create trigger refused before update on sluice.dead_letter for each row
                    when (new.state = 'replayed') execute function sluice.refuse()""");
        String replay = "/sinks/api/partitions/0/dead-letters/1/replay";
        String why = "{\"reason\":\"mended\"}";
        assertThat(client.post(replay, Client.JSON, why).status()).isEqualTo(503);
        assertThat(letters()).containsExactly("1 422 sending");
        service.execute("drop trigger refused on sluice.dead_letter");
        await().until(() -> client.post(replay, Client.JSON, why).text("state").equals("replayed"));
        assertThat(requests.stream().filter("api/0/1-2/r1"::equals)).hasSize(2);
        assertThat(takenRecords()).isEqualTo(2);
    }

    @Test
    void isSentByOneOperatorAtATime() {
        put("");
        oneByOne(2, 1);
        String replay = "/sinks/api/partitions/0/dead-letters/1/replay";
        String why = "{\"reason\":\"mended\"}";
        mended = true;
        gate = new CountDownLatch(1);
        CompletableFuture<Answer> first = client.postAsync(replay, Client.JSON, why);
        await().until(() -> requests.contains("api/0/1-2/r1"));
        client.post(replay, Client.JSON, why).isProblem(409, "dead-letter-changed");
        gate.countDown();
        first.join().has("state", "replayed");
        assertThat(requests.stream().filter("api/0/1-2/r1"::equals)).hasSize(1);
        assertThat(takenRecords()).isEqualTo(2);
    }

    @Test
    void replaysManyAsATask() {
        put("");
        oneByOne(16, 1, 5, 9);
        mended = true;
        Answer begun =
                client.post("/sinks/api/dead-letters/replay", Client.JSON, "{\"reason\":\"mended\",\"expected\":3}");
        assertThat(begun.status()).isEqualTo(202);
        String task = begun.response().headers().firstValue("Location").orElseThrow();
        await().until(() -> client.get(task).body().path("state").stringValue().equals("done"));
        client.get(task).has("done", 3);
        assertThat(takenRecords()).isEqualTo(16);
    }

    @Test
    void isRefusedWhereARepetitionIsNotRecognised() {
        for (String settings : List.of(
                "\"on-rejected\":\"dead-letter\"",
                "\"on-rejected\":\"dead-letter\",\"target-honours-key\":true,\"envelope\":\"sluice\"")) {
            client.put(
                            "/sinks/other",
                            "{\"type\":\"http\",\"partitions\":[\"0\"],\"url\":\"http://127.0.0.1:1/x\"," + settings
                                    + "}")
                    .isProblem(422, "invalid-definition");
        }
    }
}
