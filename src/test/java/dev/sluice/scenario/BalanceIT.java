package dev.sluice.scenario;

import static dev.sluice.scenario.Client.JSON;
import static dev.sluice.scenario.Client.partition;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Whatever was done to a sink, its records add up from sources that know nothing of each other. */
class BalanceIT {

    private static final String WHY = "{\"reason\":\"mended\"}";
    private static final String REFUSING = ",\"on-rejected\":\"dead-letter\",\"dead-letters\":{\"max-share\":100}";

    @TempDir
    private static Path directory;

    private static InProcess service;
    private static Client client;
    private static int used;

    @BeforeAll
    static void start() {
        service = InProcess.start();
        client = service.client();
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    private static String put(String type, String more) {
        String sink = "s" + used++;
        assertThat(client.put("/sinks/" + sink, "{\"type\":\"" + type + "\"" + more + "}")
                        .status())
                .isEqualTo(201);
        return sink;
    }

    private static String refusing() {
        String sink = put("table", ",\"partitions\":[\"0\",\"1\"]" + REFUSING);
        service.execute("alter table " + sink + " add constraint good check (data -> 'n' <> '0')");
        return sink;
    }

    private static Answer of(String sink, String query) {
        Answer answer = client.get(partition(sink, "0") + "/balance" + query);
        assertThat(answer.status()).as(answer.body().toString()).isEqualTo(200);
        return answer;
    }

    private static Answer total(String sink, String query) {
        Answer answer = client.get("/sinks/" + sink + "/balance" + query);
        assertThat(answer.status()).as(answer.body().toString()).isEqualTo(200);
        return answer;
    }

    /** Asserts that all was compared that is named, and that nothing differs. */
    private static void adds(Answer balance, String... with) {
        assertThat(balance.body()
                        .path("comparisons")
                        .valueStream()
                        .map(one -> one.path("with").stringValue()))
                .as(balance.body().toString())
                .containsExactly(with);
        assertThat(balance.body().path("comparisons").valueStream())
                .as(balance.body().toString())
                .allMatch(one -> one.path("difference").longValue() == 0
                        && one.path("exact").booleanValue());
        balance.has("difference", 0);
    }

    private static void letters(Answer balance, long open, long replayed, long discarded) {
        JsonNode letters = balance.body().path("deadLetters");
        assertThat(letters.path("open").longValue()).isEqualTo(open);
        assertThat(letters.path("replayed").longValue()).isEqualTo(replayed);
        assertThat(letters.path("discarded").longValue()).isEqualTo(discarded);
    }

    @Test
    void countsRecordsHolesAndDeadLetters() {
        String sink = refusing();
        client.batch(sink, "0", 0, "1,{\"n\":0},3,{\"n\":0},{\"n\":0},{\"n\":0}")
                .has("deadLettered", 4);
        client.post(
                partition(sink, "0"),
                JSON,
                "{\"offset\":6,\"end\":20,\"records\":[{\"offset\":8,\"value\":7},{\"offset\":9,\"value\":7}]}");
        client.batch(sink, "0", client.snapshot(sink, "0").number("nextOffset"), "8")
                .isWritten("committed");
        client.batch(sink, "1", 0, "1,2").isWritten("committed");
        String letters = partition(sink, "0") + "/dead-letters/";
        client.post(letters + "3/discard", JSON, WHY).has("state", "discarded");
        service.execute("alter table " + sink + " drop constraint good");
        client.post(letters + "4/replay", JSON, WHY).has("state", "replayed");
        client.putWith(letters + "5", JSON, "{\"n\":5}", "If-Match", client.etag(letters + "5"))
                .has("revision", 1);
        client.post(letters + "5/replay", JSON, WHY).has("state", "replayed");
        long rows = Long.parseLong(service.query("select count(*) from " + sink + " where partition_id = '0'")
                .get(0));
        Answer balance = of(sink, "?target=true");
        adds(balance, "receipts", "target");
        letters(balance, 1, 2, 1);
        balance.has("written", rows).has("settled", rows + 2).has("countedFrom", 0);
        assertThat(balance.number("holes")).isEqualTo(balance.number("nextOffset") - rows - 2);
        balance = total(sink, "?target=true&receipts=true");
        adds(balance, "receipts", "target");
        letters(balance, 1, 2, 1);
        balance.has("partitions", 2)
                .has("settled", rows + 4)
                .has("written", rows + 2)
                .has("countedLater", 0);
        assertThat(total(sink, "").body().has("difference")).isFalse();
        // What is pruned still counts.
        service.execute("update sluice.dead_letter set changed_at = now() - interval '99 days' where sink = '" + sink
                + "' and state <> 'open'");
        prune();
        assertThat(service.query("select source_offset from sluice.dead_letter where sink = '" + sink + "'"))
                .containsExactly("1");
        adds(of(sink, "?target=true"), "receipts", "target");
        letters(of(sink, ""), 1, 0, 1);
        letters(total(sink, ""), 1, 0, 1);
        assertThat(client.open(sink, "0", "{\"owner\":\"me\",\"resume\":{\"nextOffset\":2}}")
                        .status())
                .isEqualTo(200);
        balance = of(sink, "?target=true");
        adds(balance, "receipts", "target");
        letters(balance, 1, 0, 0);
        balance.has("settled", 2).has("written", 1);
    }

    private static void prune() {
        Object pruner = service.bean("letterPruner", Object.class);
        try {
            var prune = pruner.getClass().getDeclaredMethod("prune");
            prune.setAccessible(true);
            prune.invoke(pruner);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void tellsFromWhereItCountsWhenReceiptsDoNotReachBack() {
        String sink = put("table", ",\"partitions\":[\"0\"]");
        for (int i = 0; i < 4; i++) {
            client.batch(sink, "0", i * 10L, "1,2,3,4,5,6,7,8,9,10").isWritten("committed");
        }
        service.execute("delete from sluice.receipt where sink = '" + sink + "' and first_offset < 20");
        Answer balance = of(sink, "?target=true");
        assertThat(balance.body().at("/receipts/complete").booleanValue()).isFalse();
        assertThat(balance.body().at("/receipts/from").longValue()).isEqualTo(20);
        assertThat(balance.body().at("/comparisons/0/exact").booleanValue()).isFalse();
        assertThat(balance.body().at("/comparisons/0/untold").longValue()).isEqualTo(20);
        assertThat(balance.body().at("/comparisons/1/exact").booleanValue()).isTrue();
        balance.has("difference", 0).has("settled", 40);
        client.open(sink, "0", "{\"owner\":\"me\",\"resume\":{\"nextOffset\":15}}")
                .has("nextOffset", 15);
        balance = of(sink, "?target=true");
        adds(balance, "receipts", "target");
        balance.has("countedFrom", 15).has("settled", 0);
        balance = total(sink, "?target=true&receipts=true");
        adds(balance, "receipts", "target");
        balance.has("countedLater", 1);
    }

    @Test
    void seesWhatIsLostAndWhatIsTooMuch() {
        String sink = put("table", ",\"partitions\":[\"0\"]");
        client.batch(sink, "0", 0, "1,2,3").isWritten("committed");
        service.execute("delete from " + sink + " where source_offset = 1");
        of(sink, "").has("difference", 0);
        of(sink, "?target=true").has("difference", -1);
        total(sink, "?target=true").has("difference", -1);
        service.execute("insert into " + sink + " select '0', 100 + i, 'null' from generate_series(1, 3) i");
        of(sink, "?target=true").has("difference", 2);
        service.execute("update sluice.snapshot set records = records + 5 where sink = '" + sink + "'");
        of(sink, "").has("difference", -5);
        total(sink, "?receipts=true").has("difference", -5);
    }

    @Test
    void countsKeyedRecordsAndThoseOfAnyOrder() {
        String sink = put("table", ",\"partitions\":[\"0\",\"1\"],\"order\":\"any\"");
        client.batch(sink, "0", 100, "1,2,3").isWritten("committed");
        client.batch(sink, "0", 0, "1,2").isWritten("committed");
        Answer balance = of(sink, "?target=true");
        adds(balance, "receipts", "target");
        balance.has("settled", 5).has("holes", 0).has("nextOffset", 2);
        adds(total(sink, "?target=true&receipts=true"), "receipts", "target");
        String keyed = put("table", ",\"partitions\":[\"0\",\"1\"]");
        Answer written = client.post(
                "/sinks/" + keyed + "/records",
                JSON,
                "{\"offset\":0,\"records\":[{\"key\":\"a\",\"value\":1},{\"key\":\"b\",\"value\":2},"
                        + "{\"key\":\"c\",\"value\":3}]}");
        assertThat(written.status()).as(written.body().toString()).isEqualTo(200);
        balance = total(keyed, "?target=true&receipts=true");
        adds(balance, "receipts", "target");
        balance.has("settled", 3);
    }

    @Test
    void aBufferHasAcceptedWhatIsDeliveredAndWhatWaits() {
        String sink = refusing();
        String buffer = put("batching", ",\"target\":\"" + sink + "\",\"flush-interval\":\"1h\",\"batch-size\":5");
        client.batch(buffer, "0", 0, "1,{\"n\":0},3,4,5").isWritten("committed");
        await().until(() -> client.snapshot(sink, "0").number("nextOffset") == 5);
        client.batch(buffer, "0", 5, "6,7").isWritten("committed");
        await().until(() -> of(buffer, "").body().at("/buffer/delivered").longValue() == 5);
        Answer balance = of(buffer, "");
        adds(balance, "receipts", "waiting", sink);
        assertThat(balance.body().at("/buffer/accepted").longValue()).isEqualTo(7);
        assertThat(balance.body().at("/buffer/waiting").longValue()).isEqualTo(2);
        assertThat(balance.body().has("written")).isFalse();
        adds(of(sink, "?target=true"), "receipts", "target");
        letters(of(sink, ""), 1, 0, 0);
        adds(total(buffer, ""), sink);
        service.execute("delete from sluice.buffer where sink = '" + buffer + "' and source_offset = 6");
        of(buffer, "").has("difference", -1);
        service.execute("update sluice.delivery set backlog_records = 1 where sink = '" + buffer + "'");
        of(buffer, "").has("difference", -1);
        total(buffer, "").has("difference", -1);
    }

    @Test
    void theChildrenOfAFanoutMayDifferByDeadLettersOnly() {
        String first = refusing();
        String second = put("table", ",\"partitions\":[\"0\",\"1\"]");
        String file = put("file", ",\"partitions\":[\"0\",\"1\"],\"directory\":\"" + directory.resolve("fan") + "\"");
        for (String[] targets : new String[][] {{first, second}, {second, file}}) {
            String fanout = put("fanout", ",\"targets\":[\"" + String.join("\",\"", targets) + "\"]");
            long at = client.snapshot(targets[0], "0").number("nextOffset");
            if (at == 0) {
                client.batch(fanout, "0", 0, "1,{\"n\":0},3").isWritten("committed");
                Answer balance = of(fanout, "");
                adds(balance, "receipts", first, second);
                JsonNode children = balance.body().path("children");
                assertThat(children.at("/0/written").longValue()).isEqualTo(2);
                assertThat(children.at("/1/written").longValue()).isEqualTo(3);
                assertThat(children.at("/0/nextOffset")).isEqualTo(children.at("/1/nextOffset"));
                adds(total(fanout, ""), first, second);
                service.execute("update sluice.snapshot set records = records - 1 where sink = '" + second + "'");
                of(fanout, "").has("difference", -1);
                total(fanout, "").has("difference", -1);
                service.execute("update sluice.snapshot set records = records + 1 where sink = '" + second + "'");
            } else {
                client.batch(fanout, "0", 0, "1,{\"n\":0},3").isWritten("committed");
                adds(of(fanout, ""), "receipts", second, file);
                adds(of(file, "?target=true"), "receipts", "target");
                adds(total(file, "?target=true"), "target");
            }
        }
    }

    @Test
    void refusesWhatItDoesNotKnow() {
        String sink = put("table", ",\"partitions\":[\"0\"]");
        client.get("/sinks/" + sink + "/balance?tagret=true").isProblem(400, "malformed-request");
        client.get("/sinks/" + sink + "/balance?target=yes").isProblem(400, "malformed-request");
        client.get(partition(sink, "7") + "/balance").isProblem(404, "unknown-partition");
        client.get("/sinks/nowhere/balance").isProblem(404, "unknown-sink");
        String log = put("log", ",\"partitions\":[\"0\"]");
        client.batch(log, "0", 0, "1,2").isWritten("committed");
        Answer balance = of(log, "");
        adds(balance, "receipts");
        balance.has("settled", 2);
        client.get(partition(log, "0") + "/balance?target=true").isProblem(409, "not-verifiable");
        String workers = put("file", ",\"workers\":1,\"directory\":\"" + directory.resolve("w") + "\"");
        for (String path : Arrays.asList("/balance", "/partitions/0/balance")) {
            client.get("/sinks/" + workers + path).isProblem(404, "stateless");
        }
    }
}
