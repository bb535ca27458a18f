package dev.sluice.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.scenario.Browser.Shown;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Records that are made to be more than text where they are shown: wherever a page shows one of them, or what a target
 * says of it, it is text, all of its characters can be seen, and the page stays small.
 */
class ConsoleHostileIT {

    /* With characters that are not seen, as themselves: a terminal's escape, a turn of direction, nothing, a mark. */
    private static final String TEXT = "<script src=//evil.example></script><img src=x onerror=alert(1)>"
            + "</textarea></pre>\u202e\u200b\u061c\u2066\udb40\udc41'\"&amp;";
    private static final String RECORD = "{\"delay\":0,\"x\":" + json(TEXT) + ",\"e\":\"\\u001b[31m\"}";
    private static final String NUL = "{\"delay\":1,\"x\":\"<b>\\u0000\"}";
    private static final String LARGE = "{\"delay\":0,\"x\":\"" + "<i>x</i>".repeat(125_000) + "\"}";
    private static final Pattern RAW =
            Pattern.compile("<script src=//|<img src=x|<i>x|<b>|[\\p{Cc}\\p{Cf}&&[^\\n\\r\\t]]");
    private static final int MOST_CHARACTERS = 300_000;

    private static InProcess service;
    private static Client client;
    private static Browser browser;

