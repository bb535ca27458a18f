package dev.sluice.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.sluice.postgres.PostgresForTests;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Over TLS everything is as it is without, on both ports. */
class TlsIT {

    private static final CertificateAuthority AUTHORITY = new CertificateAuthority("test");
    private static final SSLContext TLS = AUTHORITY.client();

    @TempDir
    private static Path directory;

    private static InProcess service;
    private static int port;
    private static String key;
    private static Client admin;

    @BeforeAll
    static void start() throws IOException {
        Path file = directory.resolve("administrator.key");
        PemFiles files = new PemFiles(directory).write(AUTHORITY.server());
        service = InProcess.on(
                PostgresForTests.freshDatabase(),
                List.of(),
                "sluice.keys.administrator-file=" + file,
                "spring.ssl.bundle.pem.web.keystore.certificate=" + files.certificate(),
                "spring.ssl.bundle.pem.web.keystore.private-key=" + files.key(),
                "server.ssl.bundle=web",
                "server.http2.enabled=true",
                "server.address=0.0.0.0",
                "management.server.port=0",
                "sluice.security.allowed-hosts=localhost,my_service",
                "sluice.admission.max-requests=8",
                "sluice.admission.slow-after=300ms",
                "sluice.admission.max-slow=2",
                "sluice.lanes.max-parked=3",
                "sluice.sinks.rows.type=table",
                "sluice.sinks.rows.partitions=0,1,2,3,4,5,6,7");
        port = Integer.parseInt(service.property("local.server.port"));
        key = Files.readString(file).strip();
        admin = Client.over(TLS, port).as(key);
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    private static Client management() {
        return Client.over(TLS, Integer.parseInt(service.property("local.management.port")));
    }

    private static double gauge(String name) {
        return management()
                .as(key)
                .get("/actuator/metrics/sluice.admission." + name)
                .body()
                .at("/measurements/0/value")
                .doubleValue();
    }

    static Stream<Supplier<Client>> protocols() {
        return Stream.of(() -> Client.over(TLS, port), () -> Client.http2(TLS, port));
    }

    @ParameterizedTest
    @MethodSource("protocols")
    void takesBatchesTheShortWayAndTheOther(Supplier<Client> protocol) {
        Client client = protocol.get().as(key);
        long next = client.snapshot("rows", "0").number("nextOffset");
        Answer written = client.batch("rows", "0", next, "1,2").isWritten("committed");
        client.batch("rows", "0", next, "1,2").isWritten("duplicate");
        client.post("/sinks/%72ows/partitions/0?offset=" + next, Client.NDJSON, "1\n2\n3\n")
                .isWritten("trimmed");
        String large = ("\"" + "x".repeat(1_000) + "\"\n").repeat(20_000);
        client.post("/sinks/rows/partitions/0?offset=" + (next + 3), Client.NDJSON, large)
                .isWritten("committed");
        client.batch("rows", "0", next + 90_000, "1").isProblem(409, "offset-gap");
        client.as("nonsense").batch("rows", "0", next, "1,2").isProblem(401, "unauthenticated");
        assertThat(written.response().sslSession()).isPresent();
    }

    @Test
    void speaksHttp2WhereItIsSwitchedOn() {
        assertThat(Client.http2(TLS, port).get("/openapi.yaml").response().version())
                .isEqualTo(HttpClient.Version.HTTP_2);
    }

    @Test
    void answersToItsNamesOnly() throws IOException {
        String request = "GET /sinks HTTP/1.1\r\nAuthorization: Bearer " + key + "\r\nConnection: close\r\nHost: ";
        try (RawConnection own = RawConnection.over(TLS, port);
                RawConnection other = RawConnection.over(TLS, port)) {
            assertThat(own.send(request + "my_service:8443\r\n\r\n").answer()).startsWith("HTTP/1.1 200");
            assertThat(other.send(request + "evil.example.com\r\nX-Forwarded-Host: localhost\r\n\r\n")
                            .answer())
                    .startsWith("HTTP/1.1 421");
        }
    }

    @Test
    void refusesBeforeTheBody() throws IOException {
        try (RawConnection connection = RawConnection.over(TLS, port)) {
            assertThat(connection
                            .head("rows", "1", "Content-Length: 100000000\r\nExpect: 100-continue\r\n")
                            .answer())
                    .startsWith("HTTP/1.1 401");
        }
    }

    @Test
    void cutsOffWhoSendsTooSlowly() throws IOException {
        List<RawConnection> senders = new ArrayList<>();
        for (int i = 2; i < 6; i++) {
            senders.add(RawConnection.over(TLS, port)
                    .head("rows", "" + i, "Content-Length: 1000\r\nAuthorization: Bearer " + key + "\r\n"));
        }
        await().untilAsserted(() -> assertThat(gauge("slow")).isEqualTo(2));
        admin.batch("rows", "6", 0, "1").isWritten("committed");
        List<RawConnection> cut = new ArrayList<>();
        await().pollInterval(Duration.ofMillis(100)).untilAsserted(() -> {
            for (RawConnection sender : senders) {
                if (!cut.contains(sender) && sender.isQuietFor(Duration.ofMillis(20))) {
                    sender.send("\n");
                } else if (!cut.contains(sender)) {
                    cut.add(sender);
                }
            }
            assertThat(cut).hasSize(2);
        });
        for (RawConnection sender : cut) {
            // Its first byte has been read.
            assertThat(sender.untilEnd())
                    .startsWith("TTP/1.1 408")
                    .contains("/problems/request-timeout", "Connection: close");
        }
        senders.removeAll(cut);
        for (RawConnection sender : senders) {
            sender.send("1" + "\n".repeat(999));
            assertThat(sender.answer()).startsWith("HTTP/1.1 200");
            sender.close();
        }
        await().untilAsserted(() -> assertThat(gauge("slow")).isZero());
    }

    @Test
    void showsRecordsAsTheyArrive() throws IOException {
        admin.batch("rows", "7", 0, "7").isWritten("committed");
        try (Tail tail = Tail.of(
                TLS.getSocketFactory().createSocket("localhost", port),
                "/sinks/rows/partitions/7/tail?from=0",
                "Authorization",
                "Bearer " + key)) {
            tail.expect("begun", -1, "{\"from\":0}");
            tail.expect("record", 0, "{\"offset\":0,\"value\":7}");
            admin.batch("rows", "7", 1, "8").isWritten("committed");
            tail.expect("record", 1, "{\"offset\":1,\"value\":8}");
        }
    }

    @Test
    void guardsThePortOfActuatorAsWell() {
        management().get("/actuator/prometheus").isProblem(401, "unauthenticated");
        assertThat(management().get("/actuator/health").text("status")).isEqualTo("UP");
        assertThat(management()
                        .as(key)
                        .get("/actuator")
                        .body()
                        .at("/_links/health/href")
                        .stringValue())
                .startsWith("https://localhost:");
        assertThat(management().as(key).get("/actuator/info").body().has("durability"))
                .isTrue();
    }

    @Test
    void tellsHowLongItsCertificateIsValid() {
        assertThat(Scrape.of(management().as(key)).one("ssl_chain_expiry_seconds", "bundle=web"))
                .isBetween(29 * 86_400.0, 30 * 86_400.0);
        assertThat(management()
                        .as(key)
                        .get("/actuator/health/ssl")
                        .body()
                        .at("/details/validChains/0/certificates/0/subject")
                        .stringValue())
                .isEqualTo("CN=sluice");
    }

    @Test
    void doesNothingForWhoSpeaksWithoutIt() throws IOException {
        for (String name : List.of("local.server.port", "local.management.port")) {
            try (RawConnection plain = new RawConnection(Integer.parseInt(service.property(name)))) {
                assertThat(plain.send("GET /openapi.yaml HTTP/1.1\r\nHost: localhost\r\n\r\n")
                                .answer())
                        .startsWith("HTTP/1.1 400")
                        .doesNotContain("openapi");
            }
        }
    }

    @Test
    void isRefusedByWhoDoesNotKnowItsAuthority() {
        Client stranger = Client.over(new CertificateAuthority("test").client(), port);
        assertThatThrownBy(() -> stranger.get("/openapi.yaml")).isInstanceOf(UncheckedIOException.class);
    }
}
