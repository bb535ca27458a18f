package dev.sluice.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Lists of sinks and partitions show those that somebody looks for, in pages. */
class ListFiltersIT {

    private static final int MANY = 30_000;

    private static InProcess service;
    private static Client client;

    @BeforeAll
    static void start() {
        service = InProcess.with(
                MemorySinkType.class,
                "sluice.health.failing-after=1ms",
                "sluice.sinks.many.type=table",
                "sluice.sinks.many.partitions="
                        + IntStream.range(0, MANY).mapToObj(i -> "p" + i).collect(Collectors.joining(",")),
                "sluice.sinks.some.type=table",
                "sluice.sinks.some.partitions=z,a,m,k",
                "sluice.sinks.moody.type=memory",
                "sluice.sinks.moody.partitions=mo-z,mo-a,mo-m",
                "sluice.sinks.lines.type=log",
                "sluice.sinks.lines.workers=2",
                "sluice.sinks.inner.type=table",
                "sluice.sinks.inner.partitions=z,a,m",
                "sluice.sinks.buffer.type=batching",
                "sluice.sinks.buffer.target=inner",
                "sluice.sinks.buffer.flush-interval=1h",
                "sluice.sinks.empty.type=batching",
                "sluice.sinks.empty.target=some");
        client = service.client();
        service.execute("insert into sluice.snapshot (sink, partition_id, next_offset, version, updated_at)"
                + " select 'many', 'p' || i, 1, 1, now() - interval '2 hours'"
                + " from generate_series(20000, 29999) as i");
        client.batch("many", "p29998", 1, "1").isWritten("committed");
        client.batch("some", "a", 0, "1").isWritten("committed");
        client.open("some", "m", "{\"owner\":\"somebody\"}").has("fencingToken", 1);
        client.batch("buffer", "m", 0, "1,2").isWritten("committed");
        client.open("buffer", "z", "{\"owner\":\"somebody\"}").has("fencingToken", 1);
        service.execute("update sluice.delivery set waiting_since = now() - interval '20 minutes'");
        client.batch("moody", "mo-z", 0, "1").isWritten("committed");
        client.batch("moody", "mo-a", 0, "\"unavailable\"").isProblem(503, "target-unavailable");
        client.put("/sinks/stored", "{\"type\":\"log\",\"workers\":1}");
        service.execute("insert into sluice.definition (sink, settings, revision)"
                + " values ('odd', '{\"type\":\"no-such-type\",\"partitions\":[\"0\"]}', 99)");
        service.execute("update sluice.definition_revision set revision = 99");
        await().until(() -> ids("failing=true").contains("odd"));
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    private static List<String> ids(String query) {
        return list("/sinks?" + query, "sinks", "id");
    }

    private static List<String> names(String sink, String query) {
        return list("/sinks/" + sink + "/partitions?" + query, "partitions", "partition");
    }

    private static List<String> list(String path, String list, String name) {
        List<String> all = new ArrayList<>();
        String from = "";
        for (int page = 0; page < 50; page++) {
            Answer answer = client.get(path + from);
            assertThat(answer.status()).as(answer.body().toString()).isEqualTo(200);
            answer.body()
                    .path(list)
                    .valueStream()
                    .forEach(item -> all.add(item.path(name).stringValue()));
            JsonNode next = answer.body().path("next");
            if (next.isMissingNode()) {
                return all;
            }
            from = "&from=" + next.stringValue();
        }
        throw new AssertionError("the list has no end: " + all.size());
    }

    @Test
    void listsAllSinksUntilALimitIsAskedFor() {
        List<String> all = ids("");
        assertThat(all)
                .containsExactlyInAnyOrder(
                        "many", "some", "moody", "lines", "inner", "buffer", "empty", "stored", "odd")
                .endsWith("stored", "odd");
        Answer page = client.get("/sinks?limit=2");
        assertThat(page.body().path("sinks").size()).isEqualTo(2);
        page.has("next", all.get(2));
        assertThat(ids("limit=2")).isEqualTo(all);
        assertThat(client.get("/sinks").body().propertyNames()).containsExactly("sinks");
    }

    @Test
    void listsSinksThatSomebodyLooksFor() {
        assertThat(ids("type=batching")).containsExactlyInAnyOrder("buffer", "empty");
        assertThat(ids("prefix=mo&limit=1")).containsExactly("moody");
        assertThat(ids("failing=true")).containsExactly("moody", "odd");
        assertThat(ids("lagging=true")).containsExactly("buffer");
        assertThat(ids("undelivered-older-than=19m")).containsExactly("buffer");
        assertThat(ids("undelivered-older-than=PT21M")).isEmpty();
        JsonNode waiting = client.get("/sinks?lagging=true").body().at("/sinks/0/undelivered");
        assertThat(waiting.path("records").longValue()).isEqualTo(2);
        assertThat(Instant.parse(waiting.path("since").stringValue()))
                .isBefore(Instant.now().minus(Duration.ofMinutes(19)));
        assertThat(client.get("/sinks").body().toString()).doesNotContain("\"undelivered\"");
        assertThat(ids("lagging=true&type=table")).isEmpty();
    }

    @Test
    void listsPartitionsInTheOrderOfTheDefinitionWhateverTheFilter() {
        assertThat(names("some", "used=true")).containsExactly("a", "m");
        assertThat(names("some", "opened=true")).containsExactly("m");
        assertThat(names("moody", "failing=true")).containsExactly("mo-a");
        assertThat(names("moody", "failing=true&used=true")).isEmpty();
        assertThat(names("buffer", "lagging=true")).containsExactly("m");
        assertThat(names("some", "lagging=true")).isEmpty();
        assertThat(names("lines", "failing=true")).isEmpty();
    }

    @Test
    void findsFewAndManyAmongVeryMany() {
        assertThat(names("many", "idle-longer-than=1h"))
                .hasSize(9_999)
                .doesNotContain("p29998")
                .isSubsetOf(namesOfMany());
        assertThat(names("many", "idle-longer-than=1h&limit=10000"))
                .hasSize(9_999)
                .startsWith("p20000", "p20001")
                .endsWith("p29997", "p29999");
        assertThat(names("many", "idle-longer-than=1h&prefix=p2999")).hasSize(9);
        assertThat(names("many", "idle-longer-than=3h")).isEmpty();
        service.execute("update sluice.snapshot set updated_at = now() - interval '2 days'"
                + " where sink = 'many' and partition_id in ('p29997', 'p20007', 'p20006')");
        assertThat(names("many", "idle-longer-than=1d")).containsExactly("p20006", "p20007", "p29997");
        Answer page = client.get("/sinks/many/partitions?idle-longer-than=1d&limit=2");
        page.has("next", "p29997");
        assertThat(page.body().at("/partitions/0/snapshot/nextOffset").longValue())
                .isEqualTo(1);
        assertThat(names("many", "idle-longer-than=1d&limit=1")).containsExactly("p20006", "p20007", "p29997");
    }

    private static List<String> namesOfMany() {
        return IntStream.range(0, MANY).mapToObj(i -> "p" + i).toList();
    }

    @Test
    void countsPartitionsByTheirState() {
        assertThat(client.get("/sinks/some").body().path("totals").toString())
                .isEqualTo(
                        "{\"all\":4,\"used\":2,\"opened\":1,\"active\":2,\"dead-letters\":0,\"failing\":0,\"paused\":0}");
        assertThat(client.get("/sinks/buffer").body().path("totals").toString())
                .isEqualTo(
                        "{\"all\":3,\"used\":2,\"opened\":1,\"active\":2,\"lagging\":1,\"dead-letters\":0,\"failing\":0,\"paused\":0}");
        assertThat(client.get("/sinks/lines").body().path("totals").toString())
                .isEqualTo("{\"all\":2,\"dead-letters\":0,\"failing\":0,\"paused\":0}");
        assertThat(client.get("/sinks/moody").body().at("/totals/failing").longValue())
                .isEqualTo(1);
        assertThat(client.get("/sinks/many").body().at("/totals/used").longValue())
                .isEqualTo(10_000);
        assertThat(client.get("/sinks/many").body().at("/totals/active").longValue())
                .isEqualTo(1);
    }

    @Test
    void forgetsPartitionsOfADeletedSink() {
        client.put("/sinks/gone", "{\"type\":\"table\",\"table\":\"gone\",\"partitions\":[\"0\",\"1\"]}");
        client.open("gone", "0", "{\"owner\":\"me\"}");
        assertThat(client.get("/sinks/gone").body().at("/totals/opened").longValue())
                .isEqualTo(1);
        client.method("DELETE", "/sinks/gone");
        client.put("/sinks/gone", "{\"type\":\"table\",\"table\":\"gone\",\"partitions\":[\"0\",\"1\"]}");
        assertThat(names("gone", "opened=true")).isEmpty();
        assertThat(client.get("/sinks/gone").body().path("totals").toString())
                .isEqualTo(
                        "{\"all\":2,\"used\":0,\"opened\":0,\"active\":0,\"dead-letters\":0,\"failing\":0,\"paused\":0}");
        assertThat(client.method("DELETE", "/sinks/gone").status()).isEqualTo(204);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/sinks?limit=0",
                "/sinks?limit=1001",
                "/sinks?failing=yes",
                "/sinks?used=true",
                "/sinks?undelivered-older-than=10",
                "/sinks?undelivered-older-than=-10m",
                "/sinks?undelivered-older-than=long",
                "/sinks/some/partitions?idle-longer-than=10",
                "/sinks/some/partitions?idle-longer-than=99999999d",
                "/sinks/some/partitions?opened=1",
                "/sinks/some/partitions?type=table",
                "/sinks/lines/partitions?lagging=true",
                "/sinks/lines/partitions?idle-longer-than=1h"
            })
    void refusesWhatItDoesNotUnderstand(String path) {
        client.get(path).isProblem(400, "malformed-request");
    }

    @Test
    void refusesToGoOnAtASinkThatThereIsNot() {
        assertThat(client.get("/sinks?from=som")
                        .isProblem(404, "unknown-sink")
                        .body()
                        .path("nearest")
                        .toString())
                .contains("some");
    }
}
