package dev.sluice.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What operators do about dead letters: nothing is written twice, and nothing goes without a trace. */
@Tag("conformance")
class DeadLetterActsIT {

    private static final String WHY = "{\"reason\":\"mended\"}";

    private static InProcess service;
    private static InProcess other;
    private static Client client;
    private static int used;

    @BeforeAll
    static void start() {
        service = InProcess.start();
        other = InProcess.on(service.database(), List.of());
        client = service.client();
    }

    @AfterAll
    static void stop() {
        other.close();
        service.close();
    }

    private static String put(String more) {
        String sink = "t" + used++;
        assertThat(client.put(
                                "/sinks/" + sink,
                                "{\"type\":\"table\",\"partitions\":[\"0\",\"1\"],\"on-rejected\":\"dead-letter\","
                                        + "\"dead-letters\":{\"max-share\":100}" + more + "}")
                        .status())
                .isEqualTo(201);
        service.execute("alter table " + sink + " add constraint good check (data -> 'n' <> '0')");
        return sink;
    }

    private static String letter(String sink, long offset) {
        return Client.partition(sink, "0") + "/dead-letters/" + offset;
    }

    private static String repaired(String sink) {
        service.execute("alter table " + sink + " drop constraint good");
        return sink;
    }

    private static List<String> rows(String sink) {
        return service.query("select partition_id, source_offset, data from " + sink + " order by 1, 2");
    }

    private static List<String> states(String sink) {
        return service.query("select source_offset, state, revision from sluice.dead_letter where sink = '" + sink
                + "' order by partition_id, source_offset");
    }

    @Test
    void listsAndGroupsAndExports() {
        String sink = put("");
        client.batch(sink, "0", 0, "1,{\"n\": 0},\"\\u0000\",{\"n\":0,\"m\":12345678901234567890}");
        client.batch(sink, "1", 0, "{\"n\":0}");
        Answer all = client.get("/sinks/" + sink + "/dead-letters");
        assertThat(all.status()).isEqualTo(200);
        assertThat(all.body().path("deadLetters").size()).isEqualTo(4);
        var first = all.body().at("/deadLetters/0");
        assertThat(first.path("offset").longValue()).isEqualTo(1);
        assertThat(first.path("code").stringValue()).isEqualTo("23514");
        assertThat(first.path("message").stringValue()).contains("good");
        assertThat(first.path("bytes").longValue()).isEqualTo(8);
        assertThat(first.has("record")).isFalse();
        Answer page = client.get("/sinks/" + sink + "/dead-letters?limit=2&code=23514");
        assertThat(page.body().path("deadLetters").size()).isEqualTo(2);
        assertThat(page.body().path("next").stringValue()).isEqualTo("1/0");
        page = client.get("/sinks/" + sink + "/dead-letters?limit=2&code=23514&from=1/0");
        assertThat(page.body().path("deadLetters").size()).isEqualTo(1);
        assertThat(page.body().has("next")).isFalse();
        Answer groups = client.get("/sinks/" + sink + "/dead-letters/groups");
        groups.has("count", 4);
        assertThat(groups.body().at("/groups/0/code").stringValue()).isEqualTo("23514");
        assertThat(groups.body().at("/groups/0/count").longValue()).isEqualTo(3);
        assertThat(groups.body().at("/groups/0/partitions").longValue()).isEqualTo(2);
        Answer one = client.get(letter(sink, 3));
        assertThat(new String(one.response().body(), StandardCharsets.UTF_8))
                .contains("\"record\":{\"n\":0,\"m\":12345678901234567890}");
        assertThat(client.etag(letter(sink, 3))).matches("\"0-[0-9a-f]+\"");
        String exported = new String(
                client.get("/sinks/" + sink + "/dead-letters.ndjson?partition=0")
                        .response()
                        .body(),
                StandardCharsets.UTF_8);
        assertThat(exported.lines()).hasSize(3);
        assertThat(exported).contains("\"record\":{\"n\": 0}");
        client.get("/sinks/" + sink + "/dead-letters?sate=open").isProblem(400, "malformed-request");
        client.get("/sinks/" + sink + "/dead-letters?state=opn").isProblem(400, "malformed-request");
        client.get(letter(sink, 0)).isProblem(404, "unknown-dead-letter");
        client.get("/sinks/nowhere/dead-letters").isProblem(404, "unknown-sink");
    }

