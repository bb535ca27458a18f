package dev.sluice.scenario.hostile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.scenario.Client;
import dev.sluice.scenario.InProcess;
import dev.sluice.scenario.RawConnection;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What attackers send by hand; {@link GeneratedHttpIT} has the combinations. */
class HostileHttpIT {

    private static final String GET = "GET /sinks/hostile HTTP/1.1\r\nHost: localhost\r\n\r\n";
    private static final String MEGABYTES = "x".repeat(3 << 20);

    private static InProcess service;
    private static Client client;
    private static Described described;

    private final List<RawConnection> connections = new ArrayList<>();

    @BeforeAll
    static void start() throws IOException {
        described = new Described();
        service = InProcess.start(
                "sluice.sinks.hostile.type=table",
                "sluice.sinks.hostile.partitions=0,1,2,3,4,5,smuggled",
                "sluice.limits.body-size=64KB",
                "sluice.limits.read-deadline=2s",
                "server.tomcat.connection-timeout=1s",
                "sluice.admission.max-requests=8",
                "sluice.lanes.max-parked=3");
        client = service.client();
    }

    @AfterEach
    void neverTakesBodiesForRequests() throws IOException {
        for (RawConnection connection : connections) {
            connection.close();
        }
        client.snapshot("hostile", "smuggled").has("nextOffset", 0);
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    private static String head(String target, String... headers) {
        return "POST " + target + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-ndjson\r\n"
                + String.join("", Stream.of(headers).map(line -> line + "\r\n").toList()) + "\r\n";
    }

    private static String batch(int partition, String... headers) {
        return head(Client.partition("hostile", "" + partition) + "?offset=0", headers);
    }

    private static List<WireAnswer> tell(String... requests) throws IOException {
        List<WireAnswer> answers = WireAnswer.split(
                Wire.tell(client.port(), List.of(requests)), Collections.nCopies(requests.length, false));
        for (WireAnswer answer : answers) {
            assertThat(answer.status()).as(answer.text()).isNotIn(500, 502, 503);
        }
        return answers;
    }

    static List<Arguments> refused() {
        String chunked = "Transfer-Encoding: chunked";
        String smuggled = Mutations.SMUGGLED;
        String length = "Content-Length: " + smuggled.length();
        return List.of(
                Arguments.of("two lengths", batch(0, "Content-Length: 0", length) + smuggled, 400),
                Arguments.of("a list of lengths", batch(0, "Content-Length: 0, " + smuggled.length()) + smuggled, 400),
                Arguments.of("a negative length", batch(0, "Content-Length: -1") + smuggled, 400),
                Arguments.of(
                        "a length with its sign", batch(0, "Content-Length: +" + smuggled.length()) + smuggled, 400),
                Arguments.of(
                        "a length beyond 64 bits", batch(0, "Content-Length: 18446744073709551616") + smuggled, 400),
                Arguments.of("chunked, identity", batch(0, "Transfer-Encoding: chunked, identity") + smuggled, 400),
                Arguments.of("another coding", batch(0, "Transfer-Encoding: gzip, chunked") + smuggled, 501),
                Arguments.of("no coding", batch(0, "Transfer-Encoding: xchunked") + smuggled, 501),
                Arguments.of("a chunk size of 17 digits", batch(0, chunked) + "10000000000000000\r\n" + smuggled, 400),
                Arguments.of("a negative chunk size", batch(0, chunked) + "-1\r\n" + smuggled, 400),
                Arguments.of("a chunk size of hexadecimal's mark", batch(0, chunked) + "0x1\r\n" + smuggled, 400),
                Arguments.of("chunks that end elsewhere", batch(0, chunked) + "1\r\n1XX" + smuggled, 400),
                Arguments.of("an extension of megabytes", batch(0, chunked) + "1;x=" + MEGABYTES + "\r\n", 400),
                Arguments.of("trailers of megabytes", batch(0, chunked) + "0\r\nX: " + MEGABYTES + "\r\n\r\n", 400),
                Arguments.of("a header of 64 KB", batch(0, "X: " + "y".repeat(65_536)), 400),
                Arguments.of("a line of 64 KB", head("/sinks?" + "y".repeat(65_536)), 400),
                Arguments.of(
                        "10,000 headers",
                        batch(
                                0,
                                IntStream.range(0, 10_000)
                                        .mapToObj(i -> "X" + i + ": y")
                                        .toArray(String[]::new)),
                        400),
                Arguments.of("a header without a name", batch(0, ": x"), 400),
                Arguments.of("a blank before the colon", batch(0, "Transfer-Encoding : chunked") + smuggled, 400),
                Arguments.of("NUL in a name", batch(0, "X\u0000: y"), 400),
                Arguments.of("NUL in a value", batch(0, "X: \u0000"), 400),
                Arguments.of("CR in a value", batch(0, "X: y\rTransfer-Encoding: chunked"), 400),
                Arguments.of("no Host", "GET /sinks HTTP/1.1\r\n\r\n", 400),
                Arguments.of("two of Host", "GET /sinks HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n", 400),
                Arguments.of(
                        "another host as target", "GET http://evil.example/ HTTP/1.1\r\nHost: localhost\r\n\r\n", 400),
                Arguments.of("an authority for target", "GET localhost:80 HTTP/1.1\r\nHost: localhost\r\n\r\n", 400),
                Arguments.of(
                        "a slash that is encoded", "GET /sinks%2fhostile HTTP/1.1\r\nHost: localhost\r\n\r\n", 400),
                Arguments.of("NUL that is encoded", "GET /sinks/%00 HTTP/1.1\r\nHost: localhost\r\n\r\n", 400),
                Arguments.of("a way out", "GET /sinks/../../etc HTTP/1.1\r\nHost: localhost\r\n\r\n", 400),
                Arguments.of("bytes of a path", "GET /sinks/\u00ff HTTP/1.1\r\nHost: localhost\r\n\r\n", 400),
                Arguments.of("a UTF-8 that is too long", "GET /sinks/%c0%af HTTP/1.1\r\nHost: localhost\r\n\r\n", 400),
                Arguments.of("parameters of a path", "GET /sinks/..;/x HTTP/1.1\r\nHost: localhost\r\n\r\n", 400),
                Arguments.of("another expectation", batch(0, "Expect: a-miracle", "Content-Length: 0"), 417));
    }

    /** And the connection ends, or else what comes next is answered. */
    @ParameterizedTest(name = "{0}")
    @MethodSource
    void refused(String name, String request, int status) throws IOException {
        List<WireAnswer> answers = tell(request, GET);
        assertThat(answers).as(name).isNotEmpty();
        assertThat(answers.get(0).status()).as(answers.get(0).text()).isEqualTo(status);
        described.check(answers.get(0), described.ofAnyRequest());
        if (answers.size() > 1) {
            assertThat(answers).hasSize(2);
            assertThat(answers.get(1).status()).isEqualTo(200);
        }
        client.snapshot("hostile", "0").has("nextOffset", 0);
    }

    @Test
    void endsWhereLengthAndChunksContradictEachOther() throws IOException {
        String body = "2\r\n1\n\r\n0\r\n\r\n" + Mutations.SMUGGLED;
        List<WireAnswer> answers =
                tell(batch(1, "Content-Length: " + body.length(), "Transfer-Encoding: chunked") + body, GET);
        // By its chunks it is a batch; behind them nothing counts.
        assertThat(answers)
                .singleElement()
                .satisfies(answer -> assertThat(answer.status()).isEqualTo(200));
    }

    static List<Arguments> unread() {
        String many = Mutations.SMUGGLED.repeat(1_000);
        String blank = "\n".repeat(70_000);
        return List.of(
                Arguments.of(
                        404, head("/sinks/nowhere/partitions/0?offset=0", "Content-Length: " + many.length()), many),
                Arguments.of(404, head("/nothing", "Content-Length: " + many.length()), many),
                Arguments.of(405, head("/sinks/hostile", "Content-Length: " + many.length()), many),
                Arguments.of(413, batch(0, "Content-Length: " + (blank + many).length()), blank + many),
                Arguments.of(421, batch(0, "Origin: https://evil.example", "Content-Length: " + many.length()), many),
                Arguments.of(428, head(Client.partition("hostile", "0"), "Content-Length: " + many.length()), many),
                Arguments.of(
                        404,
                        head("/sinks/nowhere/partitions/0?offset=0", "Transfer-Encoding: chunked"),
                        Draft.chunks(many, 100, 5_000) + "0\r\n\r\n"),
                // More than is thrown away.
                Arguments.of(404, head("/nothing", "Content-Length: 20000000"), many.repeat(20)));
    }

    @ParameterizedTest
    @MethodSource
    void unread(int status, String head, String body) throws IOException {
        List<WireAnswer> answers = tell(head + body, GET);
        assertThat(answers.get(0).status()).as(answers.get(0).text()).isEqualTo(status);
        assertThat(answers.size()).isLessThanOrEqualTo(2);
        if (answers.size() == 2) {
            assertThat(answers.get(1).status()).isEqualTo(200);
        }
    }

    @Test
    void takesNothingOfABodyThatWasRefusedForLackOfAPlace() throws IOException {
        for (int i = 2; i < 6; i++) {
            connect().head("hostile", "" + i, "Content-Length: 100\r\n");
        }
        await().untilAsserted(() -> assertThat(client.get("/actuator/metrics/sluice.admission.requests")
                        .body()
                        .at("/measurements/0/value")
                        .intValue())
                .isEqualTo(4));
        String body = Mutations.SMUGGLED.repeat(100);
        List<WireAnswer> answers = tell(batch(0, "Content-Length: " + body.length()) + body, GET);
        assertThat(answers.stream().map(WireAnswer::status)).containsExactly(429, 200);
    }

    @Test
    void answersEachOfAHundredAndNoneAfterAnError() throws IOException {
        List<String> requests = new ArrayList<>(Collections.nCopies(50, GET));
        requests.add("GET /sinks HTTP/1.1\r\nHost: localhost\r\nX: \u0000\r\n\r\n");
        requests.addAll(Collections.nCopies(49, Mutations.SMUGGLED));
        List<WireAnswer> answers = tell(requests.toArray(String[]::new));
        assertThat(answers).hasSize(51);
        assertThat(answers.subList(0, 50))
                .allSatisfy(answer -> assertThat(answer.status()).isEqualTo(200));
        assertThat(answers.get(50).status()).isEqualTo(400);
        assertThat(answers.get(50).header("connection")).isEqualTo("close");
    }

    @Test
    void writesNothingOfARequestThatEndsAnywhere() throws IOException {
        String request = head(Client.partition("hostile", "0"), "Transfer-Encoding: chunked")
                        .replace("application/x-ndjson", Client.JSON)
                + Draft.chunks(Client.dense(0, "1,2"), 10) + "0\r\n\r\n";
        // Its end alone may be missing from what is complete: the batch has its brackets, but not the body its last
        // chunk.
        for (int end = 1; end < request.length() - "\r\n\r\n".length(); end++) {
            Wire.breakOff(client.port(), request.substring(0, end));
            List<WireAnswer> answers = tell(request.substring(0, end));
            assertThat(answers.size()).as("after %s bytes", end).isLessThanOrEqualTo(1);
            assertThat(answers).allSatisfy(answer -> assertThat(answer.status()).isBetween(400, 499));
        }
        client.snapshot("hostile", "0").has("nextOffset", 0);
    }

    @Test
    void doesNotChangeTheProtocol() throws IOException {
        for (String upgrade : List.of("h2c", "websocket", "TLS/1.2", "HTTP/2.0, h2c")) {
            assertThat(tell(
                            "GET /sinks/hostile HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade, HTTP2-Settings\r\n"
                                    + "HTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA\r\nUpgrade: " + upgrade + "\r\n\r\n",
                            GET))
                    .as(upgrade)
                    .hasSize(2)
                    .allSatisfy(answer -> assertThat(answer.status()).isEqualTo(200));
        }
    }

    /* By its preface a client says that it speaks HTTP/2 and nothing else: there is nothing to say to it. */
    @Test
    void hangsUpOnHttp2() throws IOException {
        assertThat(tell("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", GET)).isEmpty();
    }

    @Test
    void refusesWhoExpectsToBeAskedBeforeTheBody() throws IOException {
        for (String target : List.of("/nothing", "/sinks/nowhere/partitions/0?offset=0")) {
            RawConnection connection = connect()
                    .send(head(target, "Expect: 100-continue", "Content-Length: " + Mutations.SMUGGLED.length()));
            assertThat(connection.answer()).startsWith("HTTP/1.1 404");
            // Who was not asked may send the body all the same, or go on with the next request.
            connection.send(Mutations.SMUGGLED);
            connection.send(GET);
            connection.close();
        }
    }

    @Test
    void servesOthersWhileManyAreSlow() throws IOException {
        for (int i = 0; i < 100; i++) {
            connect().send("GET /sinks HTTP/1.1\r\nHost: local");
        }
        for (int i = 0; i < 50; i++) {
            connect().send(head("/sinks/hostile/infer", "Content-Length: 1000") + "1");
        }
        for (int i = 0; i < 50; i++) {
            Socket socket = new Socket();
            socket.setReceiveBufferSize(4_096);
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), client.port()));
            RawConnection reader = new RawConnection(socket);
            connections.add(reader);
            reader.send("GET /openapi.yaml HTTP/1.1\r\nHost: localhost\r\n\r\n".repeat(20));
        }
        long begin = System.nanoTime();
        client.snapshot("hostile", "0").has("nextOffset", 0);
        client.batch("hostile", "5", 0, "1").isWritten("committed");
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(10));
        // Whoever sends nothing more is hung up on.
        for (RawConnection connection : connections.subList(0, 150)) {
            assertThat(connection.untilEnd()).doesNotContain("HTTP/1.1 2");
        }
        client.snapshot("hostile", "5").has("nextOffset", 1);
    }

    private RawConnection connect() throws IOException {
        RawConnection connection = new RawConnection(client.port());
        connections.add(connection);
        return connection;
    }
}
