package dev.sluice.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.APIResponse;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.FormData;
import com.microsoft.playwright.options.RequestOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Somebody with a key that may read and nothing else, in a browser: signs in, sees no payload, changes nothing, leaves. */
class ConsoleViewerIT {

    private static final String LETTER = "/console/sinks/orders/partitions/0/dead-letters/0";

    private static InProcess service;
    private static Client admin;
    private static Chromium chromium;

    @BeforeAll
    static void start(@TempDir Path directory) throws IOException {
        chromium = Chromium.start();
        Path file = directory.resolve("administrator.key");
        service = InProcess.start("sluice.keys.administrator-file=" + file);
        admin = service.client().as(Files.readString(file).strip());
        assertThat(admin.put(
                                "/sinks/orders",
                                "{\"type\":\"table\",\"partitions\":[\"0\"],\"on-rejected\":\"dead-letter\","
                                        + "\"dead-letters\":{\"max-share\":100}}")
                        .status())
                .isEqualTo(201);
        service.execute("alter table orders add constraint good check (data ->> 'n' <> '0')");
        admin.batch("orders", "0", 0, "{\"n\":0,\"name\":\"canary-payload\"}").isWritten("committed");
    }

    @AfterAll
    static void stop() {
        service.close();
        chromium.close();
    }

    private static Answer key(String... verbs) {
        return admin.post(
                "/keys",
                Client.JSON,
                "{\"note\":\"a person\",\"grants\":[{\"sinks\":\"*\",\"verbs\":[\"" + String.join("\",\"", verbs)
                        + "\"]}]}");
    }

    private static Page signedIn(BrowserContext context, String credential, String path) {
        Page page = context.newPage();
        page.navigate(path);
        assertThat(page.url()).contains("/console/sign-in?then=");
        page.getByLabel("Key or token").fill(credential);
        page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Sign in"))
                .click();
        page.waitForURL("**" + path);
        return page;
    }

    @Test
    void showsNoRecordToWhoeverMayReadDefinitionsOnly() {
        try (BrowserContext context = chromium.context(admin.port())) {
            Page page = signedIn(context, key("read").text("key"), "/console/sinks/orders");
            assertThat(page.locator("h1").innerText()).contains("orders");

            for (String path : List.of(
                    "/console",
                    "/console/sinks/orders",
                    "/console/sinks/orders/partitions/0",
                    "/console/sinks/orders/dead-letters",
                    LETTER,
                    "/console/acts/edit-letter?sink=orders&partition=0&offset=0",
                    "/console/problems")) {
                page.navigate(path);
                assertThat(page.content()).as(path).doesNotContain("canary-payload");
            }
            page.navigate(LETTER);
            assertThat(page.locator("[role=alert]").innerText()).contains("records");
            page.navigate("/console/sinks/orders/partitions/0");
            page.locator("#tail-button").click();
            page.locator("#tail-state:not(:empty)").waitFor();
            assertThat(page.content()).doesNotContain("canary-payload");
        }
    }

    /* What a button would send, whether or not there is one: sent by hand, with the session and its token. */
    @Test
    void changesNothingEvenByHand() {
        try (BrowserContext context = chromium.context(admin.port())) {
            Page page = signedIn(context, key("read", "records").text("key"), LETTER);
            assertThat(page.locator(".record").innerText()).contains("canary-payload");
            page.navigate("/console/acts/pause?sink=orders");
            String token = page.locator("form.fields input[name=form-token]").getAttribute("value");
            page.getByLabel("Reason").fill("by the button");
            page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Pause"))
                    .click();
            assertThat(page.locator("[role=alert]").innerText()).contains("operate");

            for (String act : List.of(
                    "pause",
                    "resume",
                    "drain",
                    "take-over",
                    "reset",
                    "set-aside",
                    "replay",
                    "discard",
                    "replay-all",
                    "discard-all",
                    "delete",
                    "edit-letter",
                    "define")) {
                APIResponse refused = context.request()
                        .post(
                                "/console/acts/" + act,
                                RequestOptions.create()
                                        .setForm(FormData.create()
                                                .set("form-token", token)
                                                .set("sink", "orders")
                                                .set("partition", "0")
                                                .set("offset", "0")
                                                .set("nextOffset", "0")
                                                .set("what", "intake")
                                                .set("owner", "me")
                                                .set("reason", "by hand")
                                                .set("record", "{\"n\":1}")
                                                .set("etag", "\"0\"")
                                                .set("definition", "{\"type\":\"table\",\"partitions\":[\"0\"]}")
                                                .set("confirmed", act.equals("reset") ? "0" : "orders")
                                                .set("step", "do"))
                                        .setMaxRedirects(0));
                assertThat(refused.status()).as(act + refused.text()).isBetween(400, 403);
            }
            assertThat(admin.get("/audit?sink=orders&limit=50").body().toString())
                    .doesNotContain("by hand\",\"outcome\":\"done")
                    .doesNotContain("\"replay\",\"outcome\":\"done");
            assertThat(admin.get("/sinks/orders").body().has("control")).isFalse();
            assertThat(service.query("select state, revision from sluice.dead_letter"))
                    .containsExactly("open 0");
            assertThat(admin.snapshot("orders", "0").number("nextOffset")).isEqualTo(1);
        }
    }

    @Test
    void leavesBySigningOut() {
        try (BrowserContext context = chromium.context(admin.port())) {
            Page page = signedIn(context, key("read").text("key"), "/console/sinks");
            Page other = context.newPage();
            other.navigate("/console/sinks/orders");

            page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Sign out"))
                    .click();

            page.waitForURL("**/console/sign-in");
            assertThat(context.cookies()).isEmpty();
            other.reload();
            assertThat(other.url()).contains("/console/sign-in?then=");
            page.goBack();
            assertThat(page.url()).contains("/console/sign-in");
        }
    }

    @Test
    void leadsBackToWhereASessionHasEnded() {
        Answer first = key("read");
        try (BrowserContext context = chromium.context(admin.port())) {
            String path = "/console/sinks?prefix=or&type=table";
            Page page = signedIn(context, first.text("key"), path);
            assertThat(admin.method("DELETE", "/keys/" + first.text("id")).status())
                    .isEqualTo(200);

            page.reload();
            assertThat(page.url()).contains("/console/sign-in?then=");
            page.getByLabel("Key or token").fill(first.text("key"));
            page.keyboard().press("Enter");
            page.locator("[role=alert]").waitFor();
            assertThat(page.locator("[role=alert]").innerText()).contains("Not signed in");
            page.getByLabel("Key or token").fill(key("read").text("key"));
            page.keyboard().press("Enter");

            page.waitForURL("**" + path);
            assertThat(page.locator("#list tbody th").allInnerTexts()).containsExactly("orders");
        }
    }
}
