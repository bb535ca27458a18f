package dev.sluice.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.sluice.postgres.PostgresForTests;
import dev.sluice.scenario.CertificateAuthority.Issued;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** Certificates of an authority that is trusted say who sends a request, and a file what they may do. */
@ExtendWith(OutputCaptureExtension.class)
class ClientCertificatesIT {

    private static final String CLIENTS = """
            clients:
              - name: loader
                san: dns:loader.jobs.example.com
                grants:
                  - {sinks: orders, verbs: [write, read]}
              - name: watcher
                subject: "O=Example, CN=watcher"
                grants:
                  - {sinks: "*", verbs: [read]}
              - name: billing
                san: uri:spiffe://example.com/ns/jobs/sa/billing
                grants:
                  - {sinks: other, verbs: [write]}
              - name: both
                san: email:ops@example.com
                grants:
                  - {sinks: "*", verbs: [operate, admin]}
            """;

    private final CertificateAuthority servers = new CertificateAuthority("servers");
    private final CertificateAuthority clients = new CertificateAuthority("clients");

    @TempDir
    private Path directory;

    private Path mapping;
    private Path trusted;
    private String key;
    private InProcess service;
    private int port;

    @BeforeEach
    void start() throws IOException {
        Path keyFile = directory.resolve("keys").resolve("administrator.key");
        mapping = Files.writeString(directory.resolve("clients.yaml"), CLIENTS);
        trusted = Files.writeString(directory.resolve("ca.crt"), clients.pem());
        service = InProcess.on(
                PostgresForTests.freshDatabase(),
                List.of(),
                settings(
                        "sluice.keys.administrator-file=" + keyFile,
                        "sluice.sinks.orders.type=table",
                        "sluice.sinks.orders.partitions=0,1",
                        "sluice.sinks.other.type=table",
                        "sluice.sinks.other.partitions=0"));
        port = Integer.parseInt(service.property("local.server.port"));
        key = Files.readString(keyFile).strip();
    }

    @AfterEach
    void stop() {
        service.close();
    }

    private String[] settings(String... more) {
        PemFiles files = new PemFiles(directory).write(servers.server());
        Stream<String> all = Stream.of(
                "spring.ssl.bundle.pem.web.keystore.certificate=" + files.certificate(),
                "spring.ssl.bundle.pem.web.keystore.private-key=" + files.key(),
                "spring.ssl.bundle.pem.web.truststore.certificate=" + trusted,
                "spring.ssl.bundle.pem.web.reload-on-update=true",
                "spring.ssl.bundle.watch.file.quiet-period=20ms",
                "server.ssl.bundle=web",
                "server.ssl.client-auth=want",
                "sluice.certificates.file=" + mapping);
        return Stream.concat(
                        all.filter(setting ->
                                Stream.of(more).noneMatch(other -> name(other).equals(name(setting)))),
                        Stream.of(more))
                .toArray(String[]::new);
    }

    private static String name(String setting) {
        return setting.substring(0, setting.indexOf('='));
    }

    private Client with(Issued... shown) {
        return Client.over(servers.client(shown), port);
    }

    private Issued loader() {
        return clients.issue("CN=anything", "dns:LOADER.jobs.example.com");
    }

    @Test
    void mayDoWhatTheFileGrants() {
        Client loader = with(loader());
        loader.batch("orders", "0", 0, "1").isWritten("committed");
        loader.snapshot("orders", "0").has("nextOffset", 1);
        loader.batch("other", "0", 0, "1").isProblem(404, "unknown-sink");
        loader.put("/sinks/orders", "{}").isProblem(403, "forbidden");
        assertThat(loader.get("/sinks").body().path("sinks").size()).isEqualTo(1);

        Client watcher = with(clients.issue("O=Example,CN=watcher"));
        assertThat(watcher.get("/actuator/prometheus").status()).isEqualTo(200);
        Client billing = with(clients.issue("CN=x", "dns:a.b", "uri:spiffe://example.com/ns/jobs/sa/billing"));
        billing.batch("other", "0", 0, "1").isWritten("committed");
    }

    @Test
    void areKnownByTheSubjectInAnySpellingOfItAndNoOther() {
        assertThat(with(clients.issue("O=example, CN=WATCHER")).get("/sinks").status())
                .isEqualTo(200);
        with(clients.issue("CN=watcher, O=Example")).get("/sinks").isProblem(401, "unauthenticated");
        with(clients.issue("CN=watcher")).get("/sinks").isProblem(401, "unauthenticated");
        with(clients.issue("O=Example, CN=watcher, CN=watcher")).get("/sinks").isProblem(401, "unauthenticated");
        // Full-width letters are others.
        with(clients.issue("O=Example, CN=\uff57\uff41\uff54\uff43\uff48\uff45\uff52"))
                .get("/sinks")
                .isProblem(401, "unauthenticated");
    }