    @Test
    void writesARecordAtItsPlaceOnce() {
        String sink = put("");
        client.batch(sink, "0", 0, "1,{\"n\":0},3").has("deadLettered", 1);
        client.post(letter(sink, 1) + "/replay", Client.JSON, WHY).isProblem(422, "record-rejected");
        assertThat(service.query("select state, tries from sluice.dead_letter where sink = '" + sink + "'"))
                .containsExactly("open 2");
        repaired(sink);
        client.post(letter(sink, 1) + "/replay?dryRun=true", Client.JSON, WHY).has("dryRun", true);
        assertThat(rows(sink)).hasSize(2);
        client.post(letter(sink, 1) + "/replay", Client.JSON, "{}").isProblem(400, "malformed-request");
        client.post(letter(sink, 1) + "/replay", Client.JSON, "{\"reason\":\"x\",\"revision\":3}")
                .isProblem(409, "dead-letter-changed");
        client.post(letter(sink, 1) + "/replay", Client.JSON, WHY).has("state", "replayed");
        client.post(letter(sink, 1) + "/replay", Client.JSON, WHY).isProblem(409, "dead-letter-changed");
        client.post(letter(sink, 1) + "/discard", Client.JSON, WHY).isProblem(409, "dead-letter-changed");
        assertThat(rows(sink)).containsExactly("0 0 1", "0 1 {\"n\": 0}", "0 2 3");
        client.batch(sink, "0", 0, "1,{\"n\":0},3").isWritten("duplicate").has("duplicates", 3);
        assertThat(service.query("select action, reason, after ->> 'first' from sluice.audit where sink = '" + sink
                        + "' and action like 'dead%'"))
                .containsExactly("dead-letter-replay mended 1");
    }

    @Test
    void writesWhatItWasEditedTo() {
        String sink = put("");
        client.batch(sink, "0", 0, "1,{\"n\":0},3").has("deadLettered", 1);
        client.put(letter(sink, 1), Client.JSON, "{\"n\":5}").isProblem(400, "malformed-request");
        String seen = client.etag(letter(sink, 1));
        assertThat(edit(sink, 1, "{\"n\":0}", seen, "").status()).isEqualTo(422);
        assertThat(edit(sink, 1, "{\"n\":", seen, "").status()).isEqualTo(400);
        assertThat(edit(sink, 1, "{\"n\":5} 6", seen, "").status()).isEqualTo(400);
        edit(sink, 1, "{\"n\":5}", "\"0\"", "").isProblem(400, "malformed-request");
        edit(sink, 1, "{\"n\":5}", seen, "?dryRun=true").has("dryRun", true);
        assertThat(states(sink)).containsExactly("1 open 0");
        Answer first = edit(sink, 1, " {\"n\" :5} ", seen, "").has("revision", 1);
        assertThat(first.response().headers().firstValue("ETag")).hasValue(client.etag(letter(sink, 1)));
        edit(sink, 1, "{\"n\":6}", seen, "").isProblem(409, "dead-letter-changed");
        Answer edited = client.get(letter(sink, 1));
        assertThat(edited.body().at("/record/n").intValue()).isZero();
        assertThat(edited.body().at("/edited/n").intValue()).isEqualTo(5);
        client.post(letter(sink, 1) + "/replay", Client.JSON, WHY).has("state", "replayed");
        assertThat(rows(sink)).containsExactly("0 0 1", "0 1 {\"n\": 5}", "0 2 3");
        // Whatever was written in its place, the writer's replay is what it was.
        client.batch(sink, "0", 0, "1,{\"n\":0},3").isWritten("duplicate");
        client.batch(sink, "0", 0, "1,{\"n\":5},3").isProblem(422, "offset-conflict");
    }

