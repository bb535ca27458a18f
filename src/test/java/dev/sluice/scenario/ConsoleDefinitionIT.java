package dev.sluice.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.scenario.Browser.Shown;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Definitions by a field for each setting: what is sent is what was changed, wherever it was changed. */
class ConsoleDefinitionIT {

    private static final String DEFINE = "/console/acts/define";

    private static InProcess service;
    private static Client client;
    private static Browser browser;

    @BeforeAll
    static void start() {
        service = InProcess.start();
        client = service.client();
        browser = new Browser(client.port());
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    /* As a browser sends it, whose lines end otherwise. */
    private static Shown send(Shown form, String step, String... fields) {
        List<String> all = new ArrayList<>(List.of("step", step));
        all.addAll(List.of(fields));
        if (!List.of(fields).contains("definition")) {
            all.add("definition");
            all.add(form.hidden().get("shown").replace("\n", "\r\n"));
        }
        return browser.post(DEFINE, form, all.toArray(String[]::new));
    }

    private static String wrong(Shown page, String field) {
        var found = Pattern.compile("id=\"e-" + Pattern.quote(field) + "\"[^>]*>([^<]*)<")
                .matcher(page.html());
        assertThat(found.find()).as("a place for what is wrong with " + field).isTrue();
        return found.group(1);
    }

    @Test
    void hasAFieldForEachSettingOfEachType() {
        client.get("/sink-types").body().path("types").forEach(type -> {
            Shown form = browser.get(DEFINE + "?type=" + type.path("type").stringValue())
                    .is(200);
            type.path("settings").forEach(setting -> {
                String name = setting.path("name").stringValue();
                if (!setting.path("configurationOnly").asBoolean(false)) {
                    assertThat(form.html()).contains("name=\"s." + name);
                    assertThat(form.text()).contains(setting.path("description").stringValue());
                }
            });
        });
    }

    @Test
    void definesByFieldsAlone() {
        Shown form = browser.get(DEFINE + "?type=table").is(200);

        send(
                        form,
                        "do",
                        "sink",
                        "by-fields",
                        "s.partitions",
                        "0\r\n1\r\n",
                        "s.on-rejected",
                        "dead-letter",
                        "s.dead-letters.max-share",
                        "50")
                .is(303);

        Answer sink = client.get("/sinks/by-fields");
        sink.has("partitions", "[\"0\",\"1\"]");
        assertThat(sink.body().at("/settings/dead-letters/max-share").toString())
                .isEqualTo("50");
    }

    @Test
    void takesAwayWhatIsEmptied() {
        client.put(
                "/sinks/emptied",
                "{\"type\":\"table\",\"partitions\":[\"0\"],\"on-rejected\":\"dead-letter\","
                        + "\"dead-letters\":{\"max-share\":50}}");
        Shown form = browser.get("/console/sinks/emptied/edit").is(200);

        Shown tried = send(form, "preview", "s.dead-letters.max-share", "", "s.on-rejected", "dead-letter");
        assertThat(tried.is(200).text()).contains("It would be taken.", "What is different", "− \"max-share\" : 50");
        send(form, "do", "s.dead-letters.max-share", "").is(303);

        assertThat(client.get("/sinks/emptied").body().at("/settings").has("dead-letters"))
                .isFalse();
    }

    @Test
    void letsTheJsonCountWhereBothWereChanged() {
        Shown form = browser.get(DEFINE + "?type=table").is(200);
        String written = "{\"type\":\"table\",\"partitions\":[\"7\"]}";

        send(
                        form,
                        "do",
                        "sink",
                        "both",
                        "definition",
                        written,
                        "s.partitions",
                        "0\r\n8",
                        "s.on-rejected",
                        "dead-letter")
                .is(303);

        Answer sink = client.get("/sinks/both");
        sink.has("partitions", "[\"7\"]");
        assertThat(sink.body().at("/settings/on-rejected").stringValue()).isEqualTo("dead-letter");
    }

    @Test
    void tellsWhatIsWrongBesideTheField() {
        Shown form = browser.get(DEFINE + "?type=table").is(200);

        Shown refused = send(
                form,
                "preview",
                "sink",
                "wrong",
                "s.partitions",
                "0\r\n<b>",
                "s.on-rejected",
                "dead-letter",
                "s.dead-letters.max-share",
                "900");

        assertThat(wrong(refused.is(422), "dead-letters--max-share")).contains("from 1 to 100");
        assertThat(wrong(refused, "partitions")).contains("[1]: ", "&lt;b&gt;");
        assertThat(wrong(refused, "on-rejected")).isEmpty();
        assertThat(refused.html()).contains("aria-invalid=\"true\"").doesNotContain("<b>");
        assertThat(refused.text()).contains("What is wrong stands beside the fields");
        client.get("/sinks/wrong").isProblem(404, "unknown-sink");
    }

    @Test
    void showsNoSecretAndTakesNoMaskForOne() {
        Shown form = browser.get(DEFINE + "?type=http").is(200);
        String[] fields = {
            "sink", "hidden", "s.partitions", "0", "s.url", "http://127.0.0.1:1/", "s.headers", "{\"X-Key\":\"canary\"}"
        };

        Shown tried = send(form, "preview", fields).is(200);
        assertThat(tried.text()).contains("It would be taken.", "\"X-Key\" : \"***\"");
        assertThat(tried.html()).doesNotContain("canary");
        // The secret was not written again.
        Shown refused = send(tried, "do", "sink", "hidden").is(422);
        assertThat(wrong(refused, "headers")).contains(".X-Key: is '***'", "write the secret itself");
        send(tried, "do", "sink", "hidden", "s.headers", "{\"X-Key\":\"canary\"}")
                .is(303);

        assertThat(service.query("select settings ->> 'headers' from sluice.definition where sink = 'hidden'"))
                .containsExactly("{\"X-Key\":\"canary\"}");
        assertThat(browser.get("/console/sinks/hidden/edit").html())
                .contains("***")
                .doesNotContain("canary");
    }

    @Test
    void tellsWhileOneTypesWhatADryRunSays() {
        Shown form = browser.get(DEFINE + "?type=table").is(200);
        String[] fields = {
            "sink",
            "typed",
            "definition",
            form.hidden().get("shown"),
            "s.on-rejected",
            "dead-letter",
            "s.dead-letters.max-share",
            "900"
        };

        Shown told = browser.post(DEFINE, form, List.of("HX-Request", "true"), fields)
                .is(200);
        fields[7] = "90";
        Shown well = browser.post(DEFINE, form, List.of("HX-Request", "true"), fields)
                .is(200);

        assertThat(told.html()).doesNotContain("<html").contains("hx-swap-oob");
        assertThat(wrong(told, "dead-letters--max-share")).contains("from 1 to 100");
        assertThat(wrong(well, "dead-letters--max-share")).isEmpty();
        assertThat(well.text()).contains("It would be taken.");
        client.get("/sinks/typed").isProblem(404, "unknown-sink");
    }
}
