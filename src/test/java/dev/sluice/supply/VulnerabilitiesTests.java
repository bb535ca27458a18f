package dev.sluice.supply;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The command that asks, in front of a database of vulnerabilities that says what a test wants. */
class VulnerabilitiesTests {

    private final JsonMapper json = new JsonMapper();
    private final AtomicReference<String> vulnerable = new AtomicReference<>("");
    private final AtomicReference<String> spoiled = new AtomicReference<>("");
    private final AtomicReference<String> paged = new AtomicReference<>("");
    private HttpServer server;
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/v1/querybatch", exchange -> {
            JsonNode queries =
                    json.readTree(exchange.getRequestBody().readAllBytes()).path("queries");
            answer(exchange, spoiled.get().isEmpty() ? results(queries).toString() : spoiled.get());
        });
        server.createContext("/v1/vulns/GHSA-1", exchange -> answer(exchange, """
                {"id": "GHSA-1", "aliases": ["CVE-1"], "summary": "reads too much",
                 "database_specific": {"severity": "HIGH"},
                 "affected": [{"package": {"name": "org.postgresql:postgresql"},
                               "ranges": [{"events": [{"introduced": "0"}, {"fixed": "99.1"}]}]},
                              {"package": {"name": "other:thing"}, "ranges": [{"events": [{"fixed": "7"}]}]}]}
                """));
        server.start();
    }

    private static void answer(HttpExchange exchange, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(200, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private ObjectNode results(JsonNode queries) {
        ObjectNode body = json.createObjectNode();
        ArrayNode results = body.putArray("results");
        for (JsonNode query : queries) {
            ObjectNode result = results.addObject();
            String purl = query.path("package").path("purl").asString("");
            assertThat(purl).doesNotContain("?");
            if (!purl.contains("/" + vulnerable.get() + "@")) {
                continue;
            }
            // The second page has it, where there are two.
            if (!paged.get().isEmpty() && !query.path("page_token").asString("").equals(paged.get())) {
                result.put("next_page_token", paged.get());
            } else {
                result.putArray("vulns").addObject().put("id", "GHSA-1");
            }
        }
        return body;
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private int ask() throws IOException, InterruptedException {
        return run("--url", "http://127.0.0.1:" + server.getAddress().getPort() + "/");
    }

    private int run(String... arguments) throws IOException, InterruptedException {
        return new Vulnerabilities(
                        new PrintStream(printed, true, StandardCharsets.UTF_8), LocalDate.parse("2026-12-01"))
                .run(List.of(arguments));
    }

    @Test
    void findsNoneWhereNoneIsKnown() throws IOException, InterruptedException {
        assertThat(ask()).as(() -> printed.toString(StandardCharsets.UTF_8)).isEqualTo(Verdict.CLEAN);
        assertThat(printed.toString(StandardCharsets.UTF_8))
                .startsWith("no known vulnerability that is not tolerated in "
                        + Sbom.built().size() + " libraries, as of ");
    }

    @Test
    void namesTheLibraryAndWhereItIsFixed() throws IOException, InterruptedException {
        vulnerable.set("postgresql");
        assertThat(ask()).as(() -> printed.toString(StandardCharsets.UTF_8)).isEqualTo(Verdict.FOUND);
        assertThat(printed.toString(StandardCharsets.UTF_8))
                .matches("FOUND: pkg:maven/org.postgresql/postgresql@[0-9.]+ has GHSA-1 \\(CVE-1\\), HIGH:"
                        + " reads too much; fixed in 99.1\\R");
    }

    @Test
    void asksForEveryPage() throws IOException, InterruptedException {
        vulnerable.set("postgresql");
        paged.set("second");
        assertThat(ask()).as(() -> printed.toString(StandardCharsets.UTF_8)).isEqualTo(Verdict.FOUND);
    }

    @Test
    void doesNotTakeAShortOrOddAnswerForNone() throws IOException, InterruptedException {
        for (String answer : List.of("{\"results\": []}", "{}", "<html>who are you?</html>")) {
            spoiled.set(answer);
            assertThat(ask())
                    .as(answer)
                    .isEqualTo(Verdict.of(Sbom.built(), Looked.read(), Tolerated.read(), LocalDate.parse("2026-12-01"))
                            .exitCode());
            assertThat(printed.toString(StandardCharsets.UTF_8)).startsWith("NOT ASKED: ");
            printed.reset();
        }
    }

    @Test
    void saysSoWhereNobodyAnswers() throws IOException, InterruptedException {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        assertThat(run("--url", "http://127.0.0.1:" + port + "/")).isNotEqualTo(Vulnerabilities.USAGE);
        assertThat(printed.toString(StandardCharsets.UTF_8))
                .startsWith("NOT ASKED: http://127.0.0.1:" + port + "/ cannot be asked");
    }

    @Test
    void saysHowToCallIt() throws IOException, InterruptedException {
        assertThat(run("--what")).isEqualTo(Vulnerabilities.USAGE);
        assertThat(run("--url")).isEqualTo(Vulnerabilities.USAGE);
        assertThat(run("--write", "--recorded")).isEqualTo(Vulnerabilities.USAGE);
        assertThat(printed.toString(StandardCharsets.UTF_8)).contains("usage: src/supply/vulnerabilities");
    }
}
