package dev.sluice.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A batch to several sinks: each keeps its own position, a retry reaches only those that lack it. */
class FanoutIT {

    private static final String[] SETTINGS = {
        "sluice.sinks.both.type=fanout",
        "sluice.sinks.both.targets=rows,memory",
        "sluice.sinks.rows.type=table",
        "sluice.sinks.rows.partitions=f0,f1,f2,f3,f4,f5,only",
        "sluice.sinks.memory.type=memory",
        "sluice.sinks.memory.partitions=f0,f1,f2,f3,f4,f5"
    };

    private static InProcess service;
    private static Client client;

    @BeforeAll
    static void start() {
        service = InProcess.with(MemorySinkType.class, SETTINGS);
        client = service.client();
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    private static List<String> rows(String partition) {
        return service.query("select data from rows where partition_id = '" + partition + "' order by source_offset");
    }

    private static List<String> memory(String partition) {
        return MemorySinkType.TARGET.get("memory/" + partition);
    }

    @Test
    void hasTheCommonPartitionsAndTheWeakestGuarantee() {
        Answer sink = client.get("/sinks/both");
        assertThat(sink.body().path("partitions").toString()).isEqualTo("[\"f0\",\"f1\",\"f2\",\"f3\",\"f4\",\"f5\"]");
        sink.has("guarantee", "at-least-once").has("type", "fanout");
        client.batch("both", "only", 0, "1").isProblem(404, "unknown-partition");
    }

    @Test
    void bringsEachBatchToEverySink() {
        client.batch("both", "f0", 0, "1,2").isWritten("committed").has("nextOffset", 2);
        client.batch("both", "f0", 1, "2,3").isWritten("trimmed").has("nextOffset", 3);
        client.batch("both", "f0", 0, "1,2,3").isWritten("duplicate");
        assertThat(rows("f0")).containsExactly("1", "2", "3");
        assertThat(memory("f0")).containsExactly("1", "2", "3");
        client.snapshot("rows", "f0").has("nextOffset", 3);
        client.snapshot("memory", "f0").has("nextOffset", 3);
    }

    @Test
    void namesTheChildThatFailsAndRepeatsOnlyThere() {
        Answer failed = client.batch("both", "f1", 0, "1,\"unavailable\"");
        failed.isProblem(502, "partial-failure").has("retryable", true);
        assertThat(failed.body().path("children").get(0).path("state").stringValue())
                .isEqualTo("committed");
        assertThat(failed.body().path("children").get(1).path("sink").stringValue())
                .isEqualTo("memory");
        assertThat(failed.body().path("children").get(1).path("problem").stringValue())
                .isEqualTo("target-unavailable");
        assertThat(failed.response().headers().firstValue("Retry-After")).isPresent();
        client.snapshot("both", "f1").has("nextOffset", 0);
        client.snapshot("rows", "f1").has("nextOffset", 2).has("version", 1);
        client.snapshot("memory", "f1").has("nextOffset", 0);

        Answer again = client.batch("both", "f1", 0, "1,\"unavailable\"").isProblem(502, "partial-failure");
        assertThat(again.body().path("children").get(0).path("state").stringValue())
                .as("not sent again, where it would be refused")
                .isEqualTo("committed");
        client.snapshot("rows", "f1").has("nextOffset", 2).has("version", 1);
        assertThat(rows("f1")).as("not written twice").containsExactly("1", "\"unavailable\"");
    }

    @Test
    void saysThatRepeatingDoesNotHelpWhereAChildIsBroken() {
        Answer broken = client.batch("both", "f2", 0, "\"broken\"");
        broken.isProblem(502, "partial-failure").has("retryable", false);
        Answer refused = client.batch("both", "f3", 0, "\"refused\"");
        refused.isProblem(502, "partial-failure").has("retryable", false);
    }

    @Test
    void tellsANewOwnerWhichChildIsAheadAndHowToTakeItBack() {
        client.open("both", "f5", "{\"owner\": \"first\"}").has("fencingToken", 1);
        client.batch("both", "f5", 0, "1,2", "Sluice-Fencing-Token", "1").isWritten("committed");
        client.batch("both", "f5", 2, "3,\"unavailable\"", "Sluice-Fencing-Token", "1")
                .isProblem(502, "partial-failure");

        Answer opened = client.open("both", "f5", "{\"owner\": \"second\"}").has("nextOffset", 2);
        assertThat(opened.body().path("children").toString())
                .isEqualTo("[{\"sink\":\"rows\",\"partition\":\"f5\",\"nextOffset\":4},"
                        + "{\"sink\":\"memory\",\"partition\":\"f5\",\"nextOffset\":2}]");
        assertThat(client.snapshot("both", "f5").body().path("children"))
                .isEqualTo(opened.body().path("children"));

        Answer others = client.batch("both", "f5", 2, "7,8", "Sluice-Fencing-Token", "2");
        others.isProblem(502, "partial-failure").has("retryable", false);
        assertThat(others.body().path("children").get(0).path("detail").stringValue())
                .contains("offset 2", "never acknowledged", "/sinks/rows/partitions/f5/open", "{\"nextOffset\": 2}");
        assertThat(rows("f5")).as("nothing is taken back unasked").containsExactly("1", "2", "3", "\"unavailable\"");

        client.open("rows", "f5", "{\"owner\": \"second\", \"resume\": {\"nextOffset\": 2}}")
                .has("nextOffset", 2);
        client.batch("both", "f5", 2, "7,8", "Sluice-Fencing-Token", "2").isWritten("committed");
        assertThat(rows("f5")).containsExactly("1", "2", "7", "8");
        assertThat(memory("f5")).containsExactly("1", "2", "7", "8");
    }

    @Test
    void startsAChildThatJoinsLaterWhereItIsTold() {
        client.batch("both", "f4", 0, "1,2").isWritten("committed");
        try (InProcess later = InProcess.on(
                service.database(),
                List.of(MemorySinkType.class),
                "sluice.sinks.both.type=fanout",
                "sluice.sinks.both.targets=rows,memory,second,third,fourth",
                "sluice.sinks.both.start-at.second=current",
                "sluice.sinks.both.start-at.third=4",
                "sluice.sinks.rows.type=table",
                "sluice.sinks.rows.partitions=f0,f1,f2,f3,f4,f5,only",
                "sluice.sinks.memory.type=memory",
                "sluice.sinks.memory.partitions=f0,f1,f2,f3,f4,f5",
                "sluice.sinks.second.type=table",
                "sluice.sinks.second.partitions=f0,f1,f2,f3,f4,f5",
                "sluice.sinks.third.type=table",
                "sluice.sinks.third.partitions=f0,f1,f2,f3,f4,f5",
                "sluice.sinks.fourth.type=table",
                "sluice.sinks.fourth.partitions=f0,f1,f2,f3,f4,f5")) {
            Answer lacks = later.client().batch("both", "f4", 2, "3");
            lacks.isProblem(502, "partial-failure").has("retryable", false);
            assertThat(lacks.text("detail")).contains("'fourth'", "start-at.fourth", "0 to 2");
            later.client().batch("fourth", "f4", 0, "1,2").isWritten("committed");
            later.client().batch("both", "f4", 2, "3").isWritten("committed");
            later.client().batch("both", "f4", 3, "4,5").isWritten("committed");
            assertThat(later.query("select data from second order by source_offset"))
                    .containsExactly("3", "4", "5");
            assertThat(later.query("select data from third order by source_offset"))
                    .containsExactly("5");
            assertThat(later.query("select data from fourth order by source_offset"))
                    .containsExactly("1", "2", "3", "4", "5");
        }
        assertThat(rows("f4")).containsExactly("1", "2", "3", "4", "5");
    }
}
