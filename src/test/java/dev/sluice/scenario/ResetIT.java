package dev.sluice.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.http.Receiver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** An operator lets a partition stand elsewhere, or takes it over: whoever wrote to it is fenced off in any case. */
class ResetIT {

    private static final String TOKEN = "Sluice-Fencing-Token";

    @TempDir
    private static Path directory;

    private static InProcess service;
    private static Client client;
    private static int used;

    private String sink;

    @BeforeAll
    static void start() {
        service = InProcess.start();
        client = service.client();
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    @BeforeEach
    void nameSink() {
        sink = "r" + used++;
    }

    private void define(String more) {
        define(sink, more);
    }

    private static void define(String id, String more) {
        Answer answer = client.put("/sinks/" + id, "{" + more + "}");
        assertThat(answer.status()).as(answer.body().toString()).isEqualTo(201);
    }

    private void table() {
        define("\"type\":\"table\",\"partitions\":[\"0\",\"1\"]");
    }

    private Answer reset(String query, String body) {
        return client.post(Client.partition(sink, "0") + "/reset" + query, Client.JSON, body);
    }

    private Answer resetTo(long offset) {
        Answer answer = reset("", "{\"nextOffset\":" + offset + ",\"reason\":\"told so\"}");
        assertThat(answer.status()).as(answer.body().toString()).isEqualTo(200);
        return answer;
    }

    private Answer write(long offset, String records, long token) {
        return client.batch(sink, "0", offset, records, TOKEN, Long.toString(token));
    }

    private List<String> rows() {
        return service.query("select source_offset, data from " + sink + " order by 1");
    }

    private JsonNode lastAct() {
        return client.get("/audit?limit=1&sink=" + sink).body().at("/entries/0");
    }

    @Test
    void givesUpARangeAsAHoleAndFencesTheWriter() {
        table();
        long before = client.open(sink, "0", "{\"owner\":\"w\"}").number("fencingToken");
        write(0, "1,2", before).isWritten("committed");
        Answer done = resetTo(10).has("from", 2).has("nextOffset", 10);
        long token = done.number("fencingToken");
        assertThat(token).isGreaterThan(before);
        assertThat(done.body().at("/hole/first").longValue()).isEqualTo(2);
        assertThat(done.body().at("/hole/end").longValue()).isEqualTo(10);
        assertThat(done.body().at("/fenced/owner").stringValue()).isEqualTo("w");
        assertThat(done.body().at("/fenced/fencingToken").longValue()).isEqualTo(before);
        client.snapshot(sink, "0").has("nextOffset", 10).has("fencingToken", token);

        write(10, "11", before).isProblem(412, "fenced").has("owner", "(reset by an operator)");
        write(2, "3", before).isProblem(412, "fenced");
        client.batch(sink, "0", 10, "11").isProblem(428, "fencing-token-required");
        write(5, "6", token).isProblem(422, "offset-conflict").has("offset", 5);
        write(0, "1,2", token).isWritten("duplicate").has("verified", true);
        write(10, "11", token).isWritten("committed");
        client.post(
                        Client.partition(sink, "0"),
                        Client.JSON,
                        "{\"offsets\":[0,1,10],\"first\":0,\"end\":11,\"records\":[1,2,11]}",
                        TOKEN,
                        Long.toString(token))
                .isWritten("duplicate")
                .has("verified", true);
        assertThat(rows()).containsExactly("0 1", "1 2", "10 11");
        JsonNode receipt = client.get(Client.partition(sink, "0") + "/receipts?from=2")
                .body()
                .at("/receipts/0");
        assertThat(receipt.path("first").longValue()).isEqualTo(2);
        assertThat(receipt.path("end").longValue()).isEqualTo(10);
        assertThat(receipt.path("records").longValue()).isZero();
        assertThat(receipt.path("fencingToken").longValue()).isEqualTo(token);

        JsonNode act = lastAct();
        assertThat(act.path("id").longValue()).isEqualTo(done.number("auditId"));
        assertThat(act.path("action").stringValue()).isEqualTo("reset");
        assertThat(act.at("/before/nextOffset").longValue()).isEqualTo(2);
        assertThat(act.at("/after/nextOffset").longValue()).isEqualTo(10);
        assertThat(act.path("reason").stringValue()).isEqualTo("told so");
    }

    @Test
    void fencesAWriterThatNeverOpened() {
        table();
        client.batch(sink, "0", 0, "1").isWritten("committed");
        resetTo(5);
        client.batch(sink, "0", 5, "6").isProblem(428, "fencing-token-required");
        client.batch(sink, "0", 1, "2").isProblem(428, "fencing-token-required");
    }

    @Test
    void raisesTheTokenAlsoWhereThePartitionStaysWhereItIs() {
        table();
        client.batch(sink, "0", 0, "1").isWritten("committed");
        Answer done = resetTo(1);
        assertThat(done.body().has("hole")).isFalse();
        assertThat(done.body().has("gone")).isFalse();
        client.batch(sink, "0", 1, "2").isProblem(428, "fencing-token-required");
        write(1, "2", done.number("fencingToken")).isWritten("committed");
    }

    @Test
    void takesBackWhatItHasTold() {
        table();
        client.batch(sink, "0", 0, "1,2,3").isWritten("committed");
        client.batch(sink, "0", 3, "4,5").isWritten("committed");
        client.post(
                        Client.partition(sink, "0"),
                        Client.JSON,
                        "{\"offsets\":[7,9],\"first\":5,\"end\":10,\"records\":[8,10]}")
                .isWritten("committed");
        String wanted = "{\"nextOffset\":2,\"reason\":\"bad data\",\"ifVersion\":3}";
        Answer preview = reset("?dryRun=true", wanted)
                .has("dryRun", true)
                .has("from", 10)
                .has("version", 3);
        assertThat(preview.status()).isEqualTo(200);
        assertThat(preview.body().at("/gone/records").longValue()).isEqualTo(5);
        assertThat(preview.body().at("/gone/complete").booleanValue()).isTrue();
        assertThat(preview.body().has("auditId")).isFalse();
        client.snapshot(sink, "0").has("nextOffset", 10).has("fencingToken", 0).has("version", 3);
        assertThat(rows()).hasSize(7);
        assertThat(lastAct().path("action").stringValue()).isEqualTo("definition-put");

        Answer done = reset("", wanted);
        assertThat(done.body().at("/gone/records").longValue()).isEqualTo(5);
        assertThat(rows()).containsExactly("0 1", "1 2");
        write(2, "33", done.number("fencingToken")).isWritten("committed");
        write(0, "1,2,33", done.number("fencingToken")).isWritten("duplicate").has("verified", true);
    }

    /** A preview is refused where the act would be, with the same words. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"mode\":\"upsert\",\"key\":[\"k\"],\"columns\":{\"k\":{\"from\":\"/k\",\"type\":\"text\"}}",
                "\"position\":\"none\",\"columns\":{\"k\":{\"from\":\"/k\",\"type\":\"text\"}}"
            })
    void promisesNothingThatATableCannotDo(String more) {
        define("\"type\":\"table\",\"partitions\":[\"0\"]," + more);
        client.batch(sink, "0", 0, "{\"k\":\"a\"},{\"k\":\"b\"}").isWritten("committed");
        String wanted = "{\"nextOffset\":1,\"reason\":\"x\"}";
        String told =
                reset("?dryRun=true", wanted).isProblem(409, "not-resettable").text("detail");
        assertThat(reset("", wanted).isProblem(409, "not-resettable").text("detail"))
                .isEqualTo(told);
        assertThat(service.query("select k from " + sink + " order by 1")).containsExactly("a", "b");
    }

    @Test
    void promisesNothingOfABufferThatIsOnItsWay() throws SQLException {
        table();
        String target = sink;
        sink = target + "b";
        define("\"type\":\"batching\",\"target\":\"" + target + "\",\"flush-interval\":\"10ms\"");
        String wanted = "{\"nextOffset\":1,\"reason\":\"x\"}";
        try (Connection holder = service.database().connect();
                Statement statement = holder.createStatement()) {
            holder.setAutoCommit(false);
            statement.execute("lock table " + target + " in access exclusive mode");
            client.batch(sink, "0", 0, "1,2").isWritten("committed");
            await().until(() -> service.query("select intent_end from sluice.delivery where sink = '" + sink + "'")
                    .equals(List.of("2")));
            for (String query : List.of("?dryRun=true", "")) {
                assertThat(reset(query, wanted).isProblem(409, "not-resettable").text("detail"))
                        .contains("below 2 is delivered or on its way");
            }
        }
        awaitDelivered(2);
    }

    @Test
    void countsTheDeadLettersThatATakenBackPartitionLoses() {
        define("\"type\":\"table\",\"partitions\":[\"0\"],\"on-rejected\":\"dead-letter\"");
        client.batch(sink, "0", 0, "\"\\u0000\",2,\"\\u0000\",\"\\u0000\"")
                .isWritten("committed")
                .has("deadLettered", 3);
        client.post(Client.partition(sink, "0") + "/dead-letters/3/discard", Client.JSON, "{\"reason\":\"x\"}");
        for (String query : List.of("?dryRun=true", "")) {
            Answer answer = reset(query, "{\"nextOffset\":1,\"reason\":\"x\"}");
            assertThat(answer.body().at("/gone/deadLetters").longValue()).isEqualTo(2);
            assertThat(answer.body().at("/gone/records").longValue()).isEqualTo(3);
        }
        assertThat(service.query("select source_offset from sluice.dead_letter where sink = '" + sink + "'"))
                .containsExactly("0");
    }

    @Test
    void previewsAHole() {
        table();
        client.batch(sink, "0", 0, "1").isWritten("committed");
        Answer preview = reset("?dryRun=true", "{\"nextOffset\":9,\"reason\":\"x\"}");
        assertThat(preview.body().at("/hole/first").longValue()).isEqualTo(1);
        assertThat(preview.body().at("/hole/end").longValue()).isEqualTo(9);
        assertThat(preview.body().has("fencingToken")).isFalse();
        client.batch(sink, "0", 1, "2").isWritten("committed");
    }

    @Test
    void actsOnlyOnWhatWasLookedAt() {
        table();
        client.batch(sink, "0", 0, "1").isWritten("committed");
        reset("", "{\"nextOffset\":9,\"reason\":\"x\",\"ifVersion\":0}")
                .isProblem(409, "version-conflict")
                .has("version", 1);
        client.batch(sink, "0", 1, "2").isWritten("committed");
        reset("", "{\"nextOffset\":9}").isProblem(400, "malformed-request");
        reset("", "{\"reason\":\"x\"}").isProblem(400, "malformed-request");
        reset("", "{\"nextOffset\":-1,\"reason\":\"x\"}").isProblem(400, "malformed-request");
        reset("", "{\"nextOffset\":1.5,\"reason\":\"x\"}").isProblem(400, "malformed-request");
        reset("", "{\"nextOffset\":1,\"reason\":\"x\",\"state\":{}}").isProblem(400, "malformed-request");
        client.post("/sinks/" + sink + "/partitions/7/reset", Client.JSON, "{\"nextOffset\":1,\"reason\":\"x\"}")
                .isProblem(404, "unknown-partition");
    }

    @Test
    void setsNoPartitionThatStandsNowhereOrInSeveralPlaces() {
        define("\"type\":\"table\",\"partitions\":[\"0\"],\"order\":\"any\"");
        String any = sink;
        reset("", "{\"nextOffset\":9,\"reason\":\"x\"}").isProblem(409, "not-resettable");
        sink = any + "w";
        define("\"type\":\"log\",\"workers\":1");
        reset("", "{\"nextOffset\":9,\"reason\":\"x\"}").isProblem(404, "stateless");
        sink = any + "t";
        define("\"type\":\"table\",\"partitions\":[\"0\"]");
        define(any + "f", "\"type\":\"fanout\",\"targets\":[\"" + sink + "\"]");
        sink = any + "f";
        assertThat(reset("", "{\"nextOffset\":9,\"reason\":\"x\"}")
                        .isProblem(409, "not-resettable")
                        .text("detail"))
                .contains(any + "t");
        sink = any + "d";
        define("\"type\":\"http\",\"partitions\":[\"0\"],\"url\":\"http://127.0.0.1:9/sinks/x/partitions/{partition}\","
                + "\"envelope\":\"sluice\"");
        assertThat(reset("", "{\"nextOffset\":9,\"reason\":\"x\"}")
                        .isProblem(409, "not-resettable")
                        .text("detail"))
                .contains("\"first\": 0, \"end\": 9");
        reset("?dryRun=true", "{\"nextOffset\":9,\"reason\":\"x\"}").isProblem(409, "not-resettable");
        client.snapshot(sink, "0").has("fencingToken", 0);
        sink = any + "l";
        define("\"type\":\"log\",\"partitions\":[\"0\"]");
        client.batch(sink, "0", 0, "1,2").isWritten("committed");
        reset("", "{\"nextOffset\":1,\"reason\":\"x\"}").isProblem(409, "not-resettable");
        reset("?dryRun=true", "{\"nextOffset\":1,\"reason\":\"x\"}").isProblem(409, "not-resettable");
        resetTo(7);
    }

    @Test
    void handsOnTheHoleOfABufferButTakesNothingBackThatIsDelivered() {
        table();
        String target = sink;
        define(target + "b", "\"type\":\"batching\",\"target\":\"" + target + "\",\"flush-interval\":\"50ms\"");
        sink = target + "b";
        client.batch(sink, "0", 0, "1,2").isWritten("committed");
        awaitDelivered(2);
        for (String query : List.of("?dryRun=true", "")) {
            assertThat(reset(query, "{\"nextOffset\":1,\"reason\":\"x\"}")
                            .isProblem(409, "not-resettable")
                            .text("detail"))
                    .contains("below 2 is delivered");
        }
        long token = resetTo(10).number("fencingToken");
        awaitDelivered(10);
        client.snapshot(target, "0").has("nextOffset", 10);
        write(10, "11", token).isWritten("committed");
        awaitDelivered(11);
        assertThat(service.query("select source_offset, data from " + target + " order by 1"))
                .containsExactly("0 1", "1 2", "10 11");
    }

    private void awaitDelivered(long offset) {
        await().atMost(Duration.ofSeconds(30))
                .until(() -> client.snapshot(sink, "0").number("deliveredOffset") == offset);
    }

    @ParameterizedTest
    @ValueSource(strings = {"single", "segments"})
    void goesOnInTheFilesOfAPartition(String layout) throws IOException {
        Path files = directory.resolve(sink);
        define("\"type\":\"file\",\"partitions\":[\"0\"],\"layout\":\"" + layout + "\",\"directory\":\"" + files
                + "\"");
        long first = resetTo(3).number("fencingToken");
        write(3, "4,5", first).isWritten("committed");
        JsonNode state = client.snapshot(sink, "0").body().path("state");
        long second = resetTo(10).number("fencingToken");
        write(10, "11", second).isWritten("committed");
        assertThat(content(files)).isEqualTo("4\n5\n11\n");
        assertThat(reset("", "{\"nextOffset\":5,\"reason\":\"x\"}")
                        .isProblem(409, "not-resettable")
                        .text("detail"))
                .contains("state");
        Answer back = reset("", "{\"nextOffset\":5,\"reason\":\"x\",\"state\":" + state + "}");
        assertThat(back.status()).as(back.body().toString()).isEqualTo(200);
        write(5, "66", back.number("fencingToken")).isWritten("committed");
        assertThat(content(files)).isEqualTo("4\n5\n66\n");
    }

    private static String content(Path directory) throws IOException {
        try (var files = Files.walk(directory)) {
            StringBuilder content = new StringBuilder();
            for (Path file : files.filter(Files::isRegularFile)
                    .filter(file -> file.toString().endsWith(".ndjson"))
                    .sorted()
                    .toList()) {
                content.append(Files.readString(file));
            }
            return content.toString();
        }
    }

    @Test
    void asksAnApiForNothingWhereAHoleIsGivenUp() {
        try (Receiver receiver = Receiver.honouringKeys()) {
            define("\"type\":\"http\",\"partitions\":[\"0\"],\"url\":\"" + receiver.url("/in") + "\"");
            long token = resetTo(4).number("fencingToken");
            assertThat(receiver.effects()).isEmpty();
            write(4, "5", token).isWritten("committed");
            assertThat(receiver.effects()).hasSize(1);
        }
    }

    @Test
    void takesOverAndTellsWhomThatFences() {
        table();
        long before = client.open(sink, "0", "{\"owner\":\"loader-7\"}").number("fencingToken");
        write(0, "1", before).isWritten("committed");
        String path = Client.partition(sink, "0") + "/take-over";
        String body = "{\"owner\":\"loader-8\",\"reason\":\"loader-7 hangs\"}";
        client.post(path, Client.JSON, "{\"reason\":\"x\"}").isProblem(400, "malformed-request");
        Answer preview = client.post(path + "?dryRun=true", Client.JSON, body);
        assertThat(preview.body().at("/fenced/owner").stringValue()).isEqualTo("loader-7");
        write(1, "2", before).isWritten("committed");
        Answer done =
                client.post(path, Client.JSON, body).has("owner", "loader-8").has("nextOffset", 2);
        assertThat(done.body().at("/fenced/owner").stringValue()).isEqualTo("loader-7");
        assertThat(done.body().at("/fenced/since").isString()).isTrue();
        write(2, "3", before).isProblem(412, "fenced").has("owner", "loader-8");
        write(2, "3", done.number("fencingToken")).isWritten("committed");
        JsonNode act = lastAct();
        assertThat(act.path("action").stringValue()).isEqualTo("take-over");
        assertThat(act.at("/before/owner").stringValue()).isEqualTo("loader-7");
        assertThat(act.at("/after/owner").stringValue()).isEqualTo("loader-8");
    }

    @Test
    void doesNothingThatCannotBeKeptInTheTrail() {
        table();
        client.batch(sink, "0", 0, "1,2").isWritten("committed");
        service.execute("alter table sluice.audit add constraint full_disk check (id < 0) not valid");
        try {
            for (int to : new int[] {1, 2, 9}) {
                assertThat(reset("", "{\"nextOffset\":" + to + ",\"reason\":\"x\"}")
                                .status())
                        .isGreaterThanOrEqualTo(400);
            }
        } finally {
            service.execute("alter table sluice.audit drop constraint full_disk");
        }
        client.snapshot(sink, "0").has("nextOffset", 2).has("fencingToken", 0);
        assertThat(rows()).hasSize(2);
        client.batch(sink, "0", 2, "3").isWritten("committed");
    }
}
