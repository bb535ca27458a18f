package dev.sluice.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The console in a browser that runs no script: every page can be read, and every act done, by plain links and forms. */
class ConsoleWithoutScriptsIT {

    private static InProcess service;
    private static Client client;
    private static Chromium chromium;

    @BeforeAll
    static void start() {
        chromium = Chromium.start();
        service = InProcess.start();
        client = service.client();
        put("orders", "\"on-rejected\":\"dead-letter\",\"dead-letters\":{\"max-share\":100}");
        service.execute("alter table orders add constraint good check (data ->> 'n' <> '0')");
        client.batch("orders", "0", 0, "{\"n\":1},{\"n\":0},{\"n\":0}").isWritten("committed");
        put("archive", "\"on-rejected\":\"stop\"");
    }

    private static void put(String sink, String more) {
        Answer answer = client.put("/sinks/" + sink, "{\"type\":\"table\",\"partitions\":[\"0\",\"1\"]," + more + "}");
        assertThat(answer.status()).as(answer.body().toString()).isEqualTo(201);
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
                "/console/sinks/orders",
                "/console/sinks/orders/partitions/0",
                "/console/sinks/orders/dead-letters",
                "/console/sinks/orders/partitions/0/dead-letters/2",
                "/console/sinks/orders/tasks",
                "/console/sinks/orders/edit",
                "/console/acts/define",
                "/console/acts/edit-letter?sink=orders&partition=0&offset=2",
                "/console/problems",
                "/console/audit",
                "/console/keys",
                "/console/service",
                "/problems/fenced"
            })
    void showsEveryPage(String path) {
        try (BrowserContext context = chromium.withoutScripts(client.port())) {
            Page page = context.newPage();
            List<String> complaints = Chromium.complaints(page);

            assertThat(page.navigate(path).status()).isEqualTo(200);

            assertThat(page.locator("h1").innerText()).isNotBlank();
            assertThat(page.locator("main").innerText()).hasSizeGreaterThan(40);
            // What does nothing without a script is not there.
            assertThat(page.locator("button[type=button]:visible").allInnerTexts())
                    .isEmpty();
            assertThat(complaints).isEmpty();
        }
    }

    @Test
    void findsAndPausesAndResumes() {
        try (BrowserContext context = chromium.withoutScripts(client.port())) {
            Page page = context.newPage();
            page.navigate("/console/sinks");
            page.getByLabel("Begins with").fill("arch");
            press(page, "Show");
            assertThat(page.locator("#list tbody th").allInnerTexts()).containsExactly("archive");
            follow(page, "archive");
            follow(page, "Pause");
            page.getByLabel("Reason").fill("its disk is exchanged");
            press(page, "Show what it would do");
            assertThat(page.locator(".effect").innerText()).contains("What would be done");
            assertThat(client.get("/sinks/archive").body().has("control")).isFalse();
            press(page, "Pause");
            assertThat(page.locator("main").innerText()).contains("Done: pause", "its disk is exchanged");
            assertThat(client.get("/sinks/archive").body().has("control")).isTrue();
            follow(page, "Resume");
            page.getByLabel("Reason").fill("it is there");
            press(page, "Resume");
            assertThat(client.get("/sinks/archive").body().has("control")).isFalse();
        }
    }

    @Test
    void editsReplaysAndDiscardsDeadLetters() {
        try (BrowserContext context = chromium.withoutScripts(client.port())) {
            Page page = context.newPage();
            page.navigate("/console/sinks/orders/dead-letters");
            follow(page, "0 / 1");
            follow(page, "Edit");
            page.locator("#record").fill("{\"n\":7}");
            press(page, "Try it");
            assertThat(page.locator(".notice").innerText()).contains("The target would take it.");
            press(page, "Keep it");
            follow(page, "Replay");
            page.getByLabel("Reason").fill("mended");
            press(page, "Replay");
            assertThat(page.locator(".notice").innerText()).contains("Done: replay");
            page.navigate("/console/sinks/orders/partitions/0/dead-letters/2");
            follow(page, "Discard");
            page.getByLabel("Reason").fill("a test record");
            page.getByLabel("to confirm").fill("2");
            press(page, "Discard");

            assertThat(service.query("select source_offset, state from sluice.dead_letter order by 1"))
                    .containsExactly("1 replayed", "2 discarded");
            assertThat(service.query("select data from orders order by source_offset"))
                    .containsExactly("{\"n\": 1}", "{\"n\": 7}");
        }
    }

    private static void press(Page page, String name) {
        page.getByRole(
                        AriaRole.BUTTON,
                        new Page.GetByRoleOptions().setName(name).setExact(true))
                .click();
    }

    private static void follow(Page page, String name) {
        page.locator("main")
                .getByRole(
                        AriaRole.LINK,
                        new com.microsoft.playwright.Locator.GetByRoleOptions()
                                .setName(name)
                                .setExact(true))
                .first()
                .click();
    }
}
