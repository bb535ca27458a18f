package dev.sluice.scenario.hostile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.http.Receiver;
import dev.sluice.http.Reply;
import dev.sluice.postgres.PostgresForTests;
import dev.sluice.postgres.PostgresForTests.Database;
import dev.sluice.scenario.Answer;
import dev.sluice.scenario.Client;
import dev.sluice.scenario.InProcess;
import dev.sluice.scenario.ServiceProcess;
import dev.sluice.scenario.TokenIssuer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.Yaml;

/**
 * Secrets and marked records are given to the jar, which then does whatever it can, with its log at DEBUG and all of
 * actuator open; afterwards they are looked for wherever anybody might come upon them.
 */
class CanariesIT {

    @TempDir
    private static Path directory;

    private static Receiver receiver;
    private static TokenIssuer issuer;
    private static Database database;
    private static Path files;
    private static ServiceProcess process;
    private static Client admin;
    private static Client looker;

    private static final List<Canary> SECRETS = new ArrayList<>();
    private static final Canary RECORD = Canary.of("a record", secret());
    private static final Map<String, String> ANSWERS = new LinkedHashMap<>();

    private static String secret() {
        return "Can4ry" + UUID.randomUUID().toString().replace("-", "");
    }

    private static String planted(String what) {
        String secret = secret();
        SECRETS.add(Canary.of(what, secret));
        return secret;
    }

    @BeforeAll
    static void letItDoWhateverItCan() throws Exception {
        files = Files.createDirectories(directory.resolve("service"));
        receiver = Receiver.ignoringKeys();
        // A target that is talkative about what it was sent.
        receiver.answersBy(request -> Reply.of(request.body().contains("\"fine\"") ? 200 : 422)
                .body("no " + request.header("Authorization") + request.header("X-Api-Key") + request.body()));
        issuer = new TokenIssuer();
        database = PostgresForTests.freshDatabase();
        String password = planted("the password of the database");
        String role = "canary_" + UUID.randomUUID().toString().replace("-", "");
        InProcess.execute(database, "create role " + role + " superuser login password '" + password + "'");
        Path headerFile = Files.writeString(directory.resolve("header"), planted("the header of a file") + "\n");
        Path settings = directory.resolve("settings.yaml");
        Files.writeString(settings, """
                spring.datasource: {url: "%s", username: %s, password: %s}
                logging.level.root: DEBUG
                management.endpoints.web.exposure.include: "*"
                management.endpoint.heapdump.access: none
                sluice:
                  keys.administrator-file: keys/administrator.key
                  jwt: {issuer: "%s", audience: %s}
                  http.allow: "*"
                  spool: {directory: spool, memory-per-batch: 64KB}
                  sinks:
                    rows: {type: table, partitions: ['0', '1']}
                    lenient: {type: table, partitions: ['0'], on-rejected: dead-letter}
                    typed: {type: table, partitions: ['0'], columns: {a: /a}}
                    late: {type: table, partitions: ['0']}
                    waits: {type: batching, target: late, flush-interval: 1h}
                    archive: {type: file, partitions: ['0'], directory: archive}
                    crm: {type: http, partitions: ['0'], url: "%s", headers: {Authorization: %s}, max-attempts: 1}
                    filed: {type: http, partitions: ['0'], url: "%s", header-files: {X-Api-Key: "%s"}, max-attempts: 1}
                """.formatted(
                        database.url(),
                        role,
                        password,
                        issuer.url(),
                        TokenIssuer.AUDIENCE,
                        receiver.url("/crm"),
                        planted("a header of the configuration"),
                        receiver.url("/filed"),
                        headerFile));
        InProcess.execute(
                database,
                "create table typed (partition_id text, source_offset bigint, a int, primary key"
                        + " (partition_id, source_offset))");
        Files.createDirectories(files.resolve("spool"));
        process = ServiceProcess.embedded(files, "spring.config.import=" + settings);
        String key = Files.readString(files.resolve("keys/administrator.key")).strip();
        SECRETS.add(Canary.of("the administrator's key", key.split("_", -1)[2]));
        admin = process.client().as(key);
        exercise();
    }

    @AfterAll
    static void stop() {
        process.close();
        receiver.close();
        issuer.close();
    }

