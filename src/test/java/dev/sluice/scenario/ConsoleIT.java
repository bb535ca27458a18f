package dev.sluice.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.problem.ProblemType;
import dev.sluice.scenario.Browser.Shown;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The console, read and used without scripts: it shows what the API answers and sends what it shows as a command. */
class ConsoleIT {

    /* Inline scripts, inline styles and handlers, which the policy forbids. */
    private static final Pattern INLINE = Pattern.compile("<script(?![^>]* src=)|<style|\\sstyle=|\\son[a-z]+=");
    private static final String HOSTILE =
            "{\"delay\":0,\"x\":\"<script>alert(1)</script>\\u001b[31m" + '\u202e' + "'\\\"&\"}";

    private static InProcess service;
    private static Client client;
    private static Browser browser;

    @BeforeAll
    static void start() {
        service = InProcess.start("sluice.sinks.configured.type=log", "sluice.sinks.configured.workers=2");
        client = service.client();
        browser = new Browser(client.port());
        put("orders", "\"type\":\"table\",\"on-rejected\":\"dead-letter\",\"dead-letters\":{\"max-share\":100}");
        service.execute("alter table orders add constraint delay_check check (data ->> 'delay' <> '0')");
        client.batch("orders", "0", 0, "{\"delay\":66}," + HOSTILE + ",{\"delay\":95}")
                .isWritten("committed");
        client.open("orders", "1", "{\"owner\":\"loader-7\"}");
        assertThat(client.put(
                                "/sinks/events",
                                "{\"type\":\"batching\",\"target\":\"orders\",\"flush-interval\":\"1s\"}")
                        .status())
                .isEqualTo(201);
        client.get("/sinks/no-such-sink");
    }

