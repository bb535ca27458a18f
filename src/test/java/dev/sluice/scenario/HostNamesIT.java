package dev.sluice.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Under which names the service can be reached, and who may ask for its health by address. */
class HostNamesIT {

    @TempDir
    static Path directory;

    private static InProcess service;

    @BeforeAll
    static void start() {
        service = InProcess.start(
                "sluice.security.allowed-hosts=my_service,Sluice.example.com,::1,[fe80::1],127.0.0.1",
                "sluice.sinks.events.type=table",
                "sluice.sinks.events.partitions=0",
                "sluice.sinks.archive.type=file",
                "sluice.sinks.archive.partitions=0",
                "sluice.sinks.archive.directory=" + directory.resolve("files"));
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "my_service",
                "my_service:8080",
                "MY_Service.:8080",
                "sluice.example.com",
                "SLUICE.EXAMPLE.COM.",
                "sluice.example.com.:80",
                "[::1]",
                "[::1]:8080",
                "[0:0:0:0:0:0:0:1]:8080",
                "[fe80::1%25eth0]:8080",
                "[fe80::1%eth0]",
                "[FE80::1]",
                "127.0.0.1.:80",
            })
    void answersToItsNamesHoweverTheyAreWritten(String name) throws IOException {
        assertThat(get("/sinks/events", "Host: " + name + "\r\n")).startsWith("HTTP/1.1 200");
        assertThat(get("/sinks/events", "Host: 127.0.0.1\r\nOrigin: http://" + name + "\r\n"))
                .startsWith("HTTP/1.1 200");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "my-service",
                "myxservice",
                "my_service.evil.example",
                "evil.example",
                "evil_host:8080",
                "[::2]",
                "[fe80::2%25eth0]",
                "10.1.2.3:8080",
            })
    void refusesEveryOtherName(String name) throws IOException {
        assertThat(get("/sinks/events", "Host: " + name + "\r\n"))
                .startsWith("HTTP/1.1 421")
                .contains("sluice.security.allowed-hosts");
        assertThat(get("/sinks/events", "Host: 127.0.0.1\r\nOrigin: http://" + name + "\r\n"))
                .startsWith("HTTP/1.1 421");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "http://",
                "my_service",
                "http://my_service@evil.example",
                "http://evil.example#my_service"
            })
    void refusesOriginsThatNameNoHostOfItsOwn(String origin) throws IOException {
        assertThat(get("/sinks/events", "Host: 127.0.0.1\r\nOrigin: " + origin + "\r\n"))
                .startsWith("HTTP/1.1 421");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a b", "my_service:8o", "[::1", "[::1]%eth0", "a..b", "ü"})
    void refusesWhatIsNoHostName(String name) throws IOException {
        assertThat(get("/sinks/events", "Host: " + name + "\r\n"))
                .startsWith("HTTP/1.1 400")
                .contains("application/problem+json", "Host");
    }

    @Test
    void tellsThatTheHostHeaderIsMissing() throws IOException {
        assertThat(raw("GET /sinks HTTP/1.0\r\n\r\n"))
                .contains(" 421 ")
                .contains("has no Host header")
                .contains("Host: my_service");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/actuator/health/liveness", "/actuator/health/readiness"})
    void tellsProbesByAddressItsStatusAndNothingElse(String path) throws IOException {
        for (String host : new String[] {"Host: 10.42.0.17:8080\r\n", "Host: pod_7.ns\r\n", "Host:\r\n"}) {
            assertThat(get(path, host)).startsWith("HTTP/1.1 200").endsWith("\r\n\r\n{\"status\":\"UP\"}");
        }
        assertThat(raw("GET " + path + " HTTP/1.0\r\n\r\n")).contains(" 200 ").endsWith("{\"status\":\"UP\"}");
        assertThat(raw("HEAD " + path + " HTTP/1.0\r\n\r\n")).contains(" 200 ").endsWith("\r\n\r\n");
        assertThat(raw("HEAD " + path + " HTTP/1.1\r\nHost: 10.42.0.17\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 200")
                .endsWith("\r\n\r\n");
        assertThat(get(path, "Host: 127.0.0.1\r\n")).startsWith("HTTP/1.1 200");
    }

    @Test
    void tellsProbesByAddressThatItIsNotReadyWithoutTheReason() throws IOException {
        Path files = directory.resolve("files");
        Path elsewhere = Files.move(files, directory.resolve("elsewhere"));
        try {
            assertThat(get("/actuator/health/readiness", "Host: 10.42.0.17:8080\r\n"))
                    .startsWith("HTTP/1.1 503")
                    .endsWith("\r\n\r\n{\"status\":\"DOWN\"}");
            assertThat(get("/actuator/health/readiness", "Host: 127.0.0.1\r\n"))
                    .startsWith("HTTP/1.1 503")
                    .contains("is not a directory");
        } finally {
            Files.move(elsewhere, files);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /actuator/health",
                "GET /actuator/health/storage",
                "GET /actuator/health/readiness/",
                "GET /actuator/health/readiness/spool",
                "GET /actuator/health/../health",
                "GET /actuator/info",
                "GET /actuator/metrics",
                "GET /actuator/prometheus",
                "GET /sinks",
                "POST /actuator/health/liveness",
                "DELETE /sinks/events",
            })
    void refusesEverythingElseByAddress(String request) throws IOException {
        assertThat(raw(request + " HTTP/1.1\r\nHost: 10.42.0.17:8080\r\nConnection: close\r\n\r\n"))
                .contains(" 421 ");
        assertThat(raw(request + " HTTP/1.0\r\n\r\n")).contains(" 421 ");
    }

    @Test
    void refusesProbesThatAPageSends() throws IOException {
        assertThat(get("/actuator/health/liveness", "Host: 10.42.0.17\r\nOrigin: http://10.42.0.17\r\n"))
                .startsWith("HTTP/1.1 421");
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost:8080", "http://localhost", "*.example.com", "[::1]:80", "a b", "mü"})
    void refusesToStartOnNamesThatNoHostHeaderCouldCarry(String name) {
        assertThatThrownBy(() -> InProcess.start("sluice.security.allowed-hosts=localhost," + name)
                        .close())
                .rootCause()
                .hasMessageContaining("sluice.security.allowed-hosts")
                .hasMessageContaining(name);
    }

    private static String get(String path, String headers) throws IOException {
        return raw("GET " + path + " HTTP/1.1\r\n" + headers + "Connection: close\r\n\r\n");
    }

    private static String raw(String request) throws IOException {
        try (RawConnection connection = new RawConnection(service.client().port())) {
            return connection.send(request).untilEnd();
        }
    }
}