    private static void exercise() throws Exception {
        Client writer = key("write");
        looker = key("read\",\"operate\",\"define\",\"write");
        String token = issuer.token(claims -> claims.claim("sluice", "*:write,read"));
        SECRETS.add(Canary.of("a token", token.substring(token.indexOf('.') + 1)));
        String record = "{\"it\":\"" + RECORD.forms().get(0) + "\"}";
        String bad = "{\"it\":\"" + RECORD.forms().get(0) + "\\u0000\"}";
        String typed = "{\"a\":\"" + RECORD.forms().get(0) + "\"}";
        writer.batch("rows", "0", 0, record).isWritten("committed");
        process.client().as(token).batch("rows", "1", 0, record).isWritten("committed");
        writer.batch("rows", "1", 1, bad).isProblem(422, "record-rejected");
        writer.batch("typed", "0", 0, typed).isProblem(422, "record-rejected");
        writer.batch("lenient", "0", 0, record + "," + bad).isWritten("committed");
        writer.batch("waits", "0", 0, record).isWritten("committed");
        writer.batch("archive", "0", 0, record).isWritten("committed");
        for (String sink : List.of("crm", "filed")) {
            tell("refused by " + sink, writer.batch(sink, "0", 0, "{\"no\":1}"));
            writer.batch(sink, "0", 0, "\"fine\"," + record).isWritten("committed");
        }
        writer.batch(
                        "archive",
                        "0",
                        1,
                        Stream.generate(() -> record)
                                .limit(5_000)
                                .reduce((a, b) -> a + "," + b)
                                .get())
                .isWritten("committed");
        tell(
                "broken JSON",
                writer.post(Client.partition("rows", "0"), Client.JSON, "{\"offset\":1,\"records\":[" + record));
        tell("nonsense", process.client().as("slk_ab2cd3ef_nonsense_000000").get("/sinks"));
        String header = planted("a header of a stored definition");
        Answer put = admin.put(
                "/sinks/stored",
                "{\"type\":\"http\",\"partitions\":[\"0\"],\"url\":\"" + receiver.url("/s")
                        + "\",\"headers\":{\"Authorization\":\"" + header + "\"}}");
        assertThat(put.status()).isEqualTo(201);
        tell("a stored definition", put);
        tell(
                "a wrong one",
                admin.put(
                        "/sinks/wrong",
                        "{\"type\":\"http\",\"partitions\":[],\"headers\":{\"Content-Type\":\"" + header + "\",\"X\":\""
                                + header + "\\u0000\"}}"));
        tell(
                "another",
                admin.put(
                        "/sinks/stored?dryRun=true",
                        "{\"type\":\"http\",\"partitions\":[\"0\",\"1\"],\"url\":\"" + receiver.url("/s")
                                + "\",\"headers\":{\"Authorization\":\"" + planted("another header") + "\"}}"));
        admin.post("/sinks/rows/pause", Client.JSON, "{\"what\":\"intake\",\"reason\":\"a test\"}");
        admin.post("/sinks/rows/resume", Client.JSON, "{\"reason\":\"a test\"}");
        admin.post("/sinks/lenient/partitions/0/dead-letters/1/discard", Client.JSON, "{\"reason\":\"a test\"}");
        admin.post("/sinks/lenient/infer", Client.NDJSON, record + "\n");
    }

    private static Client key(String verbs) {
        Answer made = admin.post(
                "/keys",
                Client.JSON,
                "{\"note\":\"a test\",\"grants\":[{\"sinks\":\"*\",\"verbs\":[\"" + verbs + "\"]}]}");
        String key = made.text("key");
        SECRETS.add(Canary.of("a key of " + verbs, key.split("_", -1)[2]));
        Answer rotated = admin.post(
                "/keys/" + made.text("id") + "/rotate", Client.JSON, "{\"reason\":\"a test\",\"overlap\":\"1h\"}");
        SECRETS.add(Canary.of("a rotated key of " + verbs, rotated.text("key").split("_", -1)[2]));
        return process.client().as(key);
    }

    private static void tell(String what, Answer answer) {
        ANSWERS.put(what, answer.response().headers().map() + text(answer));
    }

    private static String text(Answer answer) {
        return new String(answer.response().body(), StandardCharsets.UTF_8);
    }

    /** All that may be asked without changing anything, filled in with what there is. */
    private static Set<String> questions() throws IOException {
        Map<String, Map<String, Map<String, Object>>> document =
                new Yaml().load(Files.readString(Path.of("src/docs/openapi.yaml")));
        Set<String> questions = new TreeSet<>(Set.of(
                "/actuator",
                "/actuator/prometheus",
                "/actuator/env",
                "/actuator/env/spring.datasource.password",
                "/actuator/configprops",
                "/actuator/beans",
                "/actuator/conditions",
                "/actuator/mappings",
                "/actuator/threaddump",
                "/actuator/loggers",
                "/actuator/flyway",
                "/actuator/scheduledtasks",
                "/actuator/metrics",
                "/actuator/health/sinks",
                "/audit?limit=1000",
                "/problems/recent?limit=1000",
                "/nothing"));
        document.get("paths").forEach((path, operations) -> {
            if (operations.containsKey("get") && !path.endsWith("/tail") && !path.contains("{id}")) {
                for (String sink :
                        List.of("rows", "lenient", "typed", "waits", "late", "archive", "crm", "filed", "stored")) {
                    questions.add(path.replace("{sink}", sink)
                                    .replace("{partition}", "0")
                                    .replace("{offset}", "1")
                                    .replace("{type}", "http")
                            + (path.endsWith("partition-for") ? "?key=a" : ""));
                }
            }
        });
        return questions;
    }

