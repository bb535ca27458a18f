package dev.sluice.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.postgres.PostgresForTests;
import dev.sluice.postgres.PostgresForTests.Database;
import dev.sluice.scenario.Browser.Shown;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/** Who sees and does what with a browser: as much as with the key itself, for as long as the session and the key last. */
class ConsoleAccessIT {

    private static Database database;
    private static InProcess one;
    private static InProcess two;
    private static Client admin;
    private static Browser nobody;

    @BeforeAll
    static void start(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("administrator.key");
        database = PostgresForTests.freshDatabase();
        one = replica(file);
        two = replica(file);
        admin = one.client().as(Files.readString(file).strip());
        nobody = new Browser(admin.port());
        for (String sink : List.of("mine", "other")) {
            String definition = "{\"type\":\"table\",\"partitions\":[\"0\"],\"on-rejected\":\"dead-letter\","
                    + "\"dead-letters\":{\"max-share\":100}}";
            assertThat(admin.put("/sinks/" + sink, definition).status()).isEqualTo(201);
            InProcess.execute(database, "alter table " + sink + " add constraint good check (data ->> 'n' <> '0')");
            admin.batch(sink, "0", 0, "{\"n\":0,\"secret\":\"canary-" + sink + "\"}")
                    .isWritten("committed");
        }
    }

    private static InProcess replica(Path file) {
        return InProcess.on(database, List.of(), "sluice.keys.administrator-file=" + file);
    }

    @AfterAll
    static void stop() {
        two.close();
        one.close();
    }

    private static Answer key(String sinks, String... verbs) {
        return admin.post(
                "/keys",
                Client.JSON,
                "{\"note\":\"a person\",\"grants\":[{\"sinks\":\"" + sinks + "\",\"verbs\":[\""
                        + String.join("\",\"", verbs) + "\"]}]}");
    }

    private static Browser signedIn(String sinks, String... verbs) {
        return new Browser(admin.port()).signedIn(key(sinks, verbs).text("key"));
    }

    private static List<String> paths() {
        Set<String> paths = new TreeSet<>();
        one.bean("requestMappingHandlerMapping", RequestMappingHandlerMapping.class)
                .getHandlerMethods()
                .forEach((mapping, method) -> mapping.getPatternValues().stream()
                        .filter(path -> path.startsWith("/console"))
                        .filter(path -> !path.startsWith("/console/assets/"))
                        .filter(path -> !path.startsWith("/console/sign-"))
                        .forEach(paths::add));
        return new ArrayList<>(paths);
    }

    private static String of(String path, String sink) {
        return path.replace("{sink}", sink)
                        .replace("{partition}", "0")
                        .replace("{offset}", "0")
                        .replace("{act}", "replay")
                + "?sink=" + sink + "&partition=0&offset=0";
    }

    static Stream<String> ofASink() {
        return paths().stream()
                .filter(path -> path.contains("{sink}") || path.endsWith("letter") || path.contains("{act}"));
    }

    @ParameterizedTest
    @MethodSource("paths")
    void asksWhoeverHasNotSignedInToDoSo(String path) {
        assertThat(nobody.get(of(path, "mine")).is(303).location()).startsWith("/console/sign-in?then=%2Fconsole");
        nobody.withCookie("sluice-session=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")
                .get(of(path, "mine"))
                .is(303);
        one.client().get(of(path, "mine")).isProblem(401, "unauthenticated");
    }

    @ParameterizedTest
    @MethodSource("ofASink")
    void showsNothingOfASinkThatDoesNotExistForWhoeverLooks(String path) {
        Browser foreigner = signedIn("other", "write", "read", "records", "define", "operate");

        Shown mine = foreigner.get(of(path, "mine"));
        Shown none = foreigner.get(of(path, "none"));

        assertThat(mine.status()).isEqualTo(404);
        assertThat(mine.html()).doesNotContain("canary-mine");
        assertThat(mine.text().replace("mine", "none").replaceAll("urn:trace:\\w+", ""))
                .isEqualTo(none.text().replaceAll("urn:trace:\\w+", ""));
    }

