package dev.sluice.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.scenario.Browser.Shown;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys by forms: their text is shown once, to who has it made, and stands in no address. */
class ConsoleKeyIT {

    private static final Pattern TEXT = Pattern.compile("slk_[A-Za-z0-9_.-]{20,}");

    private static InProcess service;
    private static Client admin;
    private static Browser browser;

    @BeforeAll
    static void start(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("administrator.key");
        service = InProcess.start("sluice.keys.administrator-file=" + file);
        String key = Files.readString(file).strip();
        admin = service.client().as(key);
        browser = new Browser(admin.port()).signedIn(key);
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    private static Shown made(String note) {
        Shown form = browser.get("/console/acts/make-key").is(200);
        return browser.post(
                        "/console/acts/make-key",
                        form,
                        "note",
                        note,
                        "g0.sinks",
                        "events-*",
                        "g0.read",
                        "true",
                        "g1.sinks",
                        "",
                        "q.requestsPerSecond",
                        "100")
                .is(200);
    }

    private static String text(Shown page) {
        Matcher found = TEXT.matcher(page.html());
        assertThat(found.find()).as(page.text()).isTrue();
        return found.group();
    }

    private static String id(String note) {
        for (var key : admin.get("/keys?limit=1000").body().path("keys")) {
            if (key.path("note").stringValue().equals(note)) {
                return key.path("id").stringValue();
            }
        }
        throw new AssertionError("no key is for " + note);
    }

    @Test
    void showsATextOnceAndKeepsItNowhere() {
        Shown page = made("a <b>loader</b>");
        String text = text(page);

        assertThat(page.text()).contains("Keep it now.", "events-*", "a <b>loader</b>");
        assertThat(page.html()).doesNotContain("<b>loader");
        assertThat(page.response().headers().firstValue("Cache-Control")).hasValue("no-store");
        assertThat(page.response().headers().firstValue("Location")).isEmpty();
        assertThat(page.response().uri().toString()).doesNotContain("slk_");
        assertThat(page.commands()).allSatisfy(command -> assertThat(command).doesNotContain(text));
        assertThat(admin.as(text).get("/sinks").status()).isEqualTo(200);
        assertThat(admin.as(text).get("/keys").status()).isEqualTo(403);
        for (String elsewhere : new String[] {"/console/keys", "/console/audit", "/console/acts/make-key"}) {
            assertThat(browser.get(elsewhere).is(200).html()).doesNotContain(text);
        }
        String id = id("a <b>loader</b>");
        assertThat(admin.get("/keys/" + id)
                        .body()
                        .at("/quotas/requestsPerSecond")
                        .longValue())
                .isEqualTo(100);
    }

    @Test
    void tellsWhatIsWrongWithAKeyInTheApisWords() {
        Shown form = browser.get("/console/acts/make-key").is(200);

        Shown refused = browser.post(
                "/console/acts/make-key", form, "note", "nothing", "g0.sinks", "", "expiresAt", "\"><script>x");

        assertThat(refused.is(400).text()).contains("'expiresAt'", "What this means");
        assertThat(refused.html()).doesNotContain("<script>x").contains("value=\"nothing\"");
    }

    @Test
    void changesAKeyAsItWasShown() {
        made("to be changed");
        String id = id("to be changed");
        Shown form = browser.get("/console/acts/change-key?id=" + id).is(200);
        String[] fields = {"note", "changed", "g0.sinks", "*", "g0.operate", "true", "reason", "it is another one"};

        assertThat(browser.post("/console/acts/change-key", form, fields)
                        .is(303)
                        .location())
                .startsWith("/console/keys?done=change-key&audit=");

        Answer key = admin.get("/keys/" + id);
        assertThat(key.body().at("/grants/0/sinks").stringValue()).isEqualTo("*");
        assertThat(key.body().at("/grants/0/verbs").toString()).isEqualTo("[\"operate\"]");
        assertThat(key.body().has("quotas")).isFalse();
        // Somebody has changed it since it was shown.
        assertThat(browser.post("/console/acts/change-key", form, fields).status())
                .isEqualTo(409);
    }

    @Test
    void rotatesAndRevokesWhatIsTyped() {
        String before = text(made("to be ended"));
        String id = id("to be ended");
        Shown form = browser.get("/console/acts/rotate-key?id=" + id).is(200);
        Shown unsure = browser.post("/console/acts/rotate-key", form, "confirmed", "yes", "reason", "every quarter");
        assertThat(unsure.is(400).text()).contains("Not confirmed", "Type '" + id + "'");
        assertThat(admin.as(before).get("/sinks").status()).isEqualTo(200);

        String after = text(browser.post("/console/acts/rotate-key", form, "confirmed", id, "reason", "every quarter")
                .is(200));
        assertThat(admin.as(before).get("/sinks").status()).isEqualTo(401);
        assertThat(admin.as(after).get("/sinks").status()).isEqualTo(200);

        Shown end = browser.get("/console/acts/revoke-key?id=" + id).is(200);
        browser.post("/console/acts/revoke-key", end, "confirmed", "").is(400);
        browser.post("/console/acts/revoke-key", end, "confirmed", id, "reason", "over")
                .is(303);
        assertThat(admin.as(after).get("/sinks").status()).isEqualTo(401);
        assertThat(browser.get("/console/acts/revoke-key?id=" + id).status()).isEqualTo(404);
    }

    @ParameterizedTest
    @ValueSource(strings = {"make-key", "change-key", "rotate-key", "revoke-key"})
    void leavesKeysToAdministrators(String act) {
        made("of a viewer of " + act);
        String id = id("of a viewer of " + act);
        Shown page = made("a viewer of " + act);
        Browser viewer = new Browser(admin.port()).signedIn(text(page));
        Shown any = viewer.get("/console/service").is(200);
        Shown form = viewer.get("/console/acts/pause?sink=events-1").is(200);
        long before = admin.get("/keys?limit=1000").body().path("keys").size();

        viewer.get("/console/acts/" + act + "?id=" + id).is(403);
        viewer.post(
                        "/console/acts/" + act,
                        form,
                        "id",
                        id,
                        "confirmed",
                        id,
                        "note",
                        "mine",
                        "g0.sinks",
                        "*",
                        "g0.admin",
                        "true")
                .is(403);

        assertThat(any.html()).doesNotContain(id);
        assertThat(admin.get("/keys?limit=1000").body().path("keys").size()).isEqualTo(before);
        assertThat(admin.get("/keys/" + id).text("note")).isEqualTo("of a viewer of " + act);
    }
}