    @Test
    void noAnswerHasASecret() throws IOException {
        for (String question : questions()) {
            tell("GET " + question, admin.get(question));
        }
        ANSWERS.forEach((what, answer) -> SECRETS.forEach(secret -> assertThat(secret.in(answer))
                .as("%s in the answer to %s", secret.what(), what)
                .isEmpty()));
    }

    @Test
    void recordsAreShownToNobodyWithoutTheGrant() throws IOException {
        for (String question : questions()) {
            assertThat(RECORD.in(text(looker.get(question)))).as(question).isEmpty();
        }
        assertThat(RECORD.in(text(admin.get("/sinks/lenient/partitions/0/dead-letters/1"))))
                .isPresent();
    }

    @Test
    void theLogHasNeither() throws IOException {
        await().untilAsserted(() -> assertThat(Files.readString(process.log())).contains("DEBUG"));
        List<Canary> all = new ArrayList<>(SECRETS);
        all.add(RECORD);
        String log = Files.readString(process.log(), StandardCharsets.ISO_8859_1);
        for (Canary canary : all) {
            assertThat(canary.in(log)).as("%s in the log", canary.what()).isEmpty();
        }
    }

    @Test
    void theDatabaseHasSecretsNowhereAndRecordsWhereTheyBelong() {
        Set<String> withSecrets = new TreeSet<>();
        Set<String> withRecords = new TreeSet<>();
        for (String column : InProcess.query(database, """
                select table_schema || '.' || table_name, column_name, data_type from information_schema.columns
                 where table_schema not in ('pg_catalog', 'information_schema')""")) {
            String[] parts = column.split(" ", 3);
            String text = parts[2].equals("bytea") ? "encode(" + parts[1] + ", 'escape')" : parts[1] + "::text";
            for (String value : InProcess.query(
                    database, "select " + text + " from " + parts[0] + " where " + parts[1] + " is not null")) {
                SECRETS.stream()
                        .filter(secret -> secret.in(value).isPresent())
                        .forEach(secret -> withSecrets.add(parts[0] + " " + parts[1] + ": " + secret.what()));
                RECORD.in(value).ifPresent(found -> withRecords.add(parts[0] + " " + parts[1]));
            }
        }
        // A definition that was put is stored as it is; whoever reads the database has what its targets are sent.
        assertThat(withSecrets).containsExactly("sluice.definition settings: a header of a stored definition");
        assertThat(withRecords)
                .containsExactlyInAnyOrder(
                        "public.rows data",
                        "public.lenient data",
                        "sluice.buffer data",
                        "sluice.dead_letter data",
                        "sluice.dead_letter_closed data");
    }

    @Test
    void filesAndProcessesHaveSecretsNowhere() throws IOException {
        for (Canary secret : SECRETS) {
            try (Stream<ProcessHandle> processes = ProcessHandle.of(process.pid()).stream()
                    .flatMap(service -> Stream.concat(Stream.of(service), service.descendants()))) {
                for (ProcessHandle handle : processes.toList()) {
                    String arguments = Files.readString(
                            Path.of("/proc", Long.toString(handle.pid()), "cmdline"), StandardCharsets.ISO_8859_1);
                    assertThat(secret.in(arguments))
                            .as("%s in the arguments", secret.what())
                            .isEmpty();
                }
            }
        }
        process.close();
        try {
            searchFiles();
        } finally {
            process.start();
        }
    }

    private static void searchFiles() throws IOException {
        try (Stream<Path> found = Files.walk(files)) {
            for (Path file : found.filter(Files::isRegularFile).toList()) {
                String name = files.relativize(file).toString();
                String content = Files.readString(file, StandardCharsets.ISO_8859_1);
                if (!name.equals("keys/administrator.key")) {
                    SECRETS.forEach(secret -> assertThat(secret.in(content))
                            .as("%s in %s", secret.what(), name)
                            .isEmpty());
                }
                if (!name.startsWith("archive/")) {
                    assertThat(RECORD.in(content)).as("a record in %s", name).isEmpty();
                }
            }
        }
    }
}
