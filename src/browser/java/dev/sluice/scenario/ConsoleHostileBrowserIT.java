package dev.sluice.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A record with all by which it could run in a browser, wherever it is shown there: nothing of it runs or is loaded. */
class ConsoleHostileBrowserIT {

    private static final String RUN = "window.canary=1";
    private static final String TEXT = "<script>" + RUN + "</script><img src=/canary onerror=" + RUN
            + "><svg onload=" + RUN + "></textarea><style>*{display:none}</style><a href=javascript:" + RUN
            + ">x</a>\u202e${canary}{{canary}}<b hx-get=/canary hx-trigger=load>";
    private static final String RECORD =
            "{\"n\":0,\"x\":\"" + TEXT + "\",\"e\":\"\\u001b[2J\",\"large\":\"" + "<i>".repeat(80_000) + "\"}";

    private static InProcess service;
    private static Client client;
    private static Chromium chromium;

    @BeforeAll
    static void start() {
        chromium = Chromium.start();
        service = InProcess.start();
        client = service.client();
        put("orders", ",\"on-rejected\":\"dead-letter\",\"dead-letters\":{\"max-share\":100}");
        put("strict", "");
        service.execute("create function refuse() returns trigger language plpgsql as $$ begin"
                + " if new.data ->> 'n' = '0' then raise exception 'no %', new.data ->> 'x'"
                + " using errcode = '23514'; end if; return new; end $$");
        for (String table : List.of("orders", "strict")) {
            service.execute(
                    "create trigger refuse before insert on " + table + " for each row execute procedure refuse()");
        }
        client.batch("orders", "0", 0, "{\"n\":0,\"x\":\"" + TEXT + "\"}").isWritten("committed");
        client.batch("orders", "0", 1, RECORD).isWritten("committed");
        put("buffer", "", "{\"type\":\"batching\",\"target\":\"strict\",\"flush-interval\":\"10ms\"}");
        client.batch("buffer", "0", 0, "{\"n\":0,\"x\":\"" + TEXT + "\"}").isWritten("committed");
        client.open("orders", "1", "{\"owner\":\"<img src=/canary onerror=" + RUN + ">\"}");
        client.post("/sinks/strict/pause", Client.JSON, "{\"what\":\"intake\",\"reason\":\"" + TEXT + "\"}");
        client.batch("orders", "0", 90, "1").isProblem(409, "offset-gap");
        await().untilAsserted(() ->
                assertThat(new Browser(client.port()).get("/console").text()).contains("delivery fails"));
    }

    private static void put(String sink, String more) {
        put(sink, more, "{\"type\":\"table\",\"partitions\":[\"0\",\"1\",\"2\"]" + more + "}");
    }

    private static void put(String sink, String more, String definition) {
        Answer answer = client.put("/sinks/" + sink, definition);
        assertThat(answer.status()).as(more + answer.body()).isEqualTo(201);
    }

    @AfterAll
    static void stop() {
        service.close();
        chromium.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/console",
                "/console/sinks",
                "/console/sinks/buffer",
                "/console/sinks/strict",
                "/console/sinks/orders",
                "/console/sinks/orders/partitions/0",
                "/console/sinks/orders/partitions/1",
                "/console/sinks/buffer/partitions/0",
                "/console/sinks/orders/dead-letters",
                "/console/sinks/orders/partitions/0/dead-letters/0",
                "/console/sinks/orders/partitions/0/dead-letters/1",
                "/console/acts/edit-letter?sink=orders&partition=0&offset=0",
                "/console/acts/edit-letter?sink=orders&partition=0&offset=1",
                "/console/problems",
                "/console/audit"
            })
    void runsNothing(String path) {
        try (BrowserContext context = chromium.context(client.port())) {
            Page page = context.newPage();
            List<String> complaints = Chromium.complaints(page);
            List<String> asked = Chromium.asked(page);

            page.navigate(path);
            page.waitForLoadState();

            ranNothing(page, complaints, asked);
        }
    }

    private static void ranNothing(Page page, List<String> complaints, List<String> asked) {
        assertThat(page.evaluate("window.canary")).isNull();
        assertThat(complaints).isEmpty();
        assertThat(asked).noneMatch(url -> url.contains("canary"));
        assertThat(page.locator("main").isVisible()).isTrue();
        assertThat(page.locator("a[href^='javascript:']").count()).isZero();
    }

    @Test
    void runsNothingOfADifference() {
        try (BrowserContext context = chromium.context(client.port())) {
            Page page = context.newPage();
            List<String> complaints = Chromium.complaints(page);
            List<String> asked = Chromium.asked(page);
            page.navigate("/console/acts/edit-letter?sink=orders&partition=0&offset=0");
            page.locator("#record").fill("{\"n\":1,\"y\":\"" + TEXT + "\"}");
            page.getByText("Try it").click();
            assertThat(page.locator(".notice").innerText()).contains("The target would take it.");
            assertThat(page.locator(".diff").innerText()).contains("<script>", "\\u202e");

            ranNothing(page, complaints, asked);
        }
    }

    @Test
    void runsNothingOfARecordThatArrivesWhileSomebodyLooks() {
        try (BrowserContext context = chromium.context(client.port())) {
            Page page = context.newPage();
            List<String> complaints = Chromium.complaints(page);
            List<String> asked = Chromium.asked(page);
            page.navigate("/console/sinks/orders/partitions/2");
            page.locator("#tail-button").click();
            AtomicLong next = new AtomicLong();
            await().untilAsserted(() -> {
                client.batch(
                                "orders",
                                "2",
                                next.getAndIncrement(),
                                "{\"n\":1,\"x\":\"" + TEXT + "\",\"e\":\"\\u001b[2J\"}")
                        .isWritten("committed");
                assertThat(page.locator("#tail-lines li").count()).isPositive();
            });

            assertThat(page.locator("#tail-lines").innerText())
                    .contains("<script>", "\\u202e")
                    .doesNotContain("\u202e");
            ranNothing(page, complaints, asked);
        }
    }
}