    @Test
    void areNamedInTheTrail() {
        Client both = with(clients.issue("CN=x", "email:ops@example.com"));
        both.post("/sinks/orders/pause", Client.JSON, "{\"what\":\"intake\",\"reason\":\"a test\"}");
        assertThat(both.get("/audit?action=pause").body().toString()).contains("\"actor\":\"certificate:both\"");
        Answer made = both.post(
                "/keys", Client.JSON, "{\"note\":\"n\",\"grants\":[{\"sinks\":\"orders\",\"verbs\":[\"read\"]}]}");
        made.has("createdBy", "certificate:both");
        assertThat(with().as(made.text("key")).get("/sinks/orders").status()).isEqualTo(200);
    }

    @Test
    void areRefusedIfNobodyHasGrantedThemAnything() {
        Answer refused = with(clients.issue("CN=stranger", "dns:stranger.example.com"))
                .get("/sinks")
                .isProblem(401, "unauthenticated");
        assertThat(refused.text("detail"))
                .contains("subject:cn=stranger", "dns:stranger.example.com", "sluice.certificates.file");
        Answer nobody = with().get("/sinks").isProblem(401, "unauthenticated");
        assertThat(nobody.text("detail")).contains("Authorization: Bearer", "client certificate");
        assertThat(with().get("/actuator/health").text("status")).isEqualTo("UP");
    }

    @Test
    void doNotComeThroughIfTheyAreOverOrOfAnotherAuthority() {
        CertificateAuthority forger = new CertificateAuthority("clients");
        Issued forged = forger.issue("CN=x", "dns:loader.jobs.example.com");
        Issued over = clients.issue("CN=x", Duration.ofDays(-1), "dns:loader.jobs.example.com");
        for (Issued wrong : List.of(forged, over)) {
            Client client = with(wrong);
            assertThatThrownBy(() -> client.get("/sinks")).isInstanceOf(UncheckedIOException.class);
        }
        // A client keeps to itself what the service has not asked for.
        with(servers.issue("CN=x", "dns:loader.jobs.example.com")).get("/sinks").isProblem(401, "unauthenticated");
    }

    @Test
    void areRefusedOnceTheyAreOver() {
        Client loader = with(clients.issue("CN=x", Duration.ofSeconds(5), "dns:loader.jobs.example.com"));
        loader.batch("orders", "0", 0, "1").isWritten("committed");
        await().untilAsserted(() -> loader.get("/sinks/orders").isProblem(401, "unauthenticated"));
    }

    @Test
    void giveWayToWhatTheRequestSaysItself() {
        Client loader = with(loader());
        assertThat(loader.as(key).get("/keys").status()).isEqualTo(200);
        loader.get("/keys").isProblem(403, "forbidden");
        loader.as("slk_nonsense").batch("orders", "1", 0, "1").isProblem(401, "unauthenticated");
        loader.get("/sinks", "Authorization", "Basic YTpi").isProblem(401, "unauthenticated");
        Answer made = loader.as(key)
                .post(
                        "/keys",
                        Client.JSON,
                        "{\"note\":\"n\",\"grants\":[{\"sinks\":\"orders\",\"verbs\":[\"write\"]}]}");
        loader.as(key).method("DELETE", "/keys/" + made.text("id"));
        loader.as(made.text("key")).batch("orders", "1", 0, "1").isProblem(401, "unauthenticated");
    }

    @ParameterizedTest
    @CsvSource({
        "X-Forwarded-Client-Cert, By=spiffe://a;URI=spiffe://example.com/ns/jobs/sa/billing",
        "X-SSL-Client-Cert, -----BEGIN CERTIFICATE-----",
        "SSL_CLIENT_S_DN, 'CN=watcher,O=Example'",
        "Client-Cert, :MIIB:"
    })
    void areNotTakenFromAHeader(String header, String value) {
        with().get("/sinks", header, value).isProblem(401, "unauthenticated");
    }

    /* A browser shows its certificate whichever page has it ask. */
    @Test
    void areOfNoUseToAForeignPage() {
        with(loader())
                .batch("orders", "0", 0, "1", "Origin", "https://evil.example.com")
                .isProblem(421, "unknown-host");
    }

