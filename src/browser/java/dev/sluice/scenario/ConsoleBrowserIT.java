package dev.sluice.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.deque.html.axecore.results.AxeResults;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.WaitForSelectorState;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The console in Chromium: nothing that keeps people out, nothing that a browser complains of, done by keyboard alone. */
class ConsoleBrowserIT {

    private static final String LETTERS = "\"on-rejected\":\"dead-letter\",\"dead-letters\":{\"max-share\":100}";

    private static InProcess service;
    private static Client client;
    private static Chromium chromium;

    @BeforeAll
    static void start() {
        chromium = Chromium.start();
        service = InProcess.start("sluice.sinks.hooks.type=log", "sluice.sinks.hooks.workers=2");
        client = service.client();
        put("orders", "\"type\":\"table\",\"partitions\":[\"0\",\"1\",\"2\",\"3\"]," + LETTERS);
        service.execute("alter table orders add constraint delay_check check (data ->> 'delay' <> '0')");
        client.batch(
                        "orders",
                        "0",
                        0,
                        "{\"delay\":66,\"from\":\"DTW\"},{\"delay\":0,\"from\":\"<script>alert(1)</script>\"},{\"delay\":95}")
                .isWritten("committed");
        for (int i = 3; i < 40; i++) {
            client.batch("orders", "0", i, "{\"delay\":" + i + "}").isWritten("committed");
        }
        client.open("orders", "1", "{\"owner\":\"loader-7\"}");
        put("orders-buffer", "\"type\":\"batching\",\"target\":\"orders\",\"flush-interval\":\"1s\"");
        put("webhook", "\"type\":\"http\",\"partitions\":[\"0\"],\"url\":\"http://127.0.0.1:1/hooks\"");
        client.batch("webhook", "0", 0, "{\"delay\":1}");
        put("archive", "\"type\":\"table\",\"partitions\":[\"0\"]");
        client.post("/sinks/archive/pause", Client.JSON, "{\"what\":\"intake\",\"reason\":\"its disk is exchanged\"}");
        client.batch("orders", "0", 90, "1").isProblem(409, "offset-gap");
    }

    private static void put(String sink, String settings) {
        Answer answer = client.put("/sinks/" + sink, "{" + settings + "}");
        assertThat(answer.status()).as(answer.body().toString()).isEqualTo(201);
    }

    @AfterAll
    static void stop() {
        service.close();
        chromium.close();
    }

    private static BrowserContext context(ColorScheme scheme, int width) {
        return chromium.context(client.port(), scheme, width);
    }

    static Stream<Arguments> shown() {
        return pages().entrySet().stream()
                .flatMap(page -> Stream.of(
                        Arguments.of(page.getKey(), page.getValue(), ColorScheme.LIGHT, 1280),
                        Arguments.of(page.getKey(), page.getValue(), ColorScheme.DARK, 1280),
                        Arguments.of(page.getKey(), page.getValue(), ColorScheme.LIGHT, 320)));
    }

    private static Map<String, String> pages() {
        return Map.ofEntries(
                Map.entry("overview", "/console"),
                Map.entry("sinks", "/console/sinks"),
                Map.entry("sink", "/console/sinks/orders"),
                Map.entry("buffer", "/console/sinks/orders-buffer"),
                Map.entry("failing", "/console/sinks/webhook"),
                Map.entry("workers", "/console/sinks/hooks"),
                Map.entry("partition", "/console/sinks/orders/partitions/0"),
                Map.entry("dead-letters", "/console/sinks/orders/dead-letters"),
                Map.entry("dead-letter", "/console/sinks/orders/partitions/0/dead-letters/1"),
                Map.entry("problems", "/console/problems"),
                Map.entry("problem", "/problems/offset-gap"),
                Map.entry("audit", "/console/audit"),
                Map.entry("keys", "/console/keys"),
                Map.entry("make-key", "/console/acts/make-key"),
                Map.entry("deliveries", "/console/deliveries"),
                Map.entry("settings", "/console/settings"),
                Map.entry("service", "/console/service"),
                Map.entry("tasks", "/console/sinks/orders/tasks"),
                Map.entry("refused", "/console/sinks/no-such-sink"),
                Map.entry("pause", "/console/acts/pause?sink=orders"),
                Map.entry("discard", "/console/acts/discard?sink=orders&partition=0&offset=1"),
                Map.entry("edit-letter", "/console/acts/edit-letter?sink=orders&partition=0&offset=1"),
                Map.entry("edit", "/console/sinks/orders/edit"),
                Map.entry("define", "/console/acts/define?type=http"));
    }

