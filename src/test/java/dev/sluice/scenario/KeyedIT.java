package dev.sluice.scenario;

import static dev.sluice.scenario.Client.JSON;
import static dev.sluice.scenario.Client.NDJSON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Records with a key: routed by index, every partition moves, all or none in one transaction. */
@Tag("conformance")
class KeyedIT {

    private static final List<String> PARTITIONS = List.of("z", "a", "m");

    private static InProcess service;
    private static Client client;

    @BeforeAll
    static void start() {
        service = InProcess.with(
                MemorySinkType.class,
                "sluice.sinks.keyed.type=table",
                "sluice.sinks.keyed.partitions=z,a,m",
                "sluice.sinks.checked.type=table",
                "sluice.sinks.checked.partitions=z,a,m",
                "sluice.sinks.probed.type=table",
                "sluice.sinks.probed.partitions=z,a,m",
                "sluice.sinks.opened.type=table",
                "sluice.sinks.opened.partitions=z,a,m",
                "sluice.sinks.memory.type=memory",
                "sluice.sinks.memory.partitions=k-z,k-a,k-m");
        client = service.client();
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    private static String partitionOf(String key) {
        CRC32C crc = new CRC32C();
        crc.update(key.getBytes(StandardCharsets.UTF_8));
        return PARTITIONS.get((int) (crc.getValue() % PARTITIONS.size()));
    }

    private static String keyFor(String partition) {
        for (int i = 0; ; i++) {
            if (partitionOf("key" + i).equals(partition)) {
                return "key" + i;
            }
        }
    }

    private static String keyed(long offset, String... partitions) {
        StringBuilder records = new StringBuilder();
        for (int i = 0; i < partitions.length; i++) {
            records.append(i > 0 ? "," : "")
                    .append("{\"key\":\"%s\",\"value\":%d}".formatted(keyFor(partitions[i]), offset + i));
        }
        return "{\"offset\":" + offset + ",\"records\":[" + records + "]}";
    }

    @Test
    void routesByTheIndexOfThePinnedListAndNotBySortedNames() {
        for (String key : List.of("DTW", "JFK", "é", "", "a key with spaces & signs")) {
            Answer answer = client.get(
                    "/sinks/keyed/partition-for?key=" + java.net.URLEncoder.encode(key, StandardCharsets.UTF_8));
            assertThat(answer.status()).isEqualTo(200);
            answer.has("key", key).has("partition", partitionOf(key)).has("partitions", 3);
        }
        client.get("/sinks/keyed/partition-for").isProblem(400, "malformed-request");
    }

    @Test
    void movesEveryPartitionWithEveryBatchAndCommitsOnce() {
        Answer first = client.post("/sinks/keyed/records", JSON, keyed(0, "z", "a", "z", "z"));
        first.isWritten("committed").has("written", 4).has("nextOffset", 4);
        for (String partition : PARTITIONS) {
            client.snapshot("keyed", partition).has("nextOffset", 4).has("version", 1);
        }
        client.post("/sinks/keyed/records", JSON, keyed(0, "z", "a", "z", "z"))
                .isWritten("duplicate")
                .has("written", 0)
                .has("duplicates", 4);
        client.post(
                        "/sinks/keyed/records?offset=3",
                        NDJSON,
                        "{\"key\":\"%s\",\"value\":3}\n{\"value\":\"x\",\"key\":\"%s\"}"
                                .formatted(keyFor("z"), keyFor("m")))
                .isWritten("trimmed")
                .has("written", 1)
                .has("nextOffset", 5);
        client.post("/sinks/keyed/records", JSON, keyed(9, "z")).isProblem(409, "offset-gap");
        client.post("/sinks/keyed/records", JSON, keyed(0, "a")).isProblem(422, "offset-conflict");
        assertThat(service.query("select partition_id, source_offset, data from keyed order by 2"))
                .containsExactly("z 0 0", "a 1 1", "z 2 2", "z 3 3", "m 4 \"x\"");
    }

    @Test
    void writesNothingAnywhereIfOnePartitionRefuses() {
        service.execute("alter table checked add constraint small check (data::text::int < 100)");
        Answer refused =
                client.post("/sinks/checked/records", JSON, keyed(99, "z").replace(":99", ":0"));
        refused.isWritten("committed");
        String body = "{\"offset\":1,\"records\":[{\"key\":\"%s\",\"value\":1},{\"key\":\"%s\",\"value\":100}]}"
                .formatted(keyFor("z"), keyFor("m"));
        Answer rejected = client.post("/sinks/checked/records", JSON, body);
        rejected.isProblem(422, "record-rejected").has("partition", "m");
        assertThat(rejected.body().path("rejected").get(0).path("offset").longValue())
                .isEqualTo(2);
        assertThat(service.query("select data from checked")).containsExactly("0");
        client.snapshot("checked", "z").has("nextOffset", 1);
    }

    /** Records that exclude each other only together: each partition alone would pass. */
    @ParameterizedTest
    @ValueSource(strings = {"", "deferrable initially deferred"})
    void namesOrSettlesWhatARecordOfAnotherPartitionExcludes(String when) {
        String sink = "pairs" + (when.isEmpty() ? "" : "_deferred");
        String definition = "{\"type\":\"table\",\"partitions\":[\"z\",\"a\",\"m\"]%s}";
        client.put("/sinks/" + sink, definition.formatted(""));
        service.execute(
                "alter table " + sink + " add constraint " + sink + "_once exclude ((data ->> 'id') with =) " + when);
        String path = "/sinks/" + sink + "/records?offset=0";
        String body = "{\"key\":\"%s\",\"value\":{\"id\":1}}\n{\"key\":\"%s\",\"value\":{\"id\":1}}\n"
                        .formatted(keyFor("z"), keyFor("a"))
                + "{\"key\":\"%1$s\",\"value\":{\"id\":2}}\n{\"key\":\"%1$s\",\"value\":{\"id\":1}}\n"
                        .formatted(keyFor("m"));
        for (String query : List.of("&dryRun=true", "")) {
            Answer refused = client.post(path + query, NDJSON, body)
                    .isProblem(422, "record-rejected")
                    .has("partition", "a");
            assertThat(refused.body().path("rejected").size()).isEqualTo(1);
            assertThat(refused.body().at("/rejected/0/offset").longValue()).isEqualTo(1);
            assertThat(refused.body().at("/rejected/0/field").stringValue()).isEqualTo(sink + "_once");
        }
        client.snapshot(sink, "z").has("nextOffset", 0);

        client.post(Client.partition(sink, "a") + "/set-aside", JSON, "{\"offset\":1,\"reason\":\"twice\"}");
        client.post(path, NDJSON, body).isProblem(422, "record-rejected").has("partition", "m");
        client.put(
                "/sinks/" + sink,
                definition.formatted(",\"on-rejected\":\"dead-letter\",\"dead-letters\":{\"max-share\":100}"));
        client.post(path, NDJSON, body).isWritten("committed").has("written", 2).has("deadLettered", 2);
        client.post(path, NDJSON, body).isWritten("duplicate").has("duplicates", 4);
        assertThat(service.query("select partition_id, source_offset from " + sink + " order by 2"))
                .containsExactly("z 0", "m 2");
        assertThat(service.query("select partition_id, source_offset, coalesce(reason, code) from sluice.dead_letter"
                        + " where sink = '" + sink + "' order by 2"))
                .containsExactly("a 1 twice", "m 3 23P01");
    }

    /** What is asked of the target for a keyed request has nothing to do with what goes on in the partition meanwhile. */
    @Test
    void asksForRefusedRecordsBesideARewind() throws SQLException {
        client.post("/sinks/probed/records", JSON, keyed(0, "z", "z")).isWritten("committed");
        service.execute("create function slowly(data jsonb) returns boolean language plpgsql as $$begin"
                + " if data = '\"slow\"' then perform pg_advisory_xact_lock_shared(4711); end if; return true; end$$");
        service.execute("alter table probed add constraint slow check (slowly(data))");
        String key = keyFor("z");
        String records = IntStream.range(0, 400)
                .mapToObj(i -> i == 0 ? "\"slow\"" : i == 399 ? "\"\\u0000\"" : "1")
                .map(value -> "{\"key\":\"" + key + "\",\"value\":" + value + "}")
                .collect(Collectors.joining("\n"));
        CompletableFuture<Answer> answer;
        try (Connection holder = service.database().connect();
                Statement statement = holder.createStatement()) {
            statement.execute("select pg_advisory_lock(4711)");
            answer = client.postAsync("/sinks/probed/records?offset=2", NDJSON, records);
            await().until(() -> service.query(
                            "select 1 from pg_locks where locktype = 'advisory' and not granted" + " and objid = 4711")
                    .equals(List.of("1")));
            assertThat(client.open("probed", "z", "{\"owner\":\"w\",\"resume\":{\"nextOffset\":1}}")
                            .status())
                    .isEqualTo(200);
        }
        Answer refused = answer.join().isProblem(422, "record-rejected");
        assertThat(refused.body().path("rejected").size()).isEqualTo(1);
        assertThat(refused.body().path("complete").booleanValue()).isTrue();
        assertThat(service.query("select source_offset from probed where partition_id = 'z'"))
                .containsExactly("0");
    }

    @Test
    void wantsTheTokenOfEveryPartition() {
        client.open("opened", "a", "{\"owner\":\"me\"}");
        client.post("/sinks/opened/records", JSON, keyed(0, "z"))
                .isProblem(428, "fencing-token-required")
                .has("partition", "a");
        client.open("opened", "z", "{\"owner\":\"me\"}");
        client.open("opened", "m", "{\"owner\":\"me\"}");
        client.post("/sinks/opened/records", JSON, keyed(0, "z"), "Sluice-Fencing-Token", "1")
                .isWritten("committed");
    }

    @Test
    void repeatsOnlyWhatIsMissingWhereThereIsNoTransaction() {
        String body =
                "{\"offset\":0,\"records\":[{\"key\":\"%s\",\"value\":\"ok\"},{\"key\":\"%s\",\"value\":\"refused\"}]}"
                        .formatted(keyFor("z"), keyFor("a"));
        Answer refused = client.post("/sinks/memory/records", JSON, body);
        refused.isProblem(422, "record-rejected").has("partition", "k-a");
        assertThat(refused.body().path("committedPartitions").toString()).isEqualTo("[\"k-z\",\"k-m\"]");
        client.post("/sinks/memory/records", JSON, body.replace("refused", "fine"))
                .isWritten("trimmed")
                .has("written", 1)
                .has("duplicates", 1);
        assertThat(MemorySinkType.TARGET.get("memory/k-z")).containsExactly("\"ok\"");
        assertThat(MemorySinkType.TARGET.get("memory/k-a")).containsExactly("\"fine\"");
    }

    @Test
    void tellsOfATargetThatIsAwayAndWritesTheOthers() {
        long offset = client.snapshot("memory", "k-m").number("nextOffset");
        String body =
                "{\"offset\":%d,\"records\":[{\"key\":\"%s\",\"value\":\"unavailable\"},{\"key\":\"%s\",\"value\":7}]}"
                        .formatted(offset, keyFor("z"), keyFor("m"));
        client.post("/sinks/memory/records?dryRun=true", JSON, body)
                .isWritten("committed")
                .has("dryRun", true);
        client.snapshot("memory", "k-m").has("nextOffset", offset);
        client.post("/sinks/memory/records", JSON, body).isProblem(503, "target-unavailable");
        client.snapshot("memory", "k-m").has("nextOffset", offset + 2);
        client.snapshot("memory", "k-z").has("nextOffset", offset);
        client.post("/sinks/memory/records", JSON, body.replace("\"unavailable\"", "8"))
                .isWritten("trimmed")
                .has("written", 1);
    }

    @Test
    void dryRunsAllPartitionsTogether() {
        long before = client.snapshot("keyed", "z").number("nextOffset");
        client.post("/sinks/keyed/records?dryRun=true", JSON, keyed(before, "z", "a"))
                .isWritten("committed")
                .has("dryRun", true);
        client.snapshot("keyed", "z").has("nextOffset", before);
    }

    @Test
    void saysWhatIsWrongWithAKeyedBody() {
        Answer noKey = client.post("/sinks/keyed/records", JSON, "{\"offset\":0,\"records\":[{\"value\":1}]}");
        noKey.isProblem(400, "malformed-batch").has("index", 0);
        assertThat(noKey.text("detail")).contains("'key'");
        client.post("/sinks/keyed/records", JSON, "{\"offset\":0,\"records\":[{\"key\":7,\"value\":1}]}")
                .isProblem(400, "malformed-batch");
        client.post("/sinks/keyed/records", NDJSON, "{\"key\":\"a\",\"value\":1}")
                .isProblem(428, "offset-required");
        Answer half = client.post(
                "/sinks/keyed/records", JSON, "{\"offset\":0,\"records\":[{\"key\":\"\\ud800\",\"value\":1}]}");
        half.isProblem(400, "malformed-batch");
        assertThat(half.text("detail")).contains("surrogate");
        client.get("/sinks/keyed/partition-for?key=%ff").isProblem(400, "malformed-request");
        client.post("/sinks/nobody/records", JSON, keyed(0, "z")).isProblem(404, "unknown-sink");
    }
}
