package dev.sluice.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A fan-out whose targets all write through Sluice's own transaction: each batch reaches all of them in one. */
class JointFanoutIT {

    private static final String PARTITIONS = "p0,p1,p2,p3,p4,p5,p6,p7";

    private static InProcess service;
    private static Client client;

    @BeforeAll
    static void start() {
        service = InProcess.start(
                "sluice.sinks.all.type=fanout",
                "sluice.sinks.all.targets=plain,typed,later",
                "sluice.sinks.plain.type=table",
                "sluice.sinks.plain.partitions=" + PARTITIONS,
                "sluice.sinks.typed.type=table",
                "sluice.sinks.typed.columns.a.from=/a",
                "sluice.sinks.typed.columns.a.type=bigint",
                "sluice.sinks.typed.other-members=ignore",
                "sluice.sinks.typed.partitions=" + PARTITIONS,
                "sluice.sinks.later.type=batching",
                "sluice.sinks.later.target=delivered",
                "sluice.sinks.later.flush-interval=100ms",
                "sluice.sinks.delivered.type=table",
                "sluice.sinks.delivered.partitions=" + PARTITIONS);
        client = service.client();
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    private static List<String> stored(String table, String column, String partition) {
        return service.query("select " + column + " from " + table + " where partition_id = '" + partition
                + "' order by source_offset");
    }

    @Test
    void bringsABatchToAllOfThemInOneTransaction() {
        client.batch("all", "p0", 0, "{\"a\":1},{\"a\":2}")
                .isWritten("committed")
                .has("nextOffset", 2)
                .has("version", 1);
        assertThat(service.query("select distinct xmin from (select xmin from plain where partition_id = 'p0'"
                        + " union all select xmin from typed where partition_id = 'p0'"
                        + " union all select xmin from sluice.snapshot where partition_id = 'p0'"
                        + " and sink in ('all', 'plain', 'typed')) as t"))
                .hasSize(1);
        client.batch("all", "p0", 1, "{\"a\":2},{\"a\":3}").isWritten("trimmed").has("nextOffset", 3);
        client.batch("all", "p0", 0, "{\"a\":1},{\"a\":2},{\"a\":3}").isWritten("duplicate");
        client.batch("all", "p0", 0, "{\"a\":1},{\"a\":7}").isProblem(422, "offset-conflict");
        assertThat(stored("plain", "data->>'a'", "p0")).containsExactly("1", "2", "3");
        assertThat(stored("typed", "a", "p0")).containsExactly("1", "2", "3");
        await().untilAsserted(() ->
                assertThat(stored("delivered", "data->>'a'", "p0")).containsExactly("1", "2", "3"));
        for (String sink : List.of("plain", "typed", "later")) {
            client.snapshot(sink, "p0").has("nextOffset", 3);
        }
    }

    @Test
    void countsWhatReachesEachOfThem() {
        client.batch("all", "p1", 0, "{\"a\":1},{\"a\":2}").isWritten("committed");
        for (String sink : List.of("all", "plain", "typed", "later")) {
            assertThat(client.get("/sinks/" + sink + "/partitions/p1")
                            .body()
                            .at("/counters/records")
                            .intValue())
                    .as(sink)
                    .isEqualTo(2);
        }
    }

    @Test
    void goesOnByItselfWhereOneOfThemRefuses() {
        service.execute("alter table typed add constraint below_100 check (a < 100)");
        Answer refused = client.batch("all", "p2", 0, "{\"a\":1},{\"a\":100}");
        refused.isProblem(502, "partial-failure").has("retryable", false);
        assertThat(refused.body().path("children").toString())
                .contains("\"sink\":\"plain\",\"partition\":\"p2\",\"state\":\"committed\"")
                .contains("\"problem\":\"record-rejected\"", "below_100");
        client.snapshot("all", "p2").has("nextOffset", 0);
        client.snapshot("plain", "p2").has("nextOffset", 2).has("version", 1);
        client.snapshot("typed", "p2").has("nextOffset", 0);
        client.batch("all", "p3", 0, "{\"a\":1}").isWritten("committed");

        service.execute("alter table typed drop constraint below_100");
        client.batch("all", "p2", 0, "{\"a\":1},{\"a\":100}").isWritten("committed");
        client.snapshot("plain", "p2").has("nextOffset", 2).has("version", 1);
        assertThat(stored("plain", "data->>'a'", "p2")).containsExactly("1", "100");
        assertThat(stored("typed", "a", "p2")).containsExactly("1", "100");
    }

    @Test
    void writesNothingTwiceToOneThatIsAhead() {
        client.batch("typed", "p4", 0, "{\"a\":1},{\"a\":2}").isWritten("committed");
        client.batch("all", "p4", 0, "{\"a\":1}").isWritten("committed");
        client.batch("all", "p4", 1, "{\"a\":2},{\"a\":3}").isWritten("committed");
        assertThat(stored("plain", "data->>'a'", "p4")).containsExactly("1", "2", "3");
        assertThat(stored("typed", "a", "p4")).containsExactly("1", "2", "3");
        client.snapshot("typed", "p4").has("nextOffset", 3);

        client.batch("typed", "p4", 3, "{\"a\":9}").isWritten("committed");
        Answer other = client.batch("all", "p4", 3, "{\"a\":4}").isProblem(502, "partial-failure");
        assertThat(other.body().path("children").toString()).contains("something else was committed there at offset 3");
        client.snapshot("all", "p4").has("nextOffset", 3);
    }

    @Test
    void waitsForARowOfATargetThatSomebodyHolds() throws SQLException {
        client.batch("all", "p5", 0, "{\"a\":1}").isWritten("committed");
        CompletableFuture<Answer> answer;
        try (Connection holder = service.database().connect();
                Statement statement = holder.createStatement()) {
            holder.setAutoCommit(false);
            statement.execute("select 1 from sluice.snapshot where sink = 'typed' and partition_id = 'p5' for update");
            answer = client.postAsync("/sinks/all/partitions/p5?offset=1", Client.NDJSON, "{\"a\":2}");
            await().until(() -> service.query("select 1 from pg_stat_activity where wait_event_type = 'Lock'"
                            + " and query like '%sluice.snapshot%'")
                    .equals(List.of("1")));
            client.batch("all", "p6", 0, "{\"a\":1}").isWritten("committed");
            holder.rollback();
        }
        answer.join().isWritten("committed");
        assertThat(stored("typed", "a", "p5")).containsExactly("1", "2");
        assertThat(stored("plain", "data->>'a'", "p5")).containsExactly("1", "2");
    }

    @Test
    void keepsOrderWhileOthersWriteToItsTargetsToo() {
        List<CompletableFuture<Answer>> answers = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            // Whoever comes first writes it, the other one finds it there.
            for (String sink : List.of("all", "typed")) {
                answers.add(client.postAsync(
                        "/sinks/" + sink + "/partitions/p7?offset=" + i,
                        Client.NDJSON,
                        "{\"a\":" + i + "}",
                        "Prefer",
                        "wait=20"));
            }
        }
        answers.forEach(answer ->
                assertThat(answer.join().status()).as(answer.join().toString()).isEqualTo(200));
        assertThat(service.query("select count(*), count(distinct source_offset), sum(a) from typed where partition_id"
                        + " = 'p7'"))
                .containsExactly("60 60 1770");
        assertThat(service.query("select count(*), count(distinct source_offset) from plain where partition_id = 'p7'"))
                .containsExactly("60 60");
        client.snapshot("all", "p7").has("nextOffset", 60);
    }