    @BeforeAll
    static void start() {
        service = InProcess.start();
        client = service.client();
        browser = new Browser(client.port());
        put("orders", "\"type\":\"table\",\"on-rejected\":\"dead-letter\",\"dead-letters\":{\"max-share\":100}");
        put("strict", "\"type\":\"table\"");
        for (String table : List.of("orders", "strict")) {
            service.execute("create function refuse_" + table + "() returns trigger language plpgsql as $$ begin"
                    + " if new.data ->> 'delay' = '0' then raise exception 'no flight %', new.data ->> 'x'"
                    + " using errcode = '23514'; end if; return new; end $$");
            service.execute("create trigger refuse before insert on " + table
                    + " for each row execute procedure refuse_" + table + "()");
        }
        assertThat(client.put(
                                "/sinks/orders-buffer",
                                "{\"type\":\"batching\",\"target\":\"strict\",\"flush-interval\":\"10ms\"}")
                        .status())
                .isEqualTo(201);
        client.batch("orders", "0", 0, "{\"delay\":66}," + RECORD + "," + NUL).isWritten("committed");
        client.batch("orders", "0", 3, LARGE).isWritten("committed");
        client.batch("strict", "1", 0, RECORD).isProblem(422, "record-rejected");
        client.batch("orders-buffer", "0", 0, RECORD).isWritten("committed");
        // Before its target is paused, after which nothing is tried.
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(browser.get("/console").text()).contains("delivery fails"));
        client.open("orders", "1", "{\"owner\":" + json("<b>me</b>'\"&") + "}");
        act("/sinks/strict/pause", "{\"what\":\"intake\",\"reason\":" + json("<b>" + TEXT) + "}");
        act("/sinks/orders/partitions/0/dead-letters/2/discard", "{\"reason\":" + json(TEXT) + "}");
    }

    private static void put(String sink, String settings) {
        assertThat(client.put("/sinks/" + sink, "{\"partitions\":[\"0\",\"1\"]," + settings + "}")
                        .status())
                .isEqualTo(201);
    }

    private static void act(String path, String body) {
        Answer answer = client.post(path, Client.JSON, body);
        assertThat(answer.status()).as(answer.body().toString()).isEqualTo(200);
    }

    private static String json(String text) {
        return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    static List<String> pages() {
        return List.of(
                "/console",
                "/console/sinks",
                "/console/sinks/orders",
                "/console/sinks/strict",
                "/console/sinks/orders-buffer",
                "/console/sinks/orders/partitions/0",
                "/console/sinks/orders/partitions/1",
                "/console/sinks/orders-buffer/partitions/0",
                "/console/sinks/orders/dead-letters?state=all",
                "/console/sinks/orders/partitions/0/dead-letters/1",
                "/console/sinks/orders/partitions/0/dead-letters/2",
                "/console/sinks/orders/partitions/0/dead-letters/3",
                "/console/acts/edit-letter?sink=orders&partition=0&offset=1",
                "/console/acts/edit-letter?sink=orders&partition=0&offset=3",
                "/console/acts/replay?sink=orders&partition=0&offset=3",
                "/console/problems",
                "/console/audit",
                "/console/acts/pause?sink=orders&reason=" + Browser.encoded(TEXT),
                "/console/sinks?prefix=" + Browser.encoded(TEXT),
                "/console/sinks/orders/dead-letters?code=" + Browser.encoded(TEXT));
    }

    @ParameterizedTest
    @MethodSource("pages")
    void isText(String path) {
        Shown page = browser.get(path).is(200);

        // What a form sends back stays as it is, between quotes.
        String shown = page.html().replaceAll("<input (?:[^\"<>]++|\"[^\"]*+\")*+>", "");
        assertThat(RAW.matcher(shown)
                        .results()
                        .map(found -> shown.substring(found.start(), Math.min(found.end() + 40, shown.length())))
                        .toList())
                .isEmpty();
        assertThat(page.html().length()).isLessThan(MOST_CHARACTERS);
    }

    @Test
    void showsWhatCannotBeSeen() {
        String letter =
                browser.get("/console/sinks/orders/partitions/0/dead-letters/1").text();

        assertThat(letter).contains("no flight <script src=//evil.example></script>");
        assertThat(letter).contains("\\u202e\\u200b\\u061c\\u2066\\udb40\\udc41", "\\u001b[31m");
        assertThat(browser.get("/console/sinks/orders/partitions/0/dead-letters/2")
                        .text())
                .contains("22P05", "{\"delay\":1,\"x\":\"<b>\\u0000\"}");
        assertThat(browser.get("/console/audit").text()).contains("<img src=x onerror=alert(1)>", "\\u202e");
        assertThat(browser.get("/console").text()).contains("no flight <script src=//evil.example>");
        assertThat(browser.get("/console/problems").html()).doesNotContain("evil.example");
    }

    @Test
    void showsTheBeginningOfALargeRecordAndWhereTheRestIs() {
        Shown letter = browser.get("/console/sinks/orders/partitions/0/dead-letters/3");

        assertThat(letter.text()).contains("<i>x</i>", "018 bytes", "the command at the foot of the page");
        String whole = Shell.run(letter.commands().get(0));
        assertThat(whole).hasSizeGreaterThan(1_000_000);
        Shown editor = browser.get("/console/acts/edit-letter?sink=orders&partition=0&offset=3");
        assertThat(editor.html()).doesNotContain("<textarea");
        assertThat(editor.text()).contains("too large to be edited in a page");
        assertThat(editor.commands().get(0)).contains("-X PUT", "If-Match", "--data-binary @record.json");
    }

    /* The reason of an act comes back from its preview as it was typed, whatever can be seen of it. */
    @Test
    void sendsBackWhatWasTyped() {
        put("typed", "\"type\":\"table\"");
        client.batch("typed", "0", 0, "1,2").isWritten("committed");
        String reason = "\ud83d\udc69\u200d\ud83d\udcbb of " + TEXT;
        Shown form = browser.get("/console/acts/reset?sink=typed&partition=0").is(200);
        Shown preview =
                browser.post("/console/acts/reset", form, "nextOffset", "1", "reason", reason, "step", "preview");

        assertThat(preview.is(200).field("reason")).isEqualTo(reason);
        browser.post(
                        "/console/acts/reset",
                        preview,
                        "nextOffset",
                        "1",
                        "reason",
                        preview.field("reason"),
                        "confirmed",
                        "0",
                        "step",
                        "do")
                .is(303);
        assertThat(client.get("/audit?sink=typed&action=reset")
                        .body()
                        .at("/entries/0/reason")
                        .stringValue())
                .isEqualTo(reason);
    }

    @Test
    void tellsOfBytesThatAreNoTextAndKeepsNone() {
        byte[] bytes = "{\"offset\":0,\"records\":[{\"x\":\"\u00ff<b>\"}]}".getBytes(StandardCharsets.ISO_8859_1);
        client.post("/sinks/orders/partitions/1", Client.JSON, BodyPublishers.ofByteArray(bytes))
                .isProblem(400, "malformed-batch");

        Shown problems = browser.get("/console/problems?type=malformed-batch").is(200);
        assertThat(problems.text()).contains("malformed-batch");
        assertThat(problems.html()).doesNotContain("\ufffd").doesNotContain("<b>");
    }
}
