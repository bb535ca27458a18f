package dev.sluice.scenario;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType.LaunchOptions;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Page.ScreenshotOptions;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.LocatorAssertions.ContainsTextOptions;
import com.microsoft.playwright.assertions.LocatorAssertions.HasTextOptions;
import dev.sluice.postgres.PostgresForTests;
import dev.sluice.postgres.PostgresForTests.Database;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Pages that change while somebody looks at them, in Chromium. */
class ConsoleLiveBrowserIT {

    private static final Path CHROMIUM = Path.of(System.getProperty("sluice.test.chromium", "/usr/bin/chromium"));
    private static final String NEXT = "[data-row=\"p:0\"] [data-cell=next]";
    private static final double WAIT = 30_000;

    private static Database database;
    private static InProcess service;
    private static Client client;
    private static Playwright playwright;
    private static com.microsoft.playwright.Browser chromium;

    private final List<String> complaints = new ArrayList<>();

    @BeforeAll
    static void start() {
        database = PostgresForTests.freshDatabase();
        service = start(0);
        client = service.client();
        put("orders", "\"type\":\"table\",\"partitions\":[\"0\",\"1\"]");
        put("waiting", "\"type\":\"batching\",\"target\":\"orders\",\"flush-interval\":\"1h\"");
        write();
        client.batch("waiting", "1", 0, "1,2,3").isWritten("committed");
        await().atMost(Duration.ofSeconds(30))
                .until(() -> client.get("/history").body().path("sinks").size() == 2);
        playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        chromium = playwright
                .chromium()
                .launch(new LaunchOptions().setExecutablePath(CHROMIUM).setArgs(List.of("--no-sandbox")));
    }

    private static InProcess start(int port) {
        return InProcess.on(
                database,
                List.of(),
                "server.port=" + port,
                "sluice.history.step=1s",
                "sluice.watch.heartbeat=500ms",
                "sluice.tails.heartbeat=500ms");
    }

    private static void put(String sink, String settings) {
        assertThat(client.put("/sinks/" + sink, "{" + settings + "}").status()).isEqualTo(201);
    }

    /* Returns where the partition stands then. */
    private static String write() {
        long next = client.snapshot("orders", "0").number("nextOffset");
        client.batch("orders", "0", next, "{\"n\":9007199254740993}").isWritten("committed");
        return Long.toString(next + 1);
    }

    private static double watching() {
        return service.bean(MeterRegistry.class).get("sluice.watch").gauge().value();
    }

    @AfterAll
    static void stop() {
        if (playwright != null) {
            playwright.close();
        }
        service.close();
    }

    private Page page(BrowserContext context, String path) {
        Page page = context.newPage();
        page.onConsoleMessage(message -> {
            if (message.type().equals("error")) {
                complaints.add(message.text());
            }
        });
        page.onPageError(complaints::add);
        page.navigate(path);
        return page;
    }

    private static BrowserContext context() {
        return chromium.newContext(new com.microsoft.playwright.Browser.NewContextOptions()
                .setBaseURL("http://127.0.0.1:" + client.port()));
    }

    private static void shows(Page page, String place, String text) {
        assertThat(page.locator(place)).hasText(text, new HasTextOptions().setTimeout(WAIT));
    }

    @Test
    void changesWithoutBeingLoadedAgain() {
        try (BrowserContext context = context()) {
            Page sink = page(context, "/console/sinks/orders");
            Page partition = page(context, "/console/sinks/orders/partitions/0");
            shows(sink, "#live", "Live");
            sink.evaluate("window.same = true");

            String next = write();

            shows(sink, NEXT, next);
            shows(partition, NEXT, next);
            assertThat(sink.evaluate("window.same")).isEqualTo(true);
            assertThat(complaints).isEmpty();
        }
        await().atMost(Duration.ofSeconds(20)).until(() -> watching() == 0);
    }

    @Test
    void drawsChartsThatKeepNobodyOut() {
        try (BrowserContext context = context()) {
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> !client.get("/history?sinks=waiting")
                            .body()
                            .path("sinks")
                            .isEmpty());
            Page page = page(context, "/console/sinks/waiting");
            assertThat(page.locator("#charts canvas")).hasCount(4);
            page.screenshot(new ScreenshotOptions()
                    .setPath(Path.of("target/console/live-sink.png"))
                    .setFullPage(true));

            assertThat(new AxeBuilder(page).analyze().getViolations()).isEmpty();
            assertThat(page.locator("[data-row=\"s:waiting\"] [data-cell=undelivered]"))
                    .hasText("3");
            assertThat(complaints).isEmpty();
        }
    }

    @Test
    void takesNoStreamWhileNobodySeesIt() {
        try (BrowserContext context = context()) {
            Page page = page(context, "/console/sinks");
            shows(page, "#live", "Live");
            await().atMost(Duration.ofSeconds(20)).until(() -> watching() == 1);

            page.evaluate("Object.defineProperty(document, 'hidden', { value: true, configurable: true });"
                    + "document.dispatchEvent(new Event('visibilitychange'))");
            await().atMost(Duration.ofSeconds(20)).until(() -> watching() == 0);

            page.evaluate("delete document.hidden; document.dispatchEvent(new Event('visibilitychange'))");
            shows(page, "#live", "Live");
            assertThat(watching()).isEqualTo(1);
        }
        await().atMost(Duration.ofSeconds(20)).until(() -> watching() == 0);
    }

    @Test
    void saysThatAReplicaHasGoneAndComesBackWithIt() {
        try (BrowserContext context = context()) {
            Page page = page(context, "/console/sinks/orders");
            shows(page, "#live", "Live");
            int port = client.port();

            service.close();
            assertThat(page.locator("#live")).containsText("Not live: ", new ContainsTextOptions().setTimeout(WAIT));
            service = start(port);
            String next = write();

            shows(page, "#live", "Live");
            shows(page, NEXT, next);
        }
    }

    @Test
    void showsRecordsAsTheyArriveAsText() {
        try (BrowserContext context = context()) {
            Page page = page(context, "/console/sinks/orders/partitions/1");
            page.locator("#tail-button").click();
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> service.bean(MeterRegistry.class)
                                    .get("sluice.tails")
                                    .gauge()
                                    .value()
                            == 1);
            client.batch("orders", "1", 0, "{\"n\":9007199254740993,\"name\":\"<b>Detroit</b>\"}")
                    .isWritten("committed");

            shows(page, "#tail-lines li", "0 {\"n\": 9007199254740993, \"name\": \"<b>Detroit</b>\"}");
            page.locator("#tail-button").click();
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> service.bean(MeterRegistry.class)
                                    .get("sluice.tails")
                                    .gauge()
                                    .value()
                            == 0);
            client.batch("orders", "1", 1, "2").isWritten("committed");
            page.locator("#tail-button").click();

            shows(page, "#tail-lines li:last-child", "1 2");
            assertThat(page.locator("#tail-lines li")).hasCount(2);
            assertThat(complaints).isEmpty();
        }
    }
}