    @Test
    void triesABatchWithoutWritingIt() {
        client.post("/sinks/all/partitions/p0?offset=100&dryRun=true", Client.NDJSON, "{\"a\":1}")
                .isProblem(409, "offset-gap");
        long before = client.snapshot("typed", "p6").body().path("nextOffset").longValue();
        long offset = client.snapshot("all", "p6").body().path("nextOffset").longValue();
        assertThat(client.post(
                                "/sinks/all/partitions/p6?dryRun=true&offset=" + offset,
                                Client.NDJSON,
                                "{\"a\":1}\n{\"a\":2}")
                        .status())
                .isEqualTo(200);
        client.snapshot("typed", "p6").has("nextOffset", before);
    }

    /* Nor does a table get a column because its neighbour wants one. */
    @Test
    void addsColumnsToThoseThatAskForThem() {
        String columns =
                "\"partitions\":[\"0\"],\"type\":\"table\",\"columns\":{\"a\":{\"from\":\"/a\",\"type\":\"bigint\"}},";
        client.put("/sinks/wide", "{" + columns + "\"other-members\":\"add-columns\"}");
        client.put("/sinks/narrow", "{" + columns + "\"other-members\":\"refuse\"}");
        client.put("/sinks/unequal", "{\"type\":\"fanout\",\"targets\":[\"wide\",\"narrow\"]}");
        client.batch("unequal", "0", 0, "{\"a\":1,\"b\":2}").isProblem(422, "record-rejected");
        assertThat(service.query("select attname from pg_attribute where attrelid = 'narrow'::regclass and attnum > 0"
                        + " order by attnum"))
                .containsExactly("partition_id", "source_offset", "a");
    }

    @Test
    void refusesTargetsThatTakeTombstonesInDifferentForms() {
        client.put(
                "/sinks/keyed_rows",
                "{\"partitions\":[\"0\"],\"type\":\"table\",\"mode\":\"changes\",\"tombstones\":\"by-key\",\"key\":[\"a\"],"
                        + "\"position\":\"none\",\"columns\":{\"a\":{\"from\":\"/a\",\"type\":\"text\"}}}");
        client.put("/sinks/whole_rows", "{\"partitions\":[\"0\"],\"type\":\"table\"}");
        assertThat(client.put("/sinks/mixed_keys", "{\"type\":\"fanout\",\"targets\":[\"keyed_rows\",\"whole_rows\"]}")
                        .isProblem(422, "invalid-definition")
                        .toString())
                .contains("keyed_rows take the keys of tombstones");
    }
}
