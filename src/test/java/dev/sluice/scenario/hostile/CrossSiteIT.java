package dev.sluice.scenario.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.scenario.Client;
import dev.sluice.scenario.InProcess;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What a page of another site can have a browser on this machine send, with the headers that browsers send then: it is
 * refused where it would change anything, and its answer is not for the page.
 */
class CrossSiteIT {

    private static final String DEFINITION = "{\"type\":\"table\",\"partitions\":[\"0\"]}";
    private static final List<String> SIMPLE = List.of(
            "application/x-www-form-urlencoded",
            "multipart/form-data; boundary=x",
            "text/plain",
            "text/plain;charset=UTF-8");

    private static InProcess service;
    private static InProcess anyHost;

    @BeforeAll
    static void start() {
        String[] settings = {"sluice.sinks.orders.type=table", "sluice.sinks.orders.partitions=0"};
        service = InProcess.start(settings);
        anyHost = InProcess.start(settings[0], settings[1], "sluice.security.allowed-hosts=*");
        for (InProcess each : List.of(service, anyHost)) {
            each.client().open("orders", "0", "{\"owner\":\"me\"}");
        }
    }

    @AfterAll
    static void stop() {
        service.close();
        anyHost.close();
    }

    /** A page, by what the browser says of it. */
    private record Page(String origin, String site) {}

    private static final List<Page> PAGES = List.of(
            new Page("Origin: https://evil.example\r\n", "cross-site"),
            // A frame without an origin, or a redirect.
            new Page("Origin: null\r\n", "cross-site"),
            // Another service of this machine.
            new Page("Origin: http://localhost:3000\r\n", "same-site"),
            // A browser that leaves it out.
            new Page("", "cross-site"));

    /** What changes something, and can be sent without asking before. */
    static Stream<String> simpleRequests() {
        List<String> requests = new ArrayList<>();
        for (Page page : PAGES) {
            for (String type : SIMPLE) {
                for (String mode : List.of("navigate", "no-cors")) {
                    String headers = page.origin() + "Content-Type: " + type + "\r\nSec-Fetch-Site: " + page.site()
                            + "\r\nSec-Fetch-Mode: " + mode + "\r\nSec-Fetch-Dest: "
                            + (mode.equals("navigate") ? "document" : "empty")
                            + "\r\nReferer: https://evil.example/\r\n"
                            + "User-Agent: Mozilla/5.0\r\nAccept: */*\r\n";
                    requests.add(
                            post("/sinks/orders/partitions/0?offset=0", headers, "{\"offset\":0,\"records\":[1]}"));
                    requests.add(post("/sinks/orders/partitions/0/open", headers, "{\"owner\":\"evil\"}"));
                    requests.add(post("/sinks/orders/partitions/0/close", headers, ""));
                    requests.add(post("/sinks/orders/pause", headers, "{\"what\":\"intake\",\"reason\":\"evil\"}"));
                    requests.add(post("/keys", headers, "{\"note\":\"evil\",\"grants\":[]}"));
                    requests.add(post("/incarnation", headers, "{\"reason\":\"evil\"}"));
                    requests.add(post("/sinks/evil?_method=PUT", headers, DEFINITION));
                }
            }
        }
        return requests.stream();
    }

    private static String post(String target, String headers, String body) {
        return request("POST", target, headers, body);
    }

    private static String request(String method, String target, String headers, String body) {
        return method + " " + target + " HTTP/1.1\r\nHost: localhost\r\n" + headers + "Content-Length: " + body.length()
                + "\r\n\r\n" + body;
    }

    @ParameterizedTest
    @MethodSource
    void simpleRequests(String request) throws IOException {
        for (InProcess each : List.of(service, anyHost)) {
            WireAnswer answer = told(each, request);
            assertThat(answer.status()).as(answer.text()).isIn(403, 405, 415, 421);
            isNotForThePage(answer);
            each.client().snapshot("orders", "0").has("nextOffset", 0).has("fencingToken", 1);
        }
    }

    @Test
    void refusesWhatTakesNoBodyByWhereItComesFrom() throws IOException {
        String headers = "Content-Type: text/plain\r\nOrigin: http://localhost:3000\r\nSec-Fetch-Site: ";
        assertThat(told(service, post("/sinks/orders/partitions/0/close", headers + "same-site\r\n", ""))
                        .text())
                .contains("/problems/forbidden", "Sec-Fetch-Site: same-site");
        for (String own : List.of("same-origin", "none")) {
            assertThat(told(service, post("/sinks/orders/partitions/0/close", headers + own + "\r\n", ""))
                            .status())
                    .isEqualTo(200);
        }
    }

    @Test
    void allowsNothingThatABrowserAsksFor() throws IOException {
        for (InProcess each : List.of(service, anyHost)) {
            for (Page page : PAGES.subList(0, 3)) {
                for (String method : List.of("POST", "PUT", "DELETE", "PATCH", "GET")) {
                    WireAnswer answer = told(
                            each,
                            request(
                                    "OPTIONS",
                                    "/sinks/orders",
                                    page.origin() + "Access-Control-Request-Method: " + method
                                            + "\r\nAccess-Control-Request-Headers: content-type,authorization\r\n"
                                            + "Sec-Fetch-Site: " + page.site() + "\r\nSec-Fetch-Mode: cors\r\n",
                                    ""));
                    isNotForThePage(answer);
                }
            }
        }
    }

    /* Images, scripts and links may ask, and change nothing; the page does not see what is answered. */
    @Test
    void showsAPageNothing() throws IOException {
        for (String target : List.of("/sinks", "/sinks/orders", "/audit", "/openapi.yaml", "/actuator/health")) {
            for (Page page : PAGES) {
                WireAnswer answer = told(
                        service,
                        request(
                                "GET",
                                target,
                                page.origin() + "Sec-Fetch-Site: " + page.site()
                                        + "\r\nSec-Fetch-Mode: no-cors\r\nSec-Fetch-Dest: script\r\n",
                                ""));
                isNotForThePage(answer);
            }
        }
    }

    @Test
    void goesByNoNameThatLeadsHereOnly() throws IOException {
        WireAnswer answer = told(
                service,
                request(
                                "PUT",
                                "/sinks/evil",
                                "Origin: http://rebound.example\r\nContent-Type: application/json\r\n"
                                        + "Sec-Fetch-Site: same-origin\r\n",
                                DEFINITION)
                        .replace("Host: localhost", "Host: rebound.example"));
        assertThat(answer.status()).isEqualTo(421);
        assertThat(service.client().get("/sinks/evil").status()).isEqualTo(404);
    }

    private static void isNotForThePage(WireAnswer answer) {
        assertThat(answer.headers().keySet()).noneMatch(name -> name.startsWith("access-control-"));
    }

    private static WireAnswer told(InProcess each, String request) throws IOException {
        Client client = each.client();
        return WireAnswer.split(Wire.tell(client.port(), List.of(request)), Collections.nCopies(1, false))
                .get(0);
    }
}
