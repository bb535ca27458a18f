package dev.sluice.scenario;

import static dev.sluice.scenario.Client.JSON;
import static dev.sluice.scenario.Client.partition;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What HTTP itself can get wrong, and a fresh service without any configuration. */
class HttpFaceIT {

    private static InProcess service;
    private static Client client;

    @BeforeAll
    static void start() {
        service = InProcess.start("server.tomcat.connection-timeout=1s", "sluice.limits.read-deadline=2s");
        client = service.client();
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    @Test
    void offersASinkToTryWithoutAnyConfiguration() {
        client.batch("events", "3", 0, "{\"hello\":\"world\"}").isWritten("committed");
        assertThat(service.query("select data ->> 'hello' from events where partition_id = '3'"))
                .containsExactly("world");
    }

    @Test
    void tellsWrongRoutesAndMethodsAsProblems() {
        client.get("/nothing").isProblem(404, "not-found");
        client.get("/sinks/events/partitions/0/nothing").isProblem(404, "not-found");
        client.method("DELETE", "/sinks/events/partitions/0").isProblem(405, "method-not-allowed");
        assertThat(client.method("DELETE", "/sinks/events/partitions/0")
                        .response()
                        .headers()
                        .firstValue("Allow"))
                .hasValueSatisfying(allow -> assertThat(allow).contains("POST"));
        client.get("/error").isProblem(404, "not-found");
    }

    @Test
    void answersInJsonWhateverTheClientAccepts() {
        Answer answer = client.batch("events", "2", 0, "1", "Accept", "text/html");
        answer.isWritten("committed");
        client.batch("events", "2", 5, "1", "Accept", "text/html").isProblem(409, "offset-gap");
        client.get("/nowhere", "Accept", "image/png").isProblem(404, "not-found");
    }

    @Test
    void tellsWhatTomcatRefusesAsAProblem() throws IOException {
        assertThat(raw("GET /sinks/%2f HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 400")
                .contains("application/problem+json")
                .contains("\"retryable\":false");
        assertThat(raw("nonsense\r\n\r\n")).startsWith("HTTP/1.1 400").contains("application/problem+json");
    }

    @Test
    void refusesHostsAndOriginsThatItDoesNotGoBy() throws IOException {
        assertThat(raw("GET /sinks HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 421")
                .contains("sluice.security.allowed-hosts");
        assertThat(raw("GET /sinks HTTP/1.1\r\nHost: localhost:80\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 200");
        assertThat(raw("GET /sinks HTTP/1.1\r\nHost: [::1]:80\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 200");
        client.batch("events", "0", 0, "1", "Origin", "https://evil.example").isProblem(421, "unknown-host");
        client.snapshot("events", "0").has("nextOffset", 0);
    }

    @Test
    void writesNothingOfABodyThatBreaksOff() throws IOException {
        String head = "POST /sinks/events/partitions/1?offset=0 HTTP/1.1\r\nHost: localhost\r\n"
                + "Content-Type: application/x-ndjson\r\n";
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port())) {
            socket.getOutputStream()
                    .write((head + "Content-Length: 100\r\n\r\n1\n2\n3\n").getBytes(StandardCharsets.UTF_8));
            socket.shutdownOutput();
            assertThat(text(socket)).doesNotContain("committed");
        }
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port())) {
            socket.getOutputStream()
                    .write((head + "Transfer-Encoding: chunked\r\n\r\n6\r\n1\n2\n3\n\r\n")
                            .getBytes(StandardCharsets.UTF_8));
            socket.shutdownOutput();
            assertThat(text(socket)).doesNotContain("committed");
        }
        client.snapshot("events", "1").has("nextOffset", 0);
        assertThat(service.query("select count(*) from events where partition_id = '1'"))
                .containsExactly("0");
    }

    @Test
    void doesNotWaitForASlowBodyForEver() throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port())) {
            socket.getOutputStream()
                    .write(("POST /sinks/events/partitions/1?offset=0 HTTP/1.1\r\nHost: localhost\r\n"
                                    + "Content-Type: application/x-ndjson\r\nContent-Length: 100\r\n\r\n1\n")
                            .getBytes(StandardCharsets.UTF_8));
            assertThat(text(socket))
                    .startsWith("HTTP/1.1 408")
                    .contains("request-timeout", "sluice.limits.read-deadline");
        }
    }

    @Test
    void keepsAnIdleConnectionForLongerThanItWaitsForABody() throws IOException {
        String request = "GET /sinks/events HTTP/1.1\r\nHost: localhost\r\n\r\n";
        try (RawConnection connection = new RawConnection(port())) {
            assertThat(connection.send(request).answer()).startsWith("HTTP/1.1 200");
            assertThat(connection.isQuietFor(Duration.ofMillis(2_500))).isTrue();
            assertThat(connection.send(request).answer()).startsWith("HTTP/1.1 200");
        }
    }

    @Test
    void reportsHealthAndWhatAnAcknowledgementSurvives() {
        Answer health = client.get("/actuator/health");
        assertThat(health.status()).isEqualTo(200);
        assertThat(health.body()
                        .at("/components/sinks/components/events/status")
                        .stringValue())
                .isEqualTo("UP");
        assertThat(health.body().at("/components/storage/status").stringValue()).isEqualTo("UP");
        assertThat(client.get("/actuator/health/liveness").status()).isEqualTo(200);
        assertThat(client.get("/actuator/health/readiness").status()).isEqualTo(200);
        Answer info = client.get("/actuator/info");
        assertThat(info.body().at("/durability/fsync").stringValue()).isEqualTo("on");
        assertThat(client.get("/actuator/env").status()).isEqualTo(404);
        assertThat(client.get("/actuator/heapdump").status()).isEqualTo(404);
    }

    @Test
    void describesItselfInOpenApi() {
        Answer answer = client.get("/openapi.yaml");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(new String(answer.response().body(), StandardCharsets.UTF_8))
                .startsWith("openapi: 3.1")
                .contains("/sinks/{sink}/partitions/{partition}/open:");
    }

    @Test
    void refusesABodyThatIsNotCompressedAsItSays() {
        client.post(partition("events", "0"), JSON, "{", "Content-Encoding", "gzip")
                .isProblem(400, "malformed-batch");
    }

    private static int port() {
        return service.client().port();
    }

    private static String raw(String request) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port())) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
            return text(socket);
        }
    }

    private static String text(Socket socket) throws IOException {
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
}