    @Test
    void listsWhatMayBeRead() {
        Browser foreigner = signedIn("other", "read", "records");

        for (String path :
                List.of("/console", "/console/sinks", "/console/deliveries", "/console/problems", "/console/service")) {
            assertThat(foreigner.get(path).is(200).html())
                    .as(path)
                    .doesNotContain(">mine<")
                    .doesNotContain("canary-mine");
        }
        assertThat(foreigner.get("/console/sinks").text()).contains("other");
    }

    @ParameterizedTest
    @CsvSource({
        "write, 403, 403, 403, 403",
        "read, 200, 403, 403, 403",
        "records, 403, 200, 403, 403",
        "operate, 200, 403, 303, 403",
        "define, 200, 403, 403, 403",
        "admin, 403, 403, 403, 200"
    })
    void holdsPagesAndActsToTheGrants(String verb, int sink, int letter, int pause, int audit) {
        Browser person = signedIn("*", verb);

        person.get("/console/sinks/mine").is(sink);
        Shown shown =
                person.get("/console/sinks/mine/partitions/0/dead-letters/0").is(letter);
        assertThat(shown.html().contains("canary-mine")).isEqualTo(letter == 200);
        person.get("/console/audit").is(audit);
        person.get("/console/keys").is(audit);
        person.get("/console/settings").is(audit);
        Shown wish = person.get("/console/acts/try-now?sink=mine").is(200);
        // Of a table there is nothing to try, which is told to those who may try.
        person.post("/console/acts/try-now", wish, "reason", "a test").is(pause == 303 ? 400 : pause);
        Shown form = person.get("/console/acts/pause?sink=mine").is(200);
        person.post("/console/acts/pause", form, "what", "intake", "reason", "a test", "step", "do")
                .is(pause);
        assertThat(admin.get("/sinks/mine").body().has("control")).isEqualTo(pause == 303);
        admin.post("/sinks/mine/resume", Client.JSON, "{\"reason\":\"a test\"}");
    }

    @Test
    void signsInWithAKeyAndOut() {
        Browser person = new Browser(admin.port());
        Shown asked = person.get("/console/sinks?prefix=m").is(303);
        Shown form = person.get(asked.location()).is(200);
        Shown refused = person.post("/console/sign-in", form, "credential", "slk_nonsense");
        assertThat(refused.is(401).text()).contains("Not signed in", "is no key of this service");
        String text = key("*", "read").text("key");

        Shown done = person.post("/console/sign-in", form, "credential", " " + text + "\n")
                .is(303);

        assertThat(done.location()).isEqualTo("/console/sinks?prefix=m");
        assertThat(done.response().headers().firstValue("Set-Cookie").orElseThrow())
                .contains("HttpOnly", "SameSite=Strict", "Path=/console")
                .doesNotContain(text)
                .doesNotContain("Secure");
        Shown page = person.get("/console/sinks?prefix=m").is(200);
        assertThat(page.text()).contains("mine", "key:", "Sign out");
        assertThat(page.html()).doesNotContain(text);
        assertThat(page.commands().get(0)).contains("-H \"Authorization: Bearer $SLUICE_KEY\"");
        Browser thief = person.withCookie(person.cookie());
        thief.get("/console/sinks").is(200);
        person.post("/console/sign-out", page).is(303);
        person.get("/console/sinks").is(303);
        thief.get("/console/sinks").is(303);
    }

    @Test
    void setsASecureCookieWhereTheLastHopIsSecure() {
        Browser person = new Browser(admin.port());
        Shown form = person.get("/console/sign-in");
        Shown done = person.post(
                "/console/sign-in",
                form,
                List.of("X-Forwarded-Proto", "https"),
                "credential",
                key("*", "read").text("key"));
        assertThat(done.response().headers().firstValue("Set-Cookie").orElseThrow())
                .contains("Secure");
    }

    @ParameterizedTest
    @CsvSource({
        "//evil.example",
        "https://evil.example/console",
        "/console//../sinks\\evil",
        "/sinks",
        "/consoles",
        "/console?<",
        "/console?%zz"
    })
    void leadsNowhereElseAfterASignIn(String then) {
        Browser person = new Browser(admin.port());
        Shown form = person.get("/console/sign-in");
        Shown done = person.post(
                "/console/sign-in",
                form,
                "then",
                then,
                "credential",
                key("*", "read").text("key"));
        assertThat(done.is(303).location()).isEqualTo("/console");
    }

