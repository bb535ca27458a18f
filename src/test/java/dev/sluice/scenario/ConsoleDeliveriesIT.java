package dev.sluice.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import dev.sluice.scenario.Browser.Shown;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What is on its way, and a wait that is ended by whoever knows that the target is back. */
class ConsoleDeliveriesIT {

    private static final AtomicInteger STATUS = new AtomicInteger(503);

    private static HttpServer target;
    private static InProcess service;
    private static Client client;
    private static Browser browser;

    @BeforeAll
    static void start() throws IOException {
        target = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        target.createContext("/", exchange -> {
            exchange.getRequestBody().readAllBytes();
            exchange.sendResponseHeaders(STATUS.get(), -1);
            exchange.close();
        });
        target.start();
        service = InProcess.start();
        client = service.client();
        browser = new Browser(client.port());
    }

    @AfterAll
    static void stop() {
        service.close();
        target.stop(0);
    }

    private static void put(String sink, String settings) {
        Answer answer = client.put("/sinks/" + sink, "{" + settings + "}");
        assertThat(answer.status()).as(answer.body().toString()).isEqualTo(201);
    }

    @Test
    void triesAtOnceWhatWaitsForAnHour() {
        put(
                "hooks",
                "\"type\":\"http\",\"partitions\":[\"0\"],\"url\":\"http://127.0.0.1:"
                        + target.getAddress().getPort()
                        + "/\",\"max-attempts\":1,\"breaker-failures\":1,\"breaker-wait\":\"1h\"");
        put("outbox", "\"type\":\"batching\",\"target\":\"hooks\",\"flush-interval\":\"100ms\"");
        client.batch("outbox", "0", 0, "1,2,3").isWritten("committed");
        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
            Shown page = browser.get("/console/deliveries").is(200);
            assertThat(page.text())
                    .contains("the circuit breaker of", "503", "Next try in 59 min", "Try now", "Set aside", "ago");
        });
        assertThat(client.get("/sinks/outbox")
                        .body()
                        .at("/status/undeliveredSince")
                        .isString())
                .isTrue();

        STATUS.set(200);
        Shown form = browser.get("/console/acts/try-now?sink=outbox").is(200);
        Shown done = browser.post("/console/acts/try-now", form, "reason", "the target is back")
                .is(303);

        assertThat(browser.get(done.location()).text()).contains("Done: try now, number");
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(client.snapshot("outbox", "0").number("deliveredOffset"))
                        .isEqualTo(3));
        Answer hooks = client.get("/sinks/hooks");
        assertThat(hooks.body().at("/status/lastAnswers/0/answer").stringValue())
                .isEqualTo("200");
        assertThat(hooks.body().at("/status/circuitBreaker").stringValue()).isEqualTo("closed");
        Answer trail = client.get("/audit?action=delivery-try");
        assertThat(trail.body().at("/entries/0/sink").stringValue()).isEqualTo("outbox");
        assertThat(trail.body().at("/entries/0/reason").stringValue()).isEqualTo("the target is back");
        assertThat(trail.body().at("/entries/0/after").toString()).isEqualTo("[\"outbox\",\"hooks\"]");
    }

    @Test
    void refusesToTryWhatWaitsForNothing() {
        put("rows", "\"type\":\"table\",\"partitions\":[\"0\"]");

        Answer refused = client.post("/sinks/rows/deliveries/try", Client.JSON, "{\"reason\":\"a test\"}")
                .isProblem(400, "malformed-request");
        assertThat(refused.text("detail")).contains("waits for nothing between tries");
        client.post("/sinks/rows/deliveries/try", Client.JSON, "{}").isProblem(400, "malformed-request");
        client.post("/sinks/none/deliveries/try", Client.JSON, "{\"reason\":\"a test\"}")
                .isProblem(404, "unknown-sink");
    }
}