    private static void put(String sink, String settings) {
        assertThat(client.put("/sinks/" + sink, "{\"partitions\":[\"0\",\"1\"]," + settings + "}")
                        .status())
                .isEqualTo(201);
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    static List<String> pages() {
        return List.of(
                "/console",
                "/console/sinks",
                "/console/sinks?prefix=or&type=table",
                "/console/sinks/orders",
                "/console/sinks/events?used=true",
                "/console/sinks/configured",
                "/console/sinks/orders/partitions/0",
                "/console/sinks/orders/partitions/1",
                "/console/sinks/events/partitions/0",
                "/console/sinks/configured/partitions/1",
                "/console/sinks/orders/dead-letters",
                "/console/sinks/orders/dead-letters?state=all&code=23514",
                "/console/sinks/orders/partitions/0/dead-letters/1",
                "/console/sinks/orders/tasks",
                "/console/sinks/orders/edit",
                "/console/problems",
                "/console/problems?type=unknown-sink",
                "/console/deliveries",
                "/console/acts/try-now?sink=events",
                "/console/audit",
                "/console/audit?action=definition-put",
                "/console/keys",
                "/console/service",
                "/console/settings",
                "/console/acts/pause?sink=orders",
                "/console/acts/reset?sink=orders&partition=1&version=1",
                "/console/acts/discard?sink=orders&partition=0&offset=1",
                "/console/acts/edit-letter?sink=orders&partition=0&offset=1",
                "/console/acts/define",
                "/console/acts/define?type=http",
                "/console/acts/make-key",
                "/problems/offset-gap");
    }

    @ParameterizedTest
    @MethodSource("pages")
    void showsAPageThatABrowserIsNotToldToRunAnythingOf(String path) {
        Shown page = browser.get(path).is(200);

        assertThat(page.response().headers().firstValue("Content-Type")).hasValue("text/html;charset=UTF-8");
        assertThat(page.response()
                        .headers()
                        .firstValue("Content-Security-Policy")
                        .orElseThrow())
                .contains("default-src 'self'", "frame-ancestors 'none'")
                .doesNotContain("unsafe");
        assertThat(page.response().headers().firstValue("X-Content-Type-Options"))
                .hasValue("nosniff");
        assertThat(page.response().headers().firstValue("Referrer-Policy")).isPresent();
        assertThat(page.response().headers().firstValue("Cache-Control")).hasValue("no-store");
        assertThat(page.html()).doesNotContainPattern(INLINE).doesNotContain("<script>alert");
        assertThat(page.html().length()).isLessThan(120_000);
    }

    /* What is copied reads the same: every command of every page, run as it stands. */
    @ParameterizedTest
    @MethodSource("pages")
    void showsCommandsThatRead(String path) {
        List<String> commands = browser.get(path).commands().stream()
                .filter(command -> !command.contains(" -X "))
                .toList();
        if (path.startsWith("/console")
                && !path.contains("/acts/pause")
                && !path.contains("/acts/reset")
                && !path.contains("/acts/try-now")) {
            assertThat(commands).isNotEmpty();
        }
        commands.forEach(command -> {
            JsonNode answer = new JsonMapper().readTree(Shell.run(command));
            assertThat(answer.isObject()).as(command).isTrue();
            assertThat(answer.has("detail")).as(command + answer).isFalse();
        });
    }

    @Test
    void leadsFromTheRootToTheConsole() {
        assertThat(browser.get("/").is(302).location()).endsWith("/console");
    }

    @Test
    void saysWhatNeedsSomebodyFirst() {
        String text = browser.get("/console").text();

        assertThat(text).contains("Needs somebody", "dead letters", "orders", "1 record was refused", "23514");
        assertThat(text.indexOf("Needs somebody")).isLessThan(text.indexOf("How it is"));
    }

    @Test
    void showsAHostileRecordAsText() {
        Shown letter = browser.get("/console/sinks/orders/partitions/0/dead-letters/1");

        assertThat(letter.html()).contains("&lt;script&gt;alert(1)&lt;/script&gt;");
        assertThat(letter.html()).doesNotContain("\u001b").doesNotContain("\u202e");
    }

    @Test
    void saysWhyAGuaranteeIsNotStronger() {
        assertThat(browser.get("/console/sinks/configured").text())
                .contains("at-least-once", "Why it is not stronger:", "workers, which keep no positions");
        assertThat(browser.get("/console/sinks/events").html())
                .contains("events of type batching, orders of type table");
    }

    @Test
    void tellsAProblemInItsOwnWords() {
        Shown page = browser.get("/console/sinks/order").is(404);

        assertThat(page.text()).contains("There is no such sink", "did you mean orders?", "What this means");
        assertThat(page.html()).contains("href=\"/problems/unknown-sink\"");
    }

    @ParameterizedTest
    @EnumSource(ProblemType.class)
    void explainsEveryProblemWhereItsTypeLeads(ProblemType type) {
        String text = browser.get("/problems/" + type.slug()).is(200).text();

        assertThat(text).contains(type.title(), "What happened", "What to do", "/problems/" + type.slug());
        assertThat(text)
                .containsPattern("What happened \\S.{20,} What to do \\S.{15,} An example .*\"detail\": \"..+\"");
    }

    @Test
    void keepsTheRecentProblemsOfTheApiWhereTheyAre() {
        assertThat(client.get("/problems/recent").status()).isEqualTo(200);
        client.get("/problems/no-such-problem").isProblem(404, "not-found");
    }

    @Test
    void servesStylesUnderNamesThatChangeWithThem() {
        String html = browser.get("/console").html();
        var styles = Pattern.compile("href=\"(/console/assets/[0-9a-f]{12}/console.css)\"")
                .matcher(html);
        assertThat(styles.find()).isTrue();
        Shown file = browser.get(styles.group(1)).is(200);
        assertThat(file.response().headers().firstValue("Cache-Control").orElseThrow())
                .contains("max-age=31536000", "immutable");
        browser.get("/console/assets/000000000000/console.css").is(404);
        browser.get("/console/assets/000000000000/application.yaml").is(404);
    }

    @Test
    void hasFewStyles() throws IOException {
        assertThat(Files.readAllLines(Path.of("src/main/resources/console/console.css")))
                .hasSizeLessThanOrEqualTo(400);
    }

    @Test
    void doesWhatItsCommandDoes() {
        put("paused-by-form", "\"type\":\"table\"");
        put("paused-by-command", "\"type\":\"table\"");
        Shown form = browser.get("/console/acts/pause?sink=paused-by-form").is(200);
        String[] wish = {"what", "intake", "reason", "it's \"night\" $HOME `id`", "step", "preview"};

        Shown tried = browser.post("/console/acts/pause", form, wish).is(200);
        assertThat(tried.text()).contains("What would be done");
        assertThat(client.get("/sinks/paused-by-form").body().has("control")).isFalse();
        wish[5] = "do";
        Shown done = browser.post("/console/acts/pause", tried, wish).is(303);
        Shown of = browser.get(done.location()).is(200);
        assertThat(of.text()).contains("Done: pause, number", "intake paused");
        assertThat(of.html()).contains("href=\"/console/acts/resume?sink=paused-by-form\"");
        String command = tried.commands().stream()
                .filter(copied -> copied.contains("-X POST"))
                .findFirst()
                .orElseThrow();
        Shell.run(command.replace("paused-by-form", "paused-by-command"));

        JsonNode byForm = client.get("/sinks/paused-by-form").body().at("/control/0");
        JsonNode byCommand = client.get("/sinks/paused-by-command").body().at("/control/0");
        assertThat(byForm.path("reason")).isEqualTo(byCommand.path("reason"));
        assertThat(byForm.path("what")).isEqualTo(byCommand.path("what"));
        assertThat(byForm.path("state")).isEqualTo(byCommand.path("state"));
        resume("paused-by-form");
    }

    private static void resume(String sink) {
        Shown form = browser.get("/console/acts/resume?sink=" + sink);
        browser.post("/console/acts/resume", form, "what", "both", "reason", "over", "step", "do")
                .is(303);
        assertThat(client.get("/sinks/" + sink).body().has("control")).isFalse();
    }

    @Test
    void goesFromADeadLetterToAReplay() {
        put("mended", "\"type\":\"table\",\"on-rejected\":\"dead-letter\",\"dead-letters\":{\"max-share\":100}");
        service.execute("alter table mended add constraint good check (data ->> 'n' <> '0')");
        client.batch("mended", "0", 0, "{\"n\":1},{\"n\":0}").isWritten("committed");
        String letter = "/console/sinks/mended/partitions/0/dead-letters/1";
        assertThat(browser.get(letter).text()).contains("Why it was refused", "23514", "{\"n\":0}");

        Shown editor = browser.get("/console/acts/edit-letter?sink=mended&partition=0&offset=1");
        Shown refused =
                browser.post("/console/acts/edit-letter", editor, "record", "{\"n\":0,\"m\":1}", "step", "preview");
        assertThat(refused.is(422).text()).contains("The target refuses records");
        Shown tried = browser.post("/console/acts/edit-letter", editor, "record", "{\"n\":7}", "step", "preview");
        assertThat(tried.is(200).text()).contains("The target would take it.", "− \"n\" : 0", "+ \"n\" : 7");
        browser.post("/console/acts/edit-letter", tried, "record", "{\"n\":7}", "step", "do")
                .is(303);
        Shown edited = browser.get(letter);
        assertThat(edited.text()).contains("What was edited", "As it was received");

        Shown replay = browser.get("/console/acts/replay?sink=mended&partition=0&offset=1");
        Shown done = browser.post("/console/acts/replay", replay, "reason", "mended", "step", "do")
                .is(303);
        assertThat(browser.get(done.location()).text()).contains("Done: replay", "replayed");
        assertThat(service.query("select data from mended order by source_offset"))
                .containsExactly("{\"n\": 1}", "{\"n\": 7}");
        assertThat(browser.get("/console/sinks/mended/partitions/0").text()).contains("Difference ● 0");
        Shown again = browser.post("/console/acts/replay", replay, "reason", "twice", "step", "do");
        assertThat(again.is(409).text()).contains("The dead letters are not what the request counts on");
    }

    @Test
    void wantsToBeToldTwiceWhereThereIsNoWayBack() {
        put("gone", "\"type\":\"table\"");
        client.batch("gone", "0", 0, "1,2,3").isWritten("committed");
        Shown form = browser.get("/console/acts/reset?sink=gone&partition=0&version=1")
                .is(200);
        assertThat(form.html()).doesNotContain("value=\"do\"");

        Shown preview =
                browser.post("/console/acts/reset", form, "nextOffset", "1", "reason", "again", "step", "preview");
        assertThat(preview.is(200).text()).contains("What would be done", "records: 2", "Type 0 to confirm");
        assertThat(client.snapshot("gone", "0").number("nextOffset")).isEqualTo(3);
        String[] sure = {"nextOffset", "1", "reason", "again", "step", "do", "confirmed", "yes"};
        assertThat(browser.post("/console/acts/reset", preview, sure).is(400).text())
                .contains("Not confirmed");
        String[] other = {"nextOffset", "0", "reason", "again", "step", "do", "confirmed", "0"};
        assertThat(browser.post("/console/acts/reset", preview, other).is(200).text())
                .contains("What would be done", "records: 3");
        assertThat(client.snapshot("gone", "0").number("nextOffset")).isEqualTo(3);
        sure[7] = "0";
        browser.post("/console/acts/reset", preview, sure).is(303);
        assertThat(client.snapshot("gone", "0").number("nextOffset")).isEqualTo(1);

        Shown delete = browser.get("/console/acts/delete?sink=gone");
        Shown deleted = browser.post(
                        "/console/acts/delete", delete, "reason", "over", "confirmed", "gone", "step", "do")
                .is(303);
        assertThat(deleted.location()).startsWith("/console/sinks?done=delete");
        client.get("/sinks/gone").isProblem(404, "unknown-sink");
    }

    @Test
    void definesASinkAndDefinesItAnew() {
        Shown form = browser.get("/console/acts/define?type=table").is(200);
        assertThat(form.text()).contains("Settings of type table", "on-rejected");
        String wrong = "{\"type\":\"table\",\"partitions\":[\"0\"],\"colour\":\"red\"}";
        Shown refused =
                browser.post("/console/acts/define", form, "sink", "made", "definition", wrong, "step", "preview");
        assertThat(refused.is(422).text()).contains("colour", "The definition makes no sense");
        String right = "{\"type\":\"table\",\"partitions\":[\"0\"],\"on-rejected\":\"dead-letter\"}";
        Shown tried =
                browser.post("/console/acts/define", form, "sink", "made", "definition", right, "step", "preview");
        assertThat(tried.is(200).text()).contains("It would be taken.", "exactly-once");
        client.get("/sinks/made").isProblem(404, "unknown-sink");
        browser.post("/console/acts/define", tried, "sink", "made", "definition", right, "step", "do")
                .is(303);

        Shown edit = browser.get("/console/sinks/made/edit").is(200);
        assertThat(edit.text()).contains("\"on-rejected\" : \"dead-letter\"");
        String unchanged = edit.hidden().get("before");
        Shown same = browser.post("/console/acts/define", edit, "definition", unchanged, "step", "do")
                .is(303);
        assertThat(same.location()).isEqualTo("/console/sinks/made?done=defined-anew");
        String more = unchanged.replace("\"0\"", "\"0\", \"1\"");
        Shown diff = browser.post("/console/acts/define", edit, "definition", more, "step", "preview")
                .is(200);
        assertThat(diff.text()).contains("What is different", "+ ");
    }

    @Test
    void replaysAllThatMatchByTheNumberThatWasShown() {
        put("many", "\"type\":\"table\",\"on-rejected\":\"dead-letter\",\"dead-letters\":{\"max-share\":100}");
        service.execute("alter table many add constraint good check (data ->> 'n' <> '0')");
        client.batch("many", "0", 0, "{\"n\":0},{\"n\":0},{\"n\":1}").isWritten("committed");
        service.execute("alter table many drop constraint good");
        Shown form =
                browser.get("/console/acts/replay-all?sink=many&code=23514").is(200);

        Shown preview = browser.post("/console/acts/replay-all", form, "reason", "mended", "step", "preview")
                .is(200);
        assertThat(preview.text()).contains("matching 2");
        browser.post("/console/acts/replay-all", preview, "reason", "mended", "step", "do")
                .is(303);
        await().untilAsserted(() ->
                assertThat(browser.get("/console/sinks/many/tasks").text()).contains("replay", "2 of 2", "done"));
        assertThat(browser.get("/console/sinks/many/dead-letters").text()).contains("There are no open dead letters.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"cross-site", "same-site"})
    void refusesAFormOfAnotherSite(String site) {
        Shown form = browser.get("/console/acts/pause?sink=orders");
        String[] wish = {"what", "intake", "reason", "none", "step", "do"};

        browser.post("/console/acts/pause", form, List.of("Sec-Fetch-Site", site), wish)
                .is(403);
        Shown without = new Shown(200, "", form.response());
        browser.post("/console/acts/pause", without, wish).is(403);
        assertThat(client.get("/sinks/orders").body().has("control")).isFalse();
    }

    @Test
    void canBeSwitchedOff() {
        try (InProcess off = InProcess.start("sluice.console.enabled=false")) {
            for (String path : List.of("/", "/console", "/console/sign-in", "/problems/fenced")) {
                assertThat(off.client().get(path).isProblem(404, "not-found").text("detail"))
                        .contains("sluice.console.enabled");
            }
            assertThat(off.client().get("/sinks").status()).isEqualTo(200);
            assertThat(off.client().get("/problems/recent").status()).isEqualTo(200);
        }
    }
}
