package dev.sluice.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.catalog.SinkCatalog;
import dev.sluice.catalog.SinkData;
import dev.sluice.catalog.SinkDefinition;
import dev.sluice.postgres.PostgresForTests;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Definitions over HTTP: put, looked at, deleted, and put anew. */
@ExtendWith(OutputCaptureExtension.class)
class DefinitionsIT {

    private static final List<Class<?>> TYPES =
            List.of(MemorySinkType.class, RelaySinkType.class, VaultSinkType.class, Hoard.class);
    private static final String[] SETTINGS = {"sluice.sinks.fixed.type=table", "sluice.sinks.fixed.partitions=0,1"};

    private static InProcess service;
    private static Client client;
    private static int used;

    private String id;

    @BeforeAll
    static void start() {
        service = InProcess.on(PostgresForTests.freshDatabase(), TYPES, SETTINGS);
        client = service.client();
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    @BeforeEach
    void takeId(TestInfo test) {
        id = "s" + used++;
    }

    private static InProcess replica() {
        return InProcess.on(service.database(), TYPES, SETTINGS);
    }

    private String path() {
        return "/sinks/" + id;
    }

    private Answer put(String json) {
        return put(client, path(), json);
    }

    private static Answer put(Client at, String path, String json) {
        return at.put(path, json.replace('\'', '"'));
    }

    private Answer delete() {
        return client.method("DELETE", path());
    }

    private static SinkDefinition definition(InProcess at, String id) {
        return at.bean(SinkCatalog.class).find(id).orElseThrow();
    }

    @Test
    void putsASinkThatCanBeWrittenToAtOnce() {
        Answer put = put("{'type':'table','partitions':['b','a'],'create-table':true,'data-type':'json'}");
        assertThat(put.status()).isEqualTo(201);
        put.has("id", id)
                .has("type", "table")
                .has("source", "database")
                .has("order", "offset")
                .has("guarantee", "exactly-once")
                .has("partitions", "[\"b\",\"a\"]")
                .has("settings", "{\"create-table\":\"true\",\"data-type\":\"json\"}");
        assertThat(put.number("revision")).isPositive();
        assertThat(put.text("updatedAt")).startsWith("20");
        assertThat(withoutTotals(client.get(path()))).isEqualTo(put.body());
        assertThat(client.get("/sinks").body().toString()).contains(put.body().toString());
        client.batch(id, "a", 0, "{\"x\":1}").isWritten("committed");
        assertThat(service.query("select data from " + id)).containsExactly("{\"x\":1}");
    }

    @Test
    void replacesASinkAndLeavesTheOthersAlone() {
        put("{'type':'vault','partitions':['0'],'door':'front'}");
        SinkDefinition before = definition(service, id);
        SinkDefinition other = definition(service, "fixed");
        client.batch(id, "0", 0, "1").isWritten("committed");
        int closed = VaultSinkType.CLOSED.get();

        Answer again = put("{'type':'vault','partitions':['0'],'door':'back'}");
        assertThat(again.status()).isEqualTo(200);
        again.has("status", "{\"door\":\"back\"}");
        assertThat(definition(service, id)).isNotSameAs(before);
        assertThat(definition(service, "fixed")).isSameAs(other);
        assertThat(VaultSinkType.CLOSED.get()).isEqualTo(closed + 1);
        client.batch(id, "0", 1, "2").isWritten("committed");

        long revision = again.number("revision");
        put("{'type':'vault','partitions':['0'],'door':'back'}").has("revision", revision);
    }

    @Test
    void validatesWithoutTouchingAnythingInADryRun() {
        int prepared = VaultSinkType.PREPARED.get();
        Answer dry = put(client, path() + "?dryRun=true", "{'type':'vault','partitions':['0']}");
        assertThat(dry.status()).isEqualTo(200);
        dry.has("dryRun", true).has("guarantee", "at-least-once");
        assertThat(VaultSinkType.PREPARED.get()).isEqualTo(prepared);
        client.get(path()).isProblem(404, "unknown-sink");
        put(client, path() + "?dryRun=true", "{'type':'vault'}").isProblem(422, "invalid-definition");

        // What a dry run leaves behind must not be in the way of the same table.
        put(client, path() + "?dryRun=true", "{'type':'table','partitions':['0'],'table':'dry'}");
        assertThat(service.query("select to_regclass('dry')")).containsExactly("null");
        assertThat(put(client, "/sinks/" + id + "-other", "{'type':'table','partitions':['0'],'table':'dry'}")
                        .status())
                .isEqualTo(201);
    }

    @Test
    void tellsEveryErrorWithItsField() {
        Answer answer = put("{'type':'table','partitions':['0','/'],'tabel':'x','create-table':'perhaps'}")
                .isProblem(422, "invalid-definition")
                .has("sink", id);
        JsonNode errors = answer.body().path("errors");
        assertThat(errors.valueStream().map(error -> error.path("field").stringValue()))
                .containsExactlyInAnyOrder("partitions[1]", "tabel", "create-table");
        JsonNode unknown = errors.valueStream()
                .filter(error -> error.path("field").stringValue().equals("tabel"))
                .findFirst()
                .orElseThrow();
        assertThat(unknown.path("nearest").get(0).stringValue()).isEqualTo("table");
        assertThat(unknown.path("message").stringValue()).contains("did you mean table");
        client.get(path()).isProblem(404, "unknown-sink");
        put(client, "/sinks/-x", "{'type':'table','partitions':['0']}").isProblem(422, "invalid-definition");
        put("{'type':'vault','partitions':['0'],'token-file':'/etc/passwd'}").isProblem(422, "invalid-definition");
        put("{'type':'table','partitions':['0'],'table':'fixed'}").isProblem(422, "invalid-definition");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[1]                                                 | 400 | is an object",
                "{'type':                                            | 400 | is not JSON",
                "{'type':'table','type':'table','partitions':['0']}  | 400 | twice",
                "{'type':'table','partitions':['0'],'table':null}    | 400 | 'table' is null",
                "{'type':'table','partitions':['0']} {}              | 400 | is not JSON",
            })
    void readsTheBodyStrictly(String json, int status, String detail) {
        assertThat(put(json).isProblem(status, "malformed-request").text("detail"))
                .contains(detail);
    }

