package dev.sluice.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.scenario.Browser.Shown;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The command that a form shows, run by a shell as it stands, does what the form's button does: two sinks in the same
 * state, one acted on by the button, the other by the command, end in the same state with the same audit entries. With
 * and without keys, and with values that a shell could take for something else.
 */
class ConsoleCommandsIT {

    private static final String PARTITION = "eu:1+2@a=b.c-d";
    private static final String IN_PATH = "eu%3A1%2B2%40a%3Db.c-d";
    private static final String REASON =
            "it's \"night\" $HOME `id` \\ ! %41 &amp; <b> Größe 東京 \ud83d\udc69\u200d\ud83d\udcbb # ; | > /dev/null";
    private static final String LETTERS = ",\"on-rejected\":\"dead-letter\",\"dead-letters\":{\"max-share\":100}";
    private static final JsonMapper JSON = new JsonMapper();

    private static InProcess open;
    private static InProcess keyed;
    private static String key;
    private static int used;

    /** An act on the sinks of one service, in a state that is the same for both of them. */
    private record Case(String act, String query, List<String> wish, BiConsumer<Face, String> prepared) {

        Case(String act, String query, List<String> wish) {
            this(act, query, wish, Face::table);
        }

        @Override
        public String toString() {
            return act;
        }
    }

    /** A service as somebody who may do everything reaches it. */
    private record Face(String name, InProcess service, Client client, Browser browser, String secret) {

        @Override
        public String toString() {
            return name;
        }

        JsonNode shell(String command) {
            String said = Shell.run(command, Map.of("SLUICE_KEY", secret));
            JsonNode answer = JSON.readTree(said);
            assertThat(answer.isObject()).as(said).isTrue();
            return answer;
        }

        /** A table with a record that was refused, and room for more partitions. */
        void table(String sink) {
            put(
                    sink,
                    "{\"type\":\"table\",\"table\":\"" + sink + "\",\"partitions\":[\"0\",\"" + PARTITION + "\"]"
                            + LETTERS + "}");
            service.execute("alter table " + sink + " add constraint good check (data ->> 'n' <> '0')");
            assertThat(client.post(
                                    "/sinks/" + sink + "/partitions/" + IN_PATH,
                                    Client.JSON,
                                    Client.dense(0, "{\"n\":1},{\"n\":0,\"it's\":\"$HOME\"},{\"n\":2}"))
                            .status())
                    .isEqualTo(200);
        }

        void paused(String sink) {
            table(sink);
            client.post("/sinks/" + sink + "/pause", Client.JSON, "{\"what\":\"intake\",\"reason\":\"first\"}");
        }

        void mended(String sink) {
            table(sink);
            service.execute("alter table " + sink + " drop constraint good");
        }

        void running(String sink) {
            table(sink);
            String many = String.join(
                    ",", IntStream.range(0, 50).mapToObj(i -> "{\"n\":0}").toList());
            client.batch(sink, "0", 0, many).isWritten("committed");
            Answer task = client.post(
                    "/sinks/" + sink + "/dead-letters/discard",
                    Client.JSON,
                    "{\"filter\":{\"partition\":\"0\"},\"expected\":50,\"perSecond\":1,\"reason\":\"slow\"}");
            assertThat(task.status()).as(task.body().toString()).isEqualTo(202);
        }

        void stopping(String sink) {
            put(sink, "{\"type\":\"table\",\"table\":\"" + sink + "\",\"partitions\":[\"0\",\"" + PARTITION + "\"]}");
        }

        void put(String sink, String definition) {
            Answer answer = client.put("/sinks/" + sink, definition);
            assertThat(answer.status()).as(answer.body().toString()).isEqualTo(201);
        }