    private static Answer edit(String sink, long offset, String record, String etag, String query) {
        return client.putWith(letter(sink, offset) + query, Client.JSON, record, "If-Match", etag);
    }

    @Test
    void takesNoLetterForTheOneThatWasThereBeforeARewind() {
        String sink = put("");
        client.batch(sink, "0", 0, "1,{\"n\":0}").has("deadLettered", 1);
        String seen = client.etag(letter(sink, 1));
        long token = client.post(
                        Client.partition(sink, "0") + "/reset", Client.JSON, "{\"nextOffset\":1,\"reason\":\"r\"}")
                .number("fencingToken");
        client.batch(sink, "0", 1, "{\"n\":0,\"other\":1}", "Sluice-Fencing-Token", Long.toString(token))
                .has("deadLettered", 1);
        assertThat(states(sink)).containsExactly("1 open 0");
        edit(sink, 1, "{\"n\":5}", seen, "").isProblem(409, "dead-letter-changed");
        for (String act : List.of("/replay", "/discard")) {
            client.post(letter(sink, 1) + act, Client.JSON, WHY, "If-Match", seen)
                    .isProblem(409, "dead-letter-changed");
        }
        assertThat(states(sink)).containsExactly("1 open 0");
        client.post(letter(sink, 1) + "/discard", Client.JSON, WHY, "If-Match", client.etag(letter(sink, 1)))
                .has("state", "discarded");
    }

    @Test
    void tenOperatorsReplayTheSameRecordsAtOnce() {
        String sink = put("");
        String bad = IntStream.range(0, 50).mapToObj(i -> "{\"n\":0}").collect(Collectors.joining(","));
        client.batch(sink, "0", 0, bad).has("deadLettered", 50);
        repaired(sink);
        List<CompletableFuture<Answer>> answers = new ArrayList<>();
        for (int operator = 0; operator < 10; operator++) {
            Client one = operator % 2 == 0 ? client : other.client();
            for (int offset = 0; offset < 50; offset++) {
                answers.add(one.postAsync(letter(sink, offset) + "/replay", Client.JSON, WHY));
            }
        }
        List<Integer> statuses =
                answers.stream().map(answer -> answer.join().status()).toList();
        // Whoever has waited too long for the partition is told so, and nothing was done.
        assertThat(statuses).allMatch(status -> List.of(200, 409, 429, 503).contains(status));
        assertThat(statuses.stream().filter(status -> status == 200))
                .hasSize(rows(sink).size());
        IntStream.range(0, 50).forEach(offset -> client.post(letter(sink, offset) + "/replay", Client.JSON, WHY));
        assertThat(rows(sink)).hasSize(50);
        assertThat(service.query("select count(*) from sluice.audit where sink = '" + sink
                        + "' and action = 'dead-letter-replay'"))
                .containsExactly("50");
    }

    @ParameterizedTest
    @CsvSource({"replay, 3000, 3000", "discard, 0, 3000"})
    void doesAllThatMatchAsATask(String kind, int rows, int settled) {
        String sink = put("");
        String bad = IntStream.range(0, 50).mapToObj(i -> "{\"n\":0}").collect(Collectors.joining(","));
        for (int i = 0; i < 30; i++) {
            client.batch(sink, "0", i * 50L, bad).has("deadLettered", 50);
            client.batch(sink, "1", i * 50L, bad).has("deadLettered", 50);
        }
        client.batch(sink, "1", 1500, "\"\\u0000\"").has("deadLettered", 1);
        repaired(sink);
        String path = "/sinks/" + sink + "/dead-letters/" + kind;
        client.post(path + "?dryRun=true", Client.JSON, "{}").has("matching", 3001);
        String filter = "\"filter\":{\"code\":\"23514\"},\"reason\":\"mended\"";
        client.post(path + "?dryRun=true", Client.JSON, "{" + filter + "}").has("matching", 3000);
        client.post(path, Client.JSON, "{" + filter + ",\"expected\":3001}")
                .isProblem(409, "dead-letter-changed")
                .has("matching", 3000);
        client.post(path, Client.JSON, "{" + filter + "}").isProblem(409, "dead-letter-changed");
        Answer begun = client.post(path, Client.JSON, "{" + filter + ",\"expected\":3000}");
        assertThat(begun.status()).isEqualTo(202);
        String task = begun.response().headers().firstValue("Location").orElseThrow();
        await().until(() ->
                other.client().get(task).body().path("state").stringValue().equals("done"));
        client.get(task).has("done", settled).has("refused", 0);
        assertThat(service.query("select count(*) from " + sink)).containsExactly(Integer.toString(rows));
        client.get("/sinks/" + sink + "/dead-letters/groups").has("count", 1);
        assertThat(client.get("/sinks/" + sink + "/tasks").body().path("tasks").size())
                .isEqualTo(1);
    }