    @ParameterizedTest(name = "{0} {2} {3}")
    @MethodSource("shown")
    void keepsNobodyOut(String name, String path, ColorScheme scheme, int width) {
        try (BrowserContext context = context(scheme, width)) {
            Page page = context.newPage();
            List<String> complaints = Chromium.complaints(page);
            page.navigate(path);
            Chromium.picture(page, name + "-" + scheme.name().toLowerCase(Locale.ROOT) + "-" + width);

            AxeResults found = new AxeBuilder(page).analyze();

            assertThat(found.getViolations().stream()
                            .map(rule -> rule.getId() + ": "
                                    + rule.getNodes().stream()
                                            .map(node -> node.getHtml() + " " + node.getFailureSummary())
                                            .toList())
                            .toList())
                    .isEmpty();
            assertThat(found.getPasses()).hasSizeGreaterThan(10);
            // A page that tells a refusal has its status.
            assertThat(complaints).allMatch(complaint -> name.equals("refused") && complaint.contains("404"));
            assertThat(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))
                    .as("nothing is wider than the window")
                    .isEqualTo(true);
        }
    }

    @Test
    void narrowsAListDownWhileOneTypes() {
        try (BrowserContext context = context(ColorScheme.LIGHT, 1280)) {
            Page page = context.newPage();
            page.navigate("/console/sinks");
            page.keyboard().press("/");
            page.keyboard().type("arch");
            page.locator("#list tbody tr")
                    .nth(1)
                    .waitFor(new Locator.WaitForOptions().setState(WaitForSelectorState.DETACHED));

            assertThat(page.locator("#list tbody th").allInnerTexts()).containsExactly("archive");
            assertThat(page.url()).contains("prefix=arch");
        }
    }

    /* A number beyond a double's, to see that the script does not round it. */
    @Test
    void keepsFieldsAndJsonInStepWhileOneTypes() {
        try (BrowserContext context = context(ColorScheme.LIGHT, 1280)) {
            Page page = context.newPage();
            page.navigate("/console/acts/define?type=table");
            page.locator("#sink").fill("in-step");
            page.locator("#f-partitions").fill("0\n1");
            assertThat(page.locator("#definition").inputValue()).contains("\"0\",", "\"1\"");
            page.locator("#definition")
                    .fill("{\"type\":\"table\",\"partitions\":[\"7\"],\"on-rejected\":\"dead-letter\","
                            + "\"dead-letters\":{\"max-open\":9007199254740993}}");
            assertThat(page.locator("#f-partitions").inputValue()).isEqualTo("7");
            Locator open = page.locator("#f-dead-letters--max-open");
            assertThat(open.inputValue()).isEqualTo("9007199254740993");

            page.locator("#e-dead-letters--max-open")
                    .getByText("9007199254740993")
                    .waitFor();
            assertThat(open.getAttribute("aria-invalid")).isEqualTo("true");
            Chromium.picture(page, "define-wrong");
            open.fill("5");
            page.locator("#draft").getByText("It would be taken.").waitFor();
            assertThat(page.locator("#definition").inputValue()).contains("\"max-open\": 5");
            assertThat(open.getAttribute("aria-invalid")).isNull();
            page.getByRole(
                            AriaRole.BUTTON,
                            new Page.GetByRoleOptions().setName("Define").setExact(true))
                    .click();
            page.waitForURL("**/console/sinks/in-step?**");

            assertThat(client.get("/sinks/in-step")
                            .body()
                            .at("/settings/dead-letters/max-open")
                            .toString())
                    .isEqualTo("5");
        }
    }

    /* To go back and forth shows no key again. */
    @Test
    void showsAKeyOnceOnly() {
        try (BrowserContext context = context(ColorScheme.LIGHT, 1280)) {
            Page page = context.newPage();
            page.navigate("/console/acts/make-key");
            page.locator("#note").fill("a browser");
            page.getByLabel("read", new Page.GetByLabelOptions().setExact(true))
                    .first()
                    .check();
            page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Make the key"))
                    .click();
            String key = page.locator("#secret").innerText();
            assertThat(key).startsWith("slk_");
            Chromium.picture(page, "key-shown");
            assertThat(page.url()).endsWith("/console/acts/make-key");
            page.navigate("/console/keys");
            assertThat(page.content()).doesNotContain(key);
            // The browser does not have the page any more, and would have to send the form again.
            assertThatThrownBy(page::goBack).hasMessageContaining("ERR_CACHE_MISS");
            await().ignoreExceptions()
                    .untilAsserted(() -> assertThat(page.content()).doesNotContain(key));
        }
    }

    @Test
    void remembersWhetherItIsToBeDark() {
        try (BrowserContext context = context(ColorScheme.LIGHT, 1280)) {
            Page page = context.newPage();
            page.navigate("/console");
            page.locator("#theme").click();
            page.locator("#theme").click();
            page.navigate("/console/sinks");

            assertThat(page.locator("#theme").innerText()).isEqualTo("Theme: dark");
            assertThat(page.evaluate("document.documentElement.dataset.theme")).isEqualTo("dark");
        }
    }

    /* A poison record behind a buffer, by keyboard alone, from the overview to a balance without a difference. */
    @Test
    void leadsByKeyboardFromTheOverviewToAReplay() {
        put("flights", "\"type\":\"table\",\"partitions\":[\"0\"]");
        service.execute("alter table flights add constraint flights_check check (data ->> 'n' <> '0')");
        put("flights-buffer", "\"type\":\"batching\",\"target\":\"flights\",\"flush-interval\":\"100ms\"");
        client.batch("flights-buffer", "0", 0, "{\"n\":1},{\"n\":0},{\"n\":2}").isWritten("committed");
        try (BrowserContext context = context(ColorScheme.LIGHT, 1280)) {
            Page page = context.newPage();
            await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
                page.navigate("/console");
                assertThat(page.locator(".needs").innerText()).contains("flights-buffer");
            });
            press(page, "of flights-buffer, delivery fails");
            // Which partition it is is told once it has been failing for some seconds.
            if (!page.url().contains("/partitions/")) {
                press(page, "0");
            }
            press(page, "Set aside");
            page.locator("#f-offset").focus();
            page.keyboard().press("Control+A");
            page.keyboard().type("1");
            page.keyboard().press("Tab");
            page.keyboard().type("a known bad record");
            press(page, "Set aside");
            await().atMost(Duration.ofSeconds(60))
                    .untilAsserted(() -> assertThat(
                                    client.snapshot("flights-buffer", "0").number("deliveredOffset"))
                            .isEqualTo(3));

            // Which sinks have some is looked at every now and then.
            await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
                page.navigate("/console");
                assertThat(page.locator(".needs").innerText()).contains("of flights, dead letters");
            });
            press(page, "of flights, dead letters");
            press(page, "0 / 1");
            press(page, "Edit");
            page.locator("#record").focus();
            page.keyboard().press("Control+A");
            page.keyboard().type("{\"n\":3}");
            press(page, "Try it");
            assertThat(page.locator(".notice").innerText()).contains("The target would take it.");
            press(page, "Keep it");
            press(page, "Replay");
            page.locator("#f-reason").focus();
            page.keyboard().type("mended");
            press(page, "Replay");
            assertThat(page.locator(".notice").innerText()).contains("Done: replay");
            assertThat(service.query("select data from flights order by source_offset"))
                    .containsExactly("{\"n\": 1}", "{\"n\": 3}", "{\"n\": 2}");
            page.navigate("/console/sinks/flights/partitions/0");
            assertThat(page.locator(".facts").allInnerTexts().toString()).contains("Difference\n● 0");
        }
    }

    /* By the tabulator to a link or button of that name, and then as one presses it. */
    private static void press(Page page, String name) {
        page.locator("main").focus();
        for (int i = 0; i < 200; i++) {
            page.keyboard().press("Tab");
            Locator focused = page.locator(":focus");
            if (focused.count() == 1
                    && isPressed(focused)
                    && isNamed(focused.textContent().strip(), name)) {
                assertThat(isVisible(focused))
                        .as("the focus on " + name + " can be seen")
                        .isTrue();
                page.keyboard().press("Enter");
                page.waitForLoadState();
                return;
            }
        }
        throw new AssertionError("the tabulator does not lead to '" + name + "' on " + page.url() + "\n"
                + page.locator("main").innerText());
    }

    private static boolean isPressed(Locator focused) {
        return List.of("A", "BUTTON").contains(focused.evaluate("element => element.tagName"));
    }

    /* What is said to those who do not see the row stands behind the name. */
    private static boolean isNamed(String text, String name) {
        return text.equals(name) || (name.startsWith("of ") && text.endsWith(" " + name));
    }

    private static boolean isVisible(Locator focused) {
        return !focused.evaluate("element => getComputedStyle(element).outlineStyle")
                .equals("none");
    }

    @Test
    void tellsTheSecondOfTwoWhoActOnOneDeadLetter() {
        put("twice", "\"type\":\"table\",\"partitions\":[\"0\"]," + LETTERS);
        service.execute("alter table twice add constraint twice_check check (data ->> 'n' <> '0')");
        client.batch("twice", "0", 0, "{\"n\":0}").isWritten("committed");
        try (BrowserContext context = context(ColorScheme.LIGHT, 1280)) {
            Page first = context.newPage();
            Page second = context.newPage();
            for (Page page : List.of(first, second)) {
                page.navigate("/console/acts/discard?sink=twice&partition=0&offset=0");
                page.locator("#f-reason").fill("by one of two");
                page.locator("#confirmed").fill("0");
            }
            first.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Discard"))
                    .click();
            second.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Discard"))
                    .click();

            assertThat(first.locator(".notice").innerText()).contains("Done: discard");
            assertThat(second.locator("[role=alert]").innerText())
                    .contains("The dead letters are not what the request counts on");
        }
    }
}