    @Test
    void refusesOtherParametersMediaTypesAndSizes() {
        put(client, path() + "?dryrun=true", "{'type':'table','partitions':['0']}")
                .isProblem(400, "malformed-request");
        put(client, path() + "?dryRun=yes", "{'type':'table','partitions':['0']}")
                .isProblem(400, "malformed-request");
        client.method("DELETE", path() + "?forse=true").isProblem(400, "malformed-request");
        client.method("PUT", path()).isProblem(415, "unsupported-media-type");
        put("{'type':'" + "x".repeat(1 << 20) + "'}").isProblem(413, "too-large");
        client.get(path()).isProblem(404, "unknown-sink");
    }

    @Test
    void showsNoSecretAnywhere(CapturedOutput output) {
        String secrets = "'token':'hunter2','headers':{'Authorization':'Bearer hunter2'}";
        Answer put = put("{'type':'vault','partitions':['0'],'door':'side'," + secrets + "}");
        put.has("settings", "{\"door\":\"side\",\"token\":\"***\",\"headers\":{\"Authorization\":\"***\"}}");
        VaultSinkType.SHUT.add("hunted");
        Answer unavailable = put("{'type':'vault','partitions':['0'],'door':'hunted'," + secrets + "}")
                .isProblem(503, "target-unavailable");
        Answer broken = put("{'type':'vault','partitions':['0'],'door':'painted'," + secrets + "}")
                .isProblem(422, "invalid-definition");
        Answer invalid = put("{'type':'vault','partitions':['0'],'token':{'hunter2':'hunter2'}}")
                .isProblem(422, "invalid-definition");
        Answer malformed = put("{'type':'vault','token':'hunter2' 'hunter2'}").isProblem(400, "malformed-request");
        assertThat(List.of(put, unavailable, broken, malformed, client.get("/sinks"), client.get("/actuator/health")))
                .allSatisfy(answer -> assertThat(answer.body().toString()).doesNotContain("hunter2"));
        assertThat(invalid.body().path("errors").get(0).path("message").stringValue())
                .contains("must be a text")
                .doesNotContain("hunter2");
        assertThat(output.getAll()).contains(id).doesNotContain("hunter2");
    }