    /* Connections are kept alive: whoever is removed is refused on those that are open. */
    @Test
    void areRefusedOnceTheyAreRemovedFromTheFile(CapturedOutput output) throws IOException {
        Client loader = with(loader());
        loader.batch("orders", "0", 0, "1").isWritten("committed");
        Files.writeString(mapping, CLIENTS + "nonsense: [");
        await().untilAsserted(() ->
                assertThat(output.getOut()).contains("who is known stays as it was, also who was to be removed"));
        assertThat(loader.get("/sinks/orders").status()).isEqualTo(200);
        Files.writeString(mapping, CLIENTS.replace("loader.jobs", "loader-2.jobs"));
        await().untilAsserted(
                        () -> assertThat(loader.get("/sinks/orders").status()).isEqualTo(401));
        Client next = with(clients.issue("CN=x", "dns:loader-2.jobs.example.com"));
        next.snapshot("orders", "0").has("nextOffset", 1);
    }

    @Test
    void areRefusedOnceTheirAuthorityIsNotTrustedAnyMore() throws IOException {
        CertificateAuthority later = new CertificateAuthority("later");
        Issued next = later.issue("CN=x", "dns:loader.jobs.example.com");
        Client loader = with(loader());
        loader.batch("orders", "0", 0, "1").isWritten("committed");
        Files.writeString(trusted, clients.pem() + later.pem());
        await().ignoreExceptions()
                .untilAsserted(() ->
                        assertThat(with(next).get("/sinks/orders").status()).isEqualTo(200));
        assertThat(loader.get("/sinks/orders").status()).isEqualTo(200);
        Files.writeString(trusted, later.pem());
        await().untilAsserted(() -> loader.get("/sinks/orders").isProblem(401, "unauthenticated"));
        assertThat(with(next).get("/sinks/orders").status()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "server.ssl.client-auth=none | server.ssl.client-auth: want or need",
                "server.ssl.enabled=false | server.ssl.client-auth: want or need",
                "spring.ssl.bundle.pem.web.truststore.certificate= | needs a trust store of its own",
                "sluice.certificates.file=/nowhere/clients.yaml | cannot be read",
                "sluice.certificates.fil=x | sluice.certificates.fil",
            })
    void keepTheServiceFromStartingIfTheyCouldNameNobodyOrAnybody(String setting, String reason) {
        assertThatThrownBy(() -> InProcess.on(service.database(), List.of(), settings(setting)))
                .hasStackTraceContaining(reason);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[] | must have 'clients'",
                "clients: [7] | clients[0]: must be an object",
                "clients: [{name: a, san: 'dns:a', grants: []}] | 'grants' must be a list",
                "clients: [{name: a, san: 'dns:a', grants: [{sinks: a, verbs: [fly]}]}] | there is no verb 'fly'",
                "clients: [{name: a, san: 'dns:*.a', grants: [{sinks: a, verbs: [read]}]}] | there are no patterns",
                "clients: [{name: a, san: 'host:a', grants: [{sinks: a, verbs: [read]}]}] | one of",
                "clients: [{name: a, subject: 'watcher', grants: [{sinks: a, verbs: [read]}]}] | distinguished name",
                "clients: [{name: a, subject: '', grants: [{sinks: a, verbs: [read]}]}] | must not be empty",
                "clients: [{name: a, grants: [{sinks: a, verbs: [read]}]}] | either 'subject' or 'san'",
                "clients: [{name: '', san: 'dns:a', grants: [{sinks: a, verbs: [read]}]}] | 'name' must be",
                "clients: [{name: a, sann: 'dns:a'}] | no member 'sann'",
            })
    void keepTheServiceFromStartingIfTheFileIsWrong(String content, String reason) throws IOException {
        Files.writeString(mapping, content);
        assertThatThrownBy(() -> InProcess.on(service.database(), List.of(), settings()))
                .hasStackTraceContaining(reason);
    }

    /* With client-auth need, a connection without a certificate does not come to be; probes have a port of their own. */
    @Test
    void mayBeNeededByTheConnectionItselfAndBeAllThatIsWanted() {
        try (InProcess own = InProcess.on(
                service.database(),
                List.of(),
                settings(
                        "server.ssl.client-auth=need",
                        "server.address=0.0.0.0",
                        "management.server.port=0",
                        "management.server.address=127.0.0.1",
                        "management.server.ssl.enabled=false"))) {
            int needing = Integer.parseInt(own.property("local.server.port"));
            Client stranger = Client.over(servers.client(), needing);
            assertThatThrownBy(() -> stranger.get("/openapi.yaml")).isInstanceOf(UncheckedIOException.class);
            Client watcher = Client.over(servers.client(clients.issue("O=Example,CN=watcher")), needing);
            assertThat(watcher.get("/sinks").status()).isEqualTo(200);
            Client probe = new Client(Integer.parseInt(own.property("local.management.port")));
            assertThat(probe.get("/actuator/health/readiness").status()).isEqualTo(200);
            probe.get("/actuator/prometheus").isProblem(401, "unauthenticated");
        }
    }
}