    @Test
    void holdsOnEveryReplicaAndEndsWithTheKey() {
        Answer key = key("mine", "read", "operate");
        Browser person = new Browser(admin.port()).signedIn(key.text("key"));
        Browser elsewhere = new Browser(two.client().port()).withCookie(person.cookie());
        Shown form = elsewhere.get("/console/acts/pause?sink=mine").is(200);

        assertThat(admin.method("DELETE", "/keys/" + key.text("id")).status()).isEqualTo(200);

        person.get("/console/sinks/mine").is(303);
        await().atMost(Duration.ofSeconds(5))
                .untilAsserted(() -> elsewhere.get("/console/sinks/mine").is(303));
        elsewhere
                .post("/console/acts/pause", form, "what", "intake", "reason", "late", "step", "do")
                .is(303);
        assertThat(admin.get("/sinks/mine").body().has("control")).isFalse();
    }

    @Test
    void takesTheCookieForPagesOnly() {
        Browser person = signedIn("*", "read");

        for (String path : List.of("/sinks", "/console/../sinks", "/problems/recent", "/actuator/metrics")) {
            assertThat(person.get(path).status()).as(path).isEqualTo(401);
        }
    }

    @Test
    void takesFormsOfTheSameSessionOnly() {
        Browser person = signedIn("*", "operate");
        Browser other = signedIn("*", "operate");
        Shown formOfOther = other.get("/console/acts/pause?sink=mine").is(200);

        person.post("/console/acts/pause", formOfOther, "what", "intake", "reason", "a trick", "step", "do")
                .is(403);
        assertThat(admin.get("/sinks/mine").body().has("control")).isFalse();
    }

    @Test
    void countsNoProblemForWhatAPageMayNotRead() {
        Browser person = signedIn("*", "read");
        double before = forbidden();
        String recent = admin.get("/problems/recent?type=forbidden").body().toString();

        person.get("/console/sinks/mine/partitions/0/dead-letters/0").is(403);

        assertThat(forbidden()).isEqualTo(before);
        assertThat(admin.get("/problems/recent?type=forbidden").body().toString())
                .isEqualTo(recent);
    }

    private static double forbidden() {
        return one.bean(MeterRegistry.class).find("sluice.problems").tag("type", "forbidden").counters().stream()
                .mapToDouble(Counter::count)
                .sum();
    }

    @Test
    void takesAKeyInTheHeader() {
        Shown page = nobody.get(
                "/console/sinks",
                "Authorization",
                "Bearer " + key("mine", "read").text("key"));
        assertThat(page.is(200).text()).contains("mine").doesNotContain("other");
    }

    @Test
    void endsSessionsThatNobodyUses(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("administrator.key");
        try (InProcess quick = InProcess.start(
                "sluice.keys.administrator-file=" + file,
                "sluice.console.idle-end=1s",
                "sluice.console.session-end=4s")) {
            Browser person = new Browser(quick.client().port())
                    .signedIn(Files.readString(file).strip());
            String first = person.cookie();
            Matcher asset = Pattern.compile("/console/assets/[^\"]+")
                    .matcher(person.get("/console/sinks").html());
            assertThat(asset.find()).isTrue();
            await().pollInterval(Duration.ofMillis(300))
                    .atMost(Duration.ofSeconds(3))
                    .until(() -> {
                        // A file that everybody may keep comes without a session.
                        assertThat(person.get(asset.group())
                                        .is(200)
                                        .response()
                                        .headers()
                                        .firstValue("Set-Cookie"))
                                .isEmpty();
                        person.get("/console/sinks").is(200);
                        return !person.cookie().equals(first);
                    });
            await().atMost(Duration.ofSeconds(10))
                    .pollDelay(Duration.ofMillis(1_100))
                    .untilAsserted(
                            () -> person.withCookie(first).get("/console/sinks").is(303));
        }
    }
}
