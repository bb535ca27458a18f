package dev.sluice.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.scenario.Browser.Shown;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The settings as they hold, with where they come from and without what is secret. */
class SettingsIT {

    private static InProcess service;
    private static Client admin;

    @BeforeAll
    static void start(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("administrator.key");
        Path yaml = directory.resolve("more.yaml");
        Files.writeString(yaml, """
                sluice:
                  audit:
                    retention: 100d
                  sinks:
                    hooks:
                      type: http
                      workers: 1
                      url: "http://127.0.0.1:1/hooks?key=canary-2"
                      headers:
                        X-Key: canary-3
                """);
        service = InProcess.start(
                "sluice.keys.administrator-file=" + file,
                "spring.config.additional-location=file:" + yaml,
                "sluice.spool.directory=" + Files.createDirectory(directory.resolve("<b>spool")));
        admin = service.client().as(Files.readString(file).strip());
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    private static JsonNode setting(String name) {
        for (JsonNode setting : admin.get("/settings").body().path("settings")) {
            if (setting.path("name").stringValue().equals(name)) {
                return setting;
            }
        }
        throw new AssertionError("there is no setting " + name);
    }

    @Test
    void tellsWhereAValueComesFrom() {
        JsonNode given = setting("sluice.audit.retention");
        assertThat(given.path("value").stringValue()).isEqualTo("100d");
        assertThat(given.path("default").stringValue()).isNotEqualTo("100d");
        assertThat(given.path("origin").stringValue()).isEqualTo("file");
        assertThat(given.path("where").stringValue()).contains("more.yaml").endsWith(" 3:16");

        JsonNode usual = setting("sluice.console.idle-end");
        assertThat(usual.path("value").stringValue()).isEqualTo("30m");
        assertThat(usual.path("origin").stringValue()).isEqualTo("default");
        assertThat(usual.has("where")).isFalse();

        JsonNode argument = setting("sluice.keys.administrator-file");
        assertThat(argument.path("origin").stringValue()).isEqualTo("command-line");
        assertThat(argument.path("where").stringValue()).isEqualTo("--sluice.keys.administrator-file");
    }

    @Test
    void showsNoSecret() {
        String all = admin.get("/settings").body().toString();

        assertThat(all).doesNotContain("canary").contains("http://127.0.0.1:1/hooks?***");
        assertThat(setting("sluice.sinks.hooks.headers.x-key").path("value").stringValue())
                .isEqualTo("***");
    }

    @Test
    void isForAdministrators() {
        String key = admin.post(
                        "/keys",
                        Client.JSON,
                        "{\"note\":\"a viewer\",\"grants\":[{\"sinks\":\"*\",\"verbs\":[\"read\",\"operate\"]}]}")
                .text("key");

        admin.as(key).get("/settings").isProblem(403, "forbidden");
        new Browser(admin.port()).signedIn(key).get("/console/settings").is(403);
        admin.get("/settings?colour=red").isProblem(400, "malformed-request");
    }

    @Test
    void isAPage() throws IOException {
        Browser browser = new Browser(admin.port())
                .signedIn(Files.readString(Path.of(setting("sluice.keys.administrator-file")
                                .path("value")
                                .stringValue()))
                        .strip());

        Shown page = browser.get("/console/settings").is(200);

        assertThat(page.text()).contains("sluice.audit.retention", "100d", "more.yaml", "<b>spool");
        assertThat(page.html()).doesNotContain("canary").doesNotContain("<b>spool");
        assertThat(browser.get("/console/service").html()).contains("href=\"/console/settings\"");
    }
}
