package dev.sluice.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.scenario.Browser.Shown;
import java.time.Duration;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.web.util.HtmlUtils;

/**
 * What the first page says needs somebody, of each kind: what is the matter, since when, in which order, and whether its
 * button leads where one can do something about it.
 */
class ConsoleNeedsIT {

    private static final Pattern NEED = Pattern.compile(
            "<li class=\"(bad|warn)\">.*?</span>\\s*([^<]+)</span>\\s*<a [^>]+>([^<]+)</a>(.*?)</p>\\s*"
                    + "<p>(.*?)</p>\\s*<a class=\"button\" href=\"([^\"]+)\">([^<]+)<",
            Pattern.DOTALL);
    private static final String ONE = "\"partitions\":[\"0\"]";
    private static final String LETTERS = "\"on-rejected\":\"dead-letter\",\"dead-letters\":{\"max-share\":100}";

    private static InProcess service;
    private static Client client;
    private static Browser browser;

    /** One of the list, as it is shown. */
    private record Need(
            String colour, String kind, String sink, String age, String sentence, String href, String help) {

        static Need of(MatchResult found) {
            return new Need(
                    found.group(1),
                    found.group(2).strip(),
                    found.group(3),
                    text(found.group(4)),
                    text(found.group(5)),
                    HtmlUtils.htmlUnescape(found.group(6)),
                    found.group(7).strip());
        }

        private static String text(String html) {
            return HtmlUtils.htmlUnescape(html.replaceAll("<[^>]+>", " "))
                    .replaceAll("\\s+", " ")
                    .strip();
        }
    }

    @BeforeAll
    static void start() {
        service = InProcess.start(
                "sluice.sinks.slow.type=batching",
                "sluice.sinks.slow.target=store",
                "sluice.sinks.slow.flush-interval=1h",
                "sluice.sinks.store.type=table",
                "sluice.sinks.store.partitions=0");
        client = service.client();
        browser = new Browser(client.port());
        put("fine", "\"type\":\"table\"," + ONE);
        put("webhook", "\"type\":\"http\"," + ONE + ",\"url\":\"http://127.0.0.1:1/hooks\"");
        client.batch("webhook", "0", 0, "1");
        put("bookings", "\"type\":\"table\"," + ONE);
        service.execute("alter table bookings add constraint seats check (data ->> 'seats' <> '0')");
        put("bookings-buffer", "\"type\":\"batching\",\"target\":\"bookings\",\"flush-interval\":\"10ms\"");
        client.batch("bookings-buffer", "0", 0, "{\"seats\":0}").isWritten("committed");
        put("flights", "\"type\":\"table\"," + ONE + "," + LETTERS);
        service.execute("alter table flights add constraint delay_check check (data ->> 'delay' <> '0')");
        client.batch("flights", "0", 0, "{\"delay\":0},{\"delay\":1},{\"delay\":0}")
                .isWritten("committed");
        service.execute(
                "update sluice.dead_letter set refused_at = now() - interval '5 hours' where source_offset = 0");
        client.batch("slow", "0", 0, "1,2").isWritten("committed");
        service.execute("update sluice.delivery set waiting_since = now() - interval '20 minutes' where sink = 'slow'");
        for (String sink : List.of("archive", "paused-briefly", "paused-with-an-end")) {
            put(sink, "\"type\":\"table\"," + ONE);
            String end = sink.endsWith("end") ? ",\"until\":\"2099-01-01T00:00:00Z\"" : "";
            client.post(
                    "/sinks/" + sink + "/pause",
                    Client.JSON,
                    "{\"what\":\"intake\",\"reason\":\"its disk\"" + end + "}");
        }
        service.execute("update sluice.control set since = now() - interval '2 hours' where sink <> 'paused-briefly'");
        service.execute("update sluice.control_revision set revision = revision + 1");
        service.execute(
                "insert into sluice.definition (sink, settings, revision, updated_at)"
                        + " values ('odd', '{\"type\":\"no-such-type\",\"partitions\":[\"0\"]}', 99, now() - interval '3 days')");
        service.execute("update sluice.definition_revision set revision = 99");
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(needs()).hasSize(6));
    }

    private static void put(String sink, String settings) {
        Answer answer = client.put("/sinks/" + sink, "{" + settings + "}");
        assertThat(answer.status()).as(answer.body().toString()).isEqualTo(201);
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    private static List<Need> needs() {
        return NEED.matcher(browser.get("/console").is(200).html())
                .results()
                .map(Need::of)
                .toList();
    }

    private static Need need(String sink) {
        return needs().stream()
                .filter(need -> need.sink().equals(sink))
                .findFirst()
                .orElseThrow(() -> new AssertionError("nothing of " + sink + " in " + needs()));
    }

    @Test
    void listsTheWorstFirstAndNothingElse() {
        List<Need> needs = needs();

        assertThat(needs.stream().map(Need::kind).toList())
                .containsExactly("unusable", "writing fails", "delivery fails", "blocked", "dead letters", "paused");
        assertThat(needs.stream().map(Need::sink).toList())
                .containsExactly("odd", "webhook", "bookings-buffer", "slow", "flights", "archive");
        assertThat(needs.stream().map(Need::colour).toList())
                .containsExactly("bad", "bad", "bad", "bad", "warn", "warn");
        assertThat(browser.get("/console").text()).contains("6 things need somebody.");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "odd | 3 d ago | type: there is no sink type 'no-such-type'.*",
                "webhook | [0-9]+ s ago | .*127\\.0\\.0\\.1.*",
                "bookings-buffer | [0-9]+ s ago | .*seats.*",
                "slow | 20 min ago | 2 records wait to be delivered, the first of them for more than ten minutes\\.",
                "flights | 5 h ago | 2 records were refused, most with code 23514: .*delay_check.*",
                "archive | 2 h ago | Its intake is paused, with no end: its disk"
            })
    void saysWhatIsTheMatterSinceWhen(String sink, String age, String sentence) {
        assertThat(need(sink).age()).matches(age);
        assertThat(need(sink).sentence()).matches(sentence);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "odd | Edit the definition | The same as JSON",
                "webhook | Look at .* | Writing fails since",
                "bookings-buffer | Look at .* | bookings-buffer",
                "slow | Look at its partitions | lagging",
                "flights | Look at them | Replay all 2",
                "archive | Resume | Writers may write and buffers deliver again"
            })
    void leadsWhereItHelps(String sink, String help, String shown) {
        Need need = need(sink);

        assertThat(need.help()).matches(help);
        Shown page = browser.get(need.href()).is(200);
        assertThat(page.text()).contains(shown, sink);
    }

    @Test
    void leadsToTheRecordThatADeliveryFailsWith() {
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(need("bookings-buffer").href())
                        .isEqualTo("/console/sinks/bookings-buffer/partitions/0"));
        assertThat(browser.get(need("bookings-buffer").href()).html())
                .contains("/console/acts/set-aside?sink=bookings-buffer&amp;partition=0&amp;offset=0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"paused-briefly", "paused-with-an-end", "fine", "bookings", "store"})
    void leavesOutWhatNeedsNobody(String sink) {
        assertThat(needs()).noneMatch(need -> need.sink().equals(sink));
    }

    @Test
    void saysSoWhenNothingNeedsAnybody() {
        try (InProcess calm = InProcess.start("sluice.sinks.fine.type=table", "sluice.sinks.fine.partitions=0")) {
            calm.client().batch("fine", "0", 0, "1").isWritten("committed");
            assertThat(new Browser(calm.client().port()).get("/console").text()).contains("Nothing needs anybody.");
        }
    }
}
