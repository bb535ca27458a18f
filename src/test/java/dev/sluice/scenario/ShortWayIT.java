package dev.sluice.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Batches with a plain path go past the framework, those with an encoded one through it: to the same answers. */
class ShortWayIT {

    private static InProcess service;
    private static Client client;

    @BeforeAll
    static void start() {
        service = InProcess.start(
                "sluice.sinks.events.type=table",
                "sluice.sinks.events.partitions=0,1,opened,a:b,x@y",
                "sluice.limits.body-size=64KB",
                "server.http2.enabled=true",
                "management.endpoints.web.exposure.include=health,metrics");
        client = service.client();
        client.open("events", "opened", "{\"owner\":\"a\"}");
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    static Stream<Arguments> requests() {
        return Stream.of(
                Arguments.of("0", "?offset=0", Client.JSON, "[1, 2]", 200),
                Arguments.of("0", "?offset=9", Client.JSON, "[1]", 409),
                Arguments.of("0", "?offset=0", Client.JSON, "[1, 7]", 422),
                Arguments.of("0", "", Client.JSON, "[1]", 428),
                Arguments.of("opened", "?offset=0", Client.JSON, "[1]", 428),
                Arguments.of("nowhere", "?offset=0", Client.JSON, "[1]", 404),
                Arguments.of("0", "?offset=0", "text/plain", "[1]", 415),
                Arguments.of("0", "?offset=0&dryrun=true", Client.JSON, "[1]", 400),
                Arguments.of("0", "?offset=0", Client.JSON, "[1,", 400),
                Arguments.of("0", "?offset=0", Client.JSON, "[\"" + "x".repeat(70_000) + "\"]", 413),
                Arguments.of("0", "?offset=2&dryRun=true", Client.JSON, "[\"\\u0000\"]", 422));
    }

    @ParameterizedTest
    @MethodSource("requests")
    void answersTheSameBothWays(String partition, String query, String type, String body, int status) {
        String[] trace = {"traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"};
        Answer plain = client.post("/sinks/events/partitions/" + partition + query, type, body, trace);
        Answer encoded = client.post("/sinks/%65vents/partitions/" + partition + query, type, body, trace);
        assertThat(plain.status()).as(plain.body().toString()).isEqualTo(status);
        assertThat(encoded.status()).isEqualTo(status);
        if (status != 200) {
            assertThat(encoded.body()).isEqualTo(plain.body());
        }
        for (String header : List.of("Content-Type", "Retry-After", "Sluice-Trace-Id")) {
            assertThat(encoded.response().headers().firstValue(header))
                    .isEqualTo(plain.response().headers().firstValue(header));
        }
    }

    @ParameterizedTest
    @MethodSource("unusualPaths")
    void takesTheLongWayWithAnUnusualPath(String path, int status) {
        assertThat(client.post(path + "?offset=0", Client.JSON, "[1]").status()).isEqualTo(status);
    }

    static Stream<Arguments> unusualPaths() {
        return Stream.of(
                Arguments.of("/sinks/events/partitions/a:b", 200),
                Arguments.of("/sinks/events/partitions/x%40y", 200),
                Arguments.of("/sinks/events/partitions/1/", 404),
                Arguments.of("/sinks/events/partitions/", 404),
                Arguments.of("/sinks//partitions/1", 404),
                Arguments.of("/sinks/events/partitions/1;a=b", 400),
                Arguments.of("/sinks/other/partitions/1", 404));
    }

    @Test
    void refusesAHostItDoesNotAnswerTo() {
        client.post("/sinks/events/partitions/1?offset=0", Client.JSON, "[1]", "Origin", "http://evil.example")
                .isProblem(421, "unknown-host");
    }

    @Test
    void speaksHttp2InClearTextWhereAskedTo() throws IOException, InterruptedException {
        HttpClient http2 =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build();
        HttpRequest request = HttpRequest.newBuilder(URI.create(
                        "http://localhost:" + client.port() + "/sinks/events/partitions/1?offset=0&dryRun=true"))
                .header("Content-Type", Client.JSON)
                .POST(HttpRequest.BodyPublishers.ofString("[]"))
                .build();
        http2.send(request, HttpResponse.BodyHandlers.ofString());
        HttpResponse<String> second = http2.send(request, HttpResponse.BodyHandlers.ofString());
        assertThat(second.version()).isEqualTo(HttpClient.Version.HTTP_2);
        assertThat(second.statusCode()).as(second.body()).isEqualTo(200);
    }

    @Test
    void countsWhatItAnswers() {
        client.post("/sinks/events/partitions/1?offset=0", Client.JSON, "[1]").isWritten("committed");
        client.post("/sinks/undefined-sink/partitions/1?offset=0", Client.JSON, "[1]")
                .isProblem(404, "unknown-sink");
        Answer answer = client.get("/actuator/metrics/sluice.batches");
        assertThat(answer.body().toString())
                .contains("COUNT", "events", "200", "404")
                .doesNotContain("undefined-sink");
    }
}