    @Test
    void storesNothingThatCannotBePrepared() {
        VaultSinkType.SHUT.add("shut");
        put("{'type':'vault','partitions':['0'],'door':'shut'}").isProblem(503, "target-unavailable");
        client.get(path()).isProblem(404, "unknown-sink");
        assertThat(service.query("select count(*) from sluice.definition where sink = '" + id + "'"))
                .containsExactly("0");
    }

    @Test
    void keepsWhatTheConfigurationDefines() {
        put(client, "/sinks/fixed", "{'type':'table','partitions':['0']}").isProblem(409, "read-only");
        client.method("DELETE", "/sinks/fixed").isProblem(409, "read-only");
        delete().isProblem(404, "unknown-sink");
        client.get("/sinks/fixed").has("source", "configuration");
    }

    @Test
    void keepsWhatAnotherSinkIsMadeOf() {
        put("{'type':'vault','partitions':['0']}");
        String relay = "/sinks/relay-" + id;
        put(client, relay, "{'type':'relay','to':'nowhere'}").isProblem(422, "invalid-definition");
        assertThat(put(client, relay, "{'type':'relay','to':'" + id + "'}")
                        .has("targets", "[\"" + id + "\"]")
                        .status())
                .isEqualTo(201);
        SinkDefinition before = definition(service, "relay-" + id);
        assertThat(delete().isProblem(409, "in-use").text("detail")).contains("relay-" + id);
        put("{'type':'vault','workers':2}").isProblem(409, "in-use");
        assertThat(put("{'type':'vault','partitions':['0','1']}").status()).isEqualTo(200);
        assertThat(definition(service, "relay-" + id)).isNotSameAs(before);
        client.get(relay).has("partitions", "[\"0\",\"1\"]");
        put("{'type':'relay','to':'relay-" + id + "'}").isProblem(422, "invalid-definition");
        assertThat(client.method("DELETE", relay).status()).isEqualTo(204);
        assertThat(delete().status()).isEqualTo(204);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'type':'vault','partitions':['0','1','2']}",
                "{'type':'vault','partitions':['1','0']}",
                "{'type':'vault','partitions':['0']}",
                "{'type':'vault','partitions':['0','x']}",
                "{'type':'memory','partitions':['0','1']}",
                "{'type':'vault','workers':2}",
            })
    void keepsPartitionsAndTypeOfASinkWithData(String changed) {
        put("{'type':'vault','partitions':['0']}");
        put("{'type':'vault','partitions':['0','1']}").has("partitions", "[\"0\",\"1\"]");
        client.batch(id, "1", 0, "1").isWritten("committed");
        assertThat(put(changed).isProblem(409, "definition-conflict").text("detail"))
                .contains("the sink has data", "another id", "at 0");
        put(client, path() + "?dryRun=true", changed).isProblem(409, "definition-conflict");
        client.get(path()).has("partitions", "[\"0\",\"1\"]").has("type", "vault");
        client.batch(id, "1", 1, "1").isWritten("committed");
    }

    @Test
    void deletesPositionsButNoTokens() {
        put("{'type':'table','partitions':['0','1','2']}");
        client.batch(id, "0", 0, "1,2").isWritten("committed");
        client.open(id, "1", "{\"owner\":\"old\"}").has("fencingToken", 1);
        client.batch(id, "1", 0, "1", "Sluice-Fencing-Token", "1").isWritten("committed");
        assertThat(delete().status()).isEqualTo(204);
        client.get(path()).isProblem(404, "unknown-sink");
        client.batch(id, "0", 2, "3").isProblem(404, "unknown-sink");
        assertThat(service.query("select count(*) from sluice.receipt where sink = '" + id + "'"))
                .containsExactly("0");
        assertThat(service.query("select settings from sluice.definition where sink = '" + id + "'"))
                .containsExactly("{}");

        service.execute("drop table " + id);
        assertThat(put("{'type':'table','partitions':['1','0']}").status()).isEqualTo(201);
        client.snapshot(id, "0").has("nextOffset", 0).has("fencingToken", 1);
        client.snapshot(id, "1").has("nextOffset", 0).has("fencingToken", 2);
        client.batch(id, "0", 2, "3").isProblem(428, "fencing-token-required");
        client.batch(id, "1", 1, "3", "Sluice-Fencing-Token", "1").isProblem(412, "fenced");
        client.open(id, "1", "{\"owner\":\"new\"}").has("fencingToken", 3).has("nextOffset", 0);
        client.batch(id, "1", 0, "3", "Sluice-Fencing-Token", "3").isWritten("committed");
        assertThat(put("{'type':'table','partitions':['0','1']}")
                        .isProblem(409, "definition-conflict")
                        .text("detail"))
                .contains("[1, 0], which would become [0, 1]");
    }

    @Test
    void asksWhoeverKeepsRowsOfASinkBeforeItIsDeleted() {
        put("{'type':'vault','partitions':['0']}");
        client.batch(id, "0", 0, "1").isWritten("committed");
        Hoard.KEPT.add(id);
        assertThat(delete().isProblem(409, "in-use").text("detail")).contains("3 records are dear to somebody");
        client.snapshot(id, "0").has("nextOffset", 1).has("fencingToken", 0);
        Answer forced = client.method("DELETE", path() + "?force=true");
        assertThat(forced.status()).isEqualTo(200);
        forced.has("sink", id).has("discardedRecords", 3);
        assertThat(Hoard.KEPT).doesNotContain(id);
    }

    /** Keeps something of each sink. */
    static class Hoard implements SinkData {
        static final Set<String> KEPT = ConcurrentHashMap.newKeySet();

        @Override
        public Optional<String> reasonToKeep(String sink) {
            return KEPT.contains(sink) ? Optional.of("3 records are dear to somebody") : Optional.empty();
        }

        @Override
        public long forget(String sink) {
            return KEPT.remove(sink) ? 3 : 0;
        }
    }

    @Test
    void fencesWritersThatStillUseADeletedSinkAtAnotherReplica() {
        put("{'type':'table','partitions':['0']}");
        try (InProcess other = replica()) {
            other.client().batch(id, "0", 0, "1").isWritten("committed");
            delete();
            Answer late = other.client().batch(id, "0", 1, "2");
            assertThat(late.status()).as(late.body().toString()).isIn(404, 428);
            put("{'type':'table','partitions':['0'],'table':'anew_" + id + "'}");
            Answer later = other.client().batch(id, "0", 1, "2");
            later.isProblem(428, "fencing-token-required");
            assertThat(service.query("select count(*) from anew_" + id)).containsExactly("0");
        }
    }

    @Test
    void isSeenByOtherReplicasAtFirstUseAndWithinASecond() {
        try (InProcess other = replica()) {
            put("{'type':'vault','partitions':['0'],'door':'1'}");
            other.client().batch(id, "0", 0, "1").isWritten("committed");
            SinkDefinition fixed = definition(other, "fixed");
            put("{'type':'vault','partitions':['0'],'door':'2'}");
            await().atMost(Duration.ofSeconds(5))
                    .untilAsserted(() -> other.client().get(path()).has("status", "{\"door\":\"2\"}"));
            assertThat(definition(other, "fixed")).isSameAs(fixed);
            delete();
            await().atMost(Duration.ofSeconds(5))
                    .untilAsserted(() -> other.client().get(path()).isProblem(404, "unknown-sink"));
        }
    }

    private static JsonNode withoutTotals(Answer sink) {
        return ((ObjectNode) sink.body().deepCopy()).without("totals");
    }

    @Test
    void outlivesTheProcess() {
        put("{'type':'vault','partitions':['0','1'],'token':'remembered'}");
        Answer before = client.get(path());
        client.batch(id, "1", 0, "1").isWritten("committed");
        try (InProcess restarted = replica()) {
            assertThat(withoutTotals(restarted.client().get(path()))).isEqualTo(withoutTotals(before));
            restarted.client().batch(id, "1", 1, "1").isWritten("committed");
        }
    }

    @Test
    void startsInSpiteOfStoredDefinitionsThatCannotBeUsed() {
        put("{'type':'vault','partitions':['0'],'door':'stuck-" + id + "'}");
        String relay = "/sinks/relay-" + id;
        put(client, relay, "{'type':'relay','to':'" + id + "'}");
        VaultSinkType.SHUT.add("stuck-" + id);
        service.execute("insert into sluice.definition values ('bad-" + id
                + "', '{\"type\":\"gone\",\"secret\":\"hunter3\"}', 0, false, now())");
        service.execute("insert into sluice.definition values ('list-" + id + "', '[]', 0, false, now())," + " ('null-"
                + id + "', '{\"type\":\"table\",\"table\":null}', 0, false, now())");
        try (InProcess restarted = replica()) {
            Client there = restarted.client();
            assertThat(there.get("/sinks/list-" + id).text("problem")).contains("type: is missing");
            assertThat(there.get("/sinks/null-" + id).text("problem")).contains("partitions");
            there.get(path()).has("problem", "the door does not open with token null");
            there.get(relay).has("problem", "its target '" + id + "' cannot be used");
            Answer bad = there.get("/sinks/bad-" + id);
            assertThat(bad.text("problem")).contains("there is no sink type 'gone'");
            assertThat(there.get("/sinks").body().toString())
                    .contains(bad.text("id"))
                    .doesNotContain("hunter3");
            there.batch(id, "0", 0, "1").isProblem(503, "target-unavailable");
            there.batch("fixed", "0", 0, "{}").isWritten("committed");
            JsonNode health = there.get("/actuator/health").body().at("/components/sinks/components/" + id);
            assertThat(health.path("status").stringValue()).isEqualTo("DOWN");

            assertThat(put(there, "/sinks/beside-" + id, "{'type':'vault','partitions':['0']}")
                            .status())
                    .isEqualTo(201);
            put(there, "/sinks/over-" + id, "{'type':'relay','to':'" + id + "'}")
                    .isProblem(422, "invalid-definition");

            VaultSinkType.SHUT.remove("stuck-" + id);
            await().atMost(Duration.ofSeconds(10))
                    .untilAsserted(() -> there.batch(id, "0", 0, "1").isWritten("committed"));
            there.get(relay).has("targets", "[\"" + id + "\"]");
            for (String broken : List.of("bad-", "list-", "null-")) {
                assertThat(there.method("DELETE", "/sinks/" + broken + id).status())
                        .isEqualTo(204);
            }
        }
    }

    @Test
    void goesByTheConfigurationWhereASinkIsDefinedTwice() {
        put("{'type':'vault','partitions':['0']}");
        try (InProcess restarted = InProcess.on(
                service.database(),
                TYPES,
                "sluice.sinks." + id + ".type=vault",
                "sluice.sinks." + id + ".partitions=0",
                "sluice.sinks." + id + ".door=configured")) {
            restarted.client().get(path()).has("source", "configuration").has("status", "{\"door\":\"configured\"}");
            restarted.client().method("DELETE", path()).isProblem(409, "read-only");
        }
    }

    @Test
    void takesOneOfManyPutsAtOnce() {
        try (InProcess other = replica()) {
            List<CompletableFuture<Answer>> puts = IntStream.range(0, 12)
                    .mapToObj(i -> CompletableFuture.supplyAsync(() -> put(
                            i % 2 == 0 ? client : other.client(),
                            path() + "-" + i % 3,
                            "{'type':'table','partitions':['0'],'table':'shared_" + id + "'}")))
                    .toList();
            List<Integer> statuses =
                    puts.stream().map(put -> put.join().status()).toList();
            assertThat(statuses)
                    .as("one sink owns the table")
                    .containsOnlyOnce(201)
                    .isSubsetOf(200, 201, 422);
        }
    }

    @Test
    void showsHealthOfWhatThereIsNow() {
        put("{'type':'vault','partitions':['0'],'door':'healthy'}");
        await().atMost(Duration.ofSeconds(5)).untilAsserted(() -> {
            JsonNode health = client.get("/actuator/health").body().at("/components/sinks/components/" + id);
            assertThat(health.at("/details/door").asString()).isEqualTo("healthy");
        });
    }

    @Test
    void takesWorkersForATypeThatHasThem() {
        put("{'type':'table','workers':2}").isProblem(422, "invalid-definition");
        Answer workers = put("{'type':'vault','workers':2}").has("workers", 2).has("guarantee", "at-least-once");
        assertThat(workers.body().propertyNames()).doesNotContain("partitions", "order");
        assertThat(put("{'type':'vault','partitions':['0']}").status())
                .as("there is no data yet")
                .isEqualTo(200);
    }
}
