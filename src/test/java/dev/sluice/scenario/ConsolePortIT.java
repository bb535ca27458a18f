package dev.sluice.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.port.ConsolePort;
import dev.sluice.postgres.PostgresForTests;
import dev.sluice.scenario.Browser.Shown;
import dev.sluice.scenario.CertificateAuthority.Issued;
import java.io.IOException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/** The console at a port of its own: there and nowhere else, and nothing else there. */
class ConsolePortIT {

    private static InProcess service;
    private static Client api;
    private static Client console;

    @BeforeAll
    static void start() {
        service = InProcess.start("sluice.console.port=0");
        api = service.client();
        console = new Client(port(service));
    }

    private static int port(InProcess of) {
        return of.bean(ConsolePort.class).own().orElseThrow();
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    @Test
    void servesPagesThere() {
        Browser browser = new Browser(port(service));

        Shown page = browser.get("/console/sinks").is(200);

        Matcher asset = Pattern.compile("/console/assets/[^\"]+").matcher(page.html());
        assertThat(asset.find()).isTrue();
        browser.get(asset.group()).is(200);
        assertThat(browser.get("/").is(302).location()).endsWith("/console");
        // Commands go to where the API is.
        String command = page.commands().get(0);
        assertThat(command).contains(":" + api.port() + "/sinks");
        assertThat(new JsonMapper().readTree(Shell.run(command)).has("sinks")).isTrue();
    }

    @Test
    void actsThere() {
        assertThat(api.put("/sinks/rows", "{\"type\":\"table\",\"partitions\":[\"0\"]}")
                        .status())
                .isEqualTo(201);
        Browser browser = new Browser(port(service));
        Shown form = browser.get("/console/acts/pause?sink=rows").is(200);

        browser.post("/console/acts/pause", form, "what", "intake", "reason", "a test", "step", "do")
                .is(303);

        assertThat(api.get("/sinks/rows").body().has("control")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/console", "/console/sinks", "/console/sign-in", "/console/assets/0/console.css"})
    void servesNoPageElsewhere(String path) {
        assertThat(api.get(path).isProblem(404, "not-found").text("detail")).contains("sluice.console.port");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/sinks",
                "/sinks/rows",
                "/console/../sinks",
                "/problems/recent",
                "/settings",
                "/openapi.yaml",
                "/actuator/health",
                "/nowhere"
            })
    void servesNothingElseThere(String path) {
        assertThat(console.get(path).isProblem(404, "not-found").text("detail")).contains("sluice.console.port");
    }

    @Test
    void takesNoBatchThere() {
        console.batch("rows", "0", 0, "1").isProblem(404, "not-found");
    }

    @Test
    void explainsProblemsAtBoth() {
        for (int port : List.of(api.port(), port(service))) {
            assertThat(new Browser(port).get("/problems/offset-gap").is(200).text())
                    .contains("What to do");
        }
    }

    @Test
    void answersToItsNamesOnly() throws IOException {
        try (RawConnection connection = new RawConnection(port(service))) {
            assertThat(connection
                            .send("GET /console HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n")
                            .answer())
                    .startsWith("HTTP/1.1 421");
        }
    }

    @Test
    void hasTheCertificateOfTheService(@TempDir Path directory) throws IOException {
        CertificateAuthority authority = new CertificateAuthority("test");
        PemFiles files = new PemFiles(directory).write(authority.server());
        try (InProcess secured = InProcess.on(
                PostgresForTests.freshDatabase(),
                List.of(),
                "spring.ssl.bundle.pem.web.keystore.certificate=" + files.certificate(),
                "spring.ssl.bundle.pem.web.keystore.private-key=" + files.key(),
                "spring.ssl.bundle.pem.web.reload-on-update=true",
                "spring.ssl.bundle.watch.file.quiet-period=20ms",
                "server.ssl.bundle=web",
                "sluice.console.port=0",
                "sluice.keys.administrator-file=" + directory.resolve("administrator.key"))) {
            Client over = Client.over(authority.client(), port(secured));

            Answer page = over.get("/console/sign-in");

            assertThat(page.status()).isEqualTo(200);
            assertThat(page.response().sslSession()).isPresent();
            over.get("/sinks").isProblem(404, "not-found");

            Issued next = authority.server();
            files.write(next);
            await().until(() -> served(authority, port(secured)).equals(next.serial()));
        }
    }

    private static String served(CertificateAuthority authority, int port) throws IOException {
        try (SSLSocket socket =
                (SSLSocket) authority.client().getSocketFactory().createSocket("localhost", port)) {
            socket.startHandshake();
            X509Certificate certificate = (X509Certificate) socket.getSession().getPeerCertificates()[0];
            return certificate.getSerialNumber().toString(16);
        }
    }
}