        /** Everything of a sink that an act may have changed, with its name and what is different each time left out. */
        List<String> state(String sink) {
            String of = " where sink = '" + sink + "' ";
            List<String> all = new ArrayList<>();
            Stream.of(
                            "select partition_id, next_offset, version, owner, fencing_token from sluice.snapshot" + of
                                    + "order by 1",
                            "select partition_id, flow, drains, until, reason, actor from sluice.control" + of
                                    + "order by 1, 2",
                            "select partition_id, source_offset, reason from sluice.set_aside" + of + "order by 1, 2",
                            "select partition_id, source_offset, state, revision, reason, changed_by,"
                                    + " convert_from(edited, 'UTF8') from sluice.dead_letter" + of
                                    + "and partition_id <> '0' order by 1, 2",
                            "select kind, code, field, partition_id, expected, per_second, reason, actor, state"
                                    + " from sluice.task" + of + "order by created_at",
                            "select settings, deleted from sluice.definition" + of,
                            "select action, outcome, partition_id, reason, actor, request from sluice.audit" + of
                                    + "order by id",
                            "select to_regclass('" + sink + "') is not null")
                    .forEach(query -> all.addAll(service.query(query)));
            if (service.query("select to_regclass('" + sink + "') is not null").contains("t")) {
                all.addAll(service.query("select partition_id, source_offset, data from " + sink + " order by 1, 2"));
            }
            return all.stream()
                    .map(row -> row.replace(sink, "it").replaceAll("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "id"))
                    .toList();
        }
    }

    @BeforeAll
    static void start(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("administrator.key");
        open = InProcess.start();
        keyed = InProcess.start("sluice.keys.administrator-file=" + file, "sluice.tables.schemas=*");
        key = Files.readString(file).strip();
    }

    @AfterAll
    static void stop() {
        keyed.close();
        open.close();
    }

    private static List<Face> faces() {
        Client anybody = open.client();
        Client admin = keyed.client().as(key);
        return List.of(
                new Face("open", open, anybody, new Browser(anybody.port()), "none"),
                new Face("keyed", keyed, admin, new Browser(admin.port()).signedIn(key), key));
    }

    private static List<Case> cases() {
        String partition = "&partition=" + IN_PATH;
        String letter = partition + "&offset=1";
        return List.of(
                new Case("pause", "", List.of("what", "intake", "until", "2099-01-01T00:00:00Z")),
                new Case("pause", partition, List.of("what", "intake")),
                new Case("resume", "", List.of("what", "both"), Face::paused),
                new Case("drain", partition, List.of()),
                new Case("take-over", partition, List.of("owner", "o'Brien \"$USER\"")),
                new Case("take-over", partition + "&version=1", List.of("owner", "loader")),
                new Case("reset", partition, List.of("nextOffset", "1")),
                new Case("set-aside", partition, List.of("offset", "0"), Face::stopping),
                new Case("replay", letter, List.of(), Face::mended),
                new Case("replay", letter, List.of("overwrite", "true"), Face::mended),
                new Case("discard", letter, List.of()),
                new Case("replay-all", partition + "&code=23514", List.of("perSecond", "7"), Face::mended),
                new Case("discard-all", "", List.of()));
    }

    static Stream<Arguments> acts() {
        return faces().stream().flatMap(face -> cases().stream().map(act -> Arguments.of(face, act)));
    }

    private static String sink() {
        return "s" + used++ + "x";
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("acts")
    void doesByCommandWhatTheButtonDoes(Face face, Case act) {
        String byButton = sink();
        String byCommand = sink();
        act.prepared().accept(face, byButton);
        act.prepared().accept(face, byCommand);
        List<String> before = face.state(byCommand);
        assertThat(face.state(byButton)).isEqualTo(before);

        Shown tried = tried(face, act, byButton);
        Shown shown = tried(face, act, byCommand);
        assertThat(face.state(byButton)).as("nothing is done by looking at it").isEqualTo(before);
        Shown done = face.browser().post("/console/acts/" + act.act(), tried, wish(act, byButton, "do"));
        assertThat(done.status()).as(done.text()).isEqualTo(303);
        JsonNode answer = face.shell(shown.commands().get(0));

        assertThat(answer.has("detail")).as(answer.toString()).isFalse();
        await().untilAsserted(() -> {
            assertThat(face.state(byCommand)).isEqualTo(face.state(byButton));
            assertThat(face.state(byCommand)).isNotEqualTo(before);
        });
        assertThat(face.state(byCommand).toString()).contains(REASON);
        assertThat(face.browser().get(done.location()).is(200).text()).contains("Done: ", "of the audit trail");
    }

    private static Shown tried(Face face, Case act, String sink) {
        Shown form = face.browser()
                .get("/console/acts/" + act.act() + "?sink=" + sink + act.query())
                .is(200);
        Shown tried = face.browser().post("/console/acts/" + act.act(), form, wish(act, sink, "preview"));
        assertThat(tried.text()).contains("What would be done");
        tried.is(200);
        return tried;
    }

    private static String[] wish(Case act, String sink, String step) {
        List<String> all = new ArrayList<>(act.wish());
        all.addAll(List.of("reason", REASON, "step", step));
        if (step.equals("do")) {
            all.addAll(List.of("confirmed", confirmation(act.act(), sink)));
        }
        return all.toArray(String[]::new);
    }

    private static String confirmation(String act, String sink) {
        return switch (act) {
            case "reset" -> PARTITION;
            case "discard" -> "1";
            case "discard-all" -> sink;
            default -> "";
        };
    }

    static Stream<Face> services() {
        return faces().stream();
    }

    @ParameterizedTest
    @MethodSource("services")
    void deletesByCommandAsByTheButton(Face face) {
        UnaryOperator<String> page =
                sink -> "/console/acts/delete?force=true&sink=" + sink + "&reason=" + Browser.encoded(REASON);
        String byButton = sink();
        String byCommand = sink();
        face.table(byButton);
        face.table(byCommand);

        Shown form = face.browser().get(page.apply(byButton)).is(200);
        face.browser()
                .post(
                        "/console/acts/delete",
                        form,
                        "reason",
                        REASON,
                        "force",
                        "true",
                        "confirmed",
                        byButton,
                        "step",
                        "do")
                .is(303);
        String command = face.browser().get(page.apply(byCommand)).commands().get(0);
        Shell.run(command, Map.of("SLUICE_KEY", face.secret()));

        face.client().get("/sinks/" + byCommand).isProblem(404, "unknown-sink");
        assertThat(face.state(byCommand)).isEqualTo(face.state(byButton));
        assertThat(face.state(byCommand).toString()).contains(REASON);
    }

    @ParameterizedTest
    @MethodSource("services")
    void cancelsByCommandAsByTheButton(Face face) {
        String byButton = sink();
        String byCommand = sink();
        face.running(byButton);
        face.running(byCommand);

        Shown form = face.browser().get(cancel(face, byButton)).is(200);
        face.browser().post("/console/acts/cancel", form, "step", "do").is(303);
        face.shell(face.browser().get(cancel(face, byCommand)).commands().get(0));

        for (String sink : List.of(byButton, byCommand)) {
            await().untilAsserted(() -> assertThat(
                            face.service().query("select state from sluice.task where sink = '" + sink + "'"))
                    .containsExactly("cancelled"));
        }
    }

    private static String cancel(Face face, String sink) {
        return "/console/acts/cancel?sink=" + sink + "&task="
                + face.service()
                        .query("select id from sluice.task where sink = '" + sink + "'")
                        .get(0);
    }

    @ParameterizedTest
    @MethodSource("services")
    void editsByCommandAsByTheButton(Face face) {
        String record = "{\"n\" : 7,\r\n \"it's\":\"$HOME `id` \\\\ \\\" Größe \u202e\ud83d\udc69\u200d\ud83d\udcbb\"}";
        String[] wish = {"record", record, "step", "preview"};
        String byButton = sink();
        String byCommand = sink();
        face.table(byButton);
        face.table(byCommand);

        Shown tried = edited(face, byButton, wish);
        Shown shown = edited(face, byCommand, wish);
        face.shell(shown.commands().get(0));
        wish[3] = "do";
        face.browser().post("/console/acts/edit-letter", tried, wish).is(303);

        String edited = "select convert_from(edited, 'UTF8') from sluice.dead_letter where sink = '";
        String kept = face.service().query(edited + byButton + "'").get(0);
        assertThat(JSON.readTree(face.service().query(edited + byCommand + "'").get(0)))
                .isEqualTo(JSON.readTree(kept))
                .isEqualTo(JSON.readTree(record));
    }

    private static Shown edited(Face face, String sink, String... wish) {
        String query = "?sink=" + sink + "&partition=" + IN_PATH + "&offset=1";
        Shown form = face.browser().get("/console/acts/edit-letter" + query).is(200);
        return face.browser().post("/console/acts/edit-letter", form, wish).is(200);
    }

    /* curl would read a file that is named so, and send what is in it. */
    @Test
    void sendsNoFileInTheBodysPlace(@TempDir Path directory) throws IOException {
        Face face = faces().get(0);
        Path file = Files.writeString(directory.resolve("record"), "{\"n\":\"of a file\"}");
        String sink = sink();
        face.table(sink);
        String query = "?sink=" + sink + "&partition=" + IN_PATH + "&offset=1";
        Shown form = face.browser().get("/console/acts/edit-letter" + query).is(200);

        Shown refused = face.browser().post("/console/acts/edit-letter", form, "record", "@" + file, "step", "preview");

        JsonNode answer = face.shell(refused.commands().get(0));
        assertThat(answer.path("status").intValue()).isEqualTo(refused.status()).isEqualTo(400);
        assertThat(face.state(sink).toString()).doesNotContain("of a file");
    }

    @ParameterizedTest
    @MethodSource("services")
    void definesByCommandAsByTheButton(Face face) {
        String byButton = sink();
        String byCommand = sink();

        for (String more : List.of("", ",\"" + PARTITION + "\"")) {
            UnaryOperator<String> definition = sink -> "{\"type\":\"table\",\n\"table\":\"" + sink
                    + "\",\"partitions\":[\"0\"" + more + "]" + LETTERS + "}";
            Shown form = form(face, byButton, more);
            face.browser()
                    .post("/console/acts/define", form, fields(byButton, definition, "do"))
                    .is(303);
            Shown shown = face.browser()
                    .post("/console/acts/define", form(face, byCommand, more), fields(byCommand, definition, "preview"))
                    .is(200);
            face.shell(shown.commands().get(0));

            assertThat(face.client().get("/sinks/" + byCommand).text("partitions"))
                    .isEqualTo(face.client().get("/sinks/" + byButton).text("partitions"))
                    .isEqualTo("[\"0\"" + more + "]");
            assertThat(face.state(byCommand)).isEqualTo(face.state(byButton));
        }
        assertThat(face.state(byCommand).toString()).contains(REASON);
    }

    private static Shown form(Face face, String sink, String more) {
        return face.browser()
                .get(more.isEmpty() ? "/console/acts/define?type=table" : "/console/sinks/" + sink + "/edit")
                .is(200);
    }

    private static String[] fields(String sink, UnaryOperator<String> definition, String step) {
        return new String[] {"sink", sink, "definition", definition.apply(sink), "reason", REASON, "step", step};
    }

    /* What is read, with names that have to be encoded and with a key. */
    @ParameterizedTest
    @MethodSource("services")
    void readsByCommandWhatThePageReads(Face face) {
        String sink = sink();
        face.running(sink);
        List<String> pages = List.of(
                "/console",
                "/console/sinks?prefix=s&type=table&dead-letters=true",
                "/console/sinks/" + sink + "?prefix=eu%3A1%2B2&used=true",
                "/console/sinks/" + sink + "/partitions/" + IN_PATH,
                "/console/sinks/" + sink + "/partitions/" + IN_PATH + "/dead-letters/1",
                "/console/sinks/" + sink
                        + "/dead-letters?state=all&code=%27%22%20%24HOME%20%60id%60%20%C3%A4&partition=" + IN_PATH,
                "/console/sinks/" + sink + "/tasks",
                "/console/sinks/" + sink + "/edit",
                "/console/problems?sink=" + sink,
                "/console/audit?sink=" + sink + "&partition=" + IN_PATH,
                "/console/keys",
                "/console/service");
        for (String page : pages) {
            Shown shown = face.browser().get(page).is(200);
            List<String> reads = shown.commands().stream()
                    .filter(command -> !command.contains(" -X "))
                    .toList();
            assertThat(reads).as(page).isNotEmpty();
            reads.forEach(command ->
                    assertThat(face.shell(command).has("detail")).as(command).isFalse());
        }
    }

    @Test
    void refusesWithoutTheKeyWhatTheCommandAsks() {
        Face face = faces().get(1);
        String command = face.browser().get("/console/sinks").commands().get(0);

        assertThat(command).doesNotContain(key);
        JsonNode answer = JSON.readTree(Shell.run(command, Map.of("SLUICE_KEY", "slk_nonsense")));
        assertThat(answer.path("type").stringValue()).isEqualTo("/problems/unauthenticated");
    }
}