    @Test
    void aTaskGoesOnBesideRecordsThatAreStillRefusedAndCanBeCancelled() {
        String sink = put("");
        client.batch(sink, "0", 0, "{\"n\":0},{\"n\":0,\"keep\":1},{\"n\":0},{\"n\":0,\"keep\":1}");
        repaired(sink);
        service.execute("alter table " + sink + " add constraint still check (not data ? 'keep')");
        String path = "/sinks/" + sink + "/dead-letters/replay";
        String task = location(client.post(path, Client.JSON, "{\"reason\":\"r\",\"expected\":4}"));
        await().until(() -> client.get(task).body().path("state").stringValue().equals("done"));
        client.get(task).has("done", 2).has("refused", 2);
        assertThat(states(sink)).containsExactly("0 replayed 1", "1 open 0", "2 replayed 1", "3 open 0");
        assertThat(service.query(
                        "select last_message from sluice.dead_letter where state = 'open' and sink = '" + sink + "'"))
                .allMatch(message -> message.contains("23514") && message.contains("still"));
        String slow = location(client.post(path, Client.JSON, "{\"reason\":\"r\",\"expected\":2,\"perSecond\":1}"));
        client.method("DELETE", slow).has("state", "cancelled");
        assertThat(client.get(slow).body().path("state").stringValue()).isEqualTo("cancelled");
        client.get("/tasks/00000000-0000-0000-0000-000000000000").isProblem(404, "unknown-task");
    }

    private static String location(Answer begun) {
        assertThat(begun.status()).isEqualTo(202);
        return begun.response().headers().firstValue("Location").orElseThrow();
    }

    @Test
    void aTaskTakesNothingThatWasRefusedAfterItBegan() {
        String sink = put("");
        client.batch(sink, "0", 0, "{\"n\":0},{\"n\":0}").has("deadLettered", 2);
        String task = location(client.post(
                "/sinks/" + sink + "/dead-letters/discard",
                Client.JSON,
                "{\"reason\":\"r\",\"expected\":2,\"perSecond\":1}"));
        client.batch(sink, "0", 2, "{\"n\":0}").has("deadLettered", 1);
        client.batch(sink, "1", 0, "{\"n\":0}").has("deadLettered", 1);
        await().until(() -> client.get(task).body().path("state").stringValue().equals("done"));
        client.get(task).has("done", 2);
        assertThat(states(sink)).containsExactly("0 discarded 1", "1 discarded 1", "2 open 0", "0 open 0");
    }

    @Test
    void writesNothingWhileTheSinkIsPaused() {
        String sink = put("");
        client.batch(sink, "0", 0, "{\"n\":0}").has("deadLettered", 1);
        repaired(sink);
        client.post("/sinks/" + sink + "/pause", Client.JSON, "{\"what\":\"intake\",\"reason\":\"rebuilt\"}")
                .has("effectiveOn", "2/2");
        client.post(letter(sink, 0) + "/replay", Client.JSON, WHY).isProblem(503, "paused");
        String task = location(client.post(
                "/sinks/" + sink + "/dead-letters/replay", Client.JSON, "{\"reason\":\"r\",\"expected\":1}"));
        await().until(() -> client.get(task).body().path("message").asString("").contains("rebuilt"));
        assertThat(rows(sink)).isEmpty();
        client.post("/sinks/" + sink + "/resume", Client.JSON, "{\"reason\":\"done\"}");
        await().until(() -> client.get(task).body().path("state").stringValue().equals("done"));
        assertThat(rows(sink)).hasSize(1);
    }

    @Test
    void keepsTheTraceOfWhoeverActs() {
        String sink = put("");
        client.batch(sink, "0", 0, "{\"n\":0}").has("deadLettered", 1);
        String trace = "0af7651916cd43dd8448eb211c80319c";
        Answer discarded = client.post(
                letter(sink, 0) + "/discard", Client.JSON, WHY, "traceparent", "00-" + trace + "-b7ad6b7169203331-00");
        String id = discarded.response().headers().firstValue("Sluice-Audit-Id").orElseThrow();
        var row = client.get("/audit?sink=" + sink + "&limit=1").body().at("/entries/0");
        assertThat(row.path("id").asString()).isEqualTo(id);
        assertThat(row.path("traceId").stringValue()).isEqualTo(trace);
    }

    @Test
    void anotherReplicaGoesOnWithATask() {
        String sink = put("");
        client.batch(sink, "0", 0, "{\"n\":0},{\"n\":0}").has("deadLettered", 2);
        repaired(sink);
        service.execute("insert into sluice.task (id, kind, sink, expected, reason, state, replica) values"
                + " ('11111111-1111-1111-1111-111111111111', 'replay', '" + sink + "', 2, 'r', 'running', 'gone')");
        String task = "/tasks/11111111-1111-1111-1111-111111111111";
        await().atMost(Duration.ofMinutes(1))
                .until(() -> client.get(task).body().path("state").stringValue().equals("done"));
        client.get(task).has("done", 2);
        assertThat(rows(sink)).hasSize(2);
    }

    @Test
    void undoesNothingThatCameLaterUnlessTold() {
        String sink = put(",\"mode\":\"upsert\",\"key\":[\"k\"],\"position\":\"none\",\"columns\":{"
                + "\"k\":{\"from\":\"/k\",\"type\":\"text\"},\"data\":{\"from\":\"\",\"type\":\"jsonb\"}}");
        client.batch(sink, "0", 0, "{\"k\":\"a\",\"n\":0}").has("deadLettered", 1);
        client.batch(sink, "0", 1, "{\"k\":\"a\",\"n\":1}").has("deadLettered", 0);
        repaired(sink);
        client.post(letter(sink, 0) + "/replay", Client.JSON, WHY).isProblem(409, "overwrites-later");
        client.post("/sinks/" + sink + "/dead-letters/replay", Client.JSON, "{\"reason\":\"r\",\"expected\":1}")
                .isProblem(409, "overwrites-later");
        assertThat(service.query("select data ->> 'n' from " + sink)).containsExactly("1");
        client.post(letter(sink, 0) + "/replay", Client.JSON, "{\"reason\":\"right\",\"overwrite\":true}")
                .has("state", "replayed");
        assertThat(service.query("select data ->> 'n' from " + sink)).containsExactly("0");
    }

    @Test
    void keepsASinkWithOpenOnesFromBeingDeletedUnawares() {
        String sink = put("");
        client.batch(sink, "0", 0, "{\"n\":0}").has("deadLettered", 1);
        Answer kept = client.method("DELETE", "/sinks/" + sink).isProblem(409, "in-use");
        assertThat(kept.body().path("detail").stringValue()).contains("1 of its dead letters");
        client.post(letter(sink, 0) + "/discard", Client.JSON, WHY).has("state", "discarded");
        assertThat(client.method("DELETE", "/sinks/" + sink).status()).isEqualTo(204);
        assertThat(states(sink)).isEmpty();
    }

    @Test
    void pointsFromASinkMadeOfOthersToThem() {
        String sink = put("");
        client.put("/sinks/b" + sink, "{\"type\":\"batching\",\"target\":\"" + sink + "\"}");
        Answer answer = client.get("/sinks/b" + sink + "/dead-letters").isProblem(404, "unknown-dead-letter");
        assertThat(answer.body().path("targets").toString()).contains(sink);
    }
}
