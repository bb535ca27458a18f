package dev.sluice.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.postgres.PostgresForTests;
import dev.sluice.postgres.PostgresForTests.Database;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A table that is dropped, swapped or emptied does not come back empty in silence. */
class LostTableIT {

    private static final String RECORDS = "{\"a\":0},{\"a\":1},{\"a\":2}";

    private Database database;
    private InProcess service;

    @BeforeEach
    void start() {
        database = PostgresForTests.freshDatabase();
        service = startAgain();
        client().batch("ev", "0", 0, RECORDS).isWritten("committed");
    }

    @AfterEach
    void stop() {
        service.close();
    }

    private InProcess startAgain() {
        return InProcess.on(
                database,
                List.of(),
                "sluice.sinks.ev.type=table",
                "sluice.sinks.ev.partitions=0,1",
                "sluice.sinks.unused.type=table",
                "sluice.sinks.unused.partitions=0");
    }

    private void restart() {
        service.close();
        service = startAgain();
    }

    private Client client() {
        return service.client();
    }

    private void tellsThat(String loss, String detail) {
        for (String records : List.of(RECORDS, "{\"a\":0}")) {
            assertThat(client().batch("ev", "0", 0, records)
                            .isProblem(500, "target-broken")
                            .text("detail"))
                    .contains("acknowledged records are gone")
                    .contains(detail);
        }
        client().batch("ev", "0", 3, "{\"a\":3}")
                .isProblem(500, "target-broken")
                .has("loss", loss);
        // Also where another partition has never been written to.
        client().batch("ev", "1", 0, "{\"a\":3}").isProblem(500, "target-broken");
        client().batch("ev", "0", 3, "{\"a\":3}", "Sluice-Fencing-Token", "7").isProblem(412, "unknown-fencing-token");
        await().untilAsserted(() -> {
            Answer health = client().get("/actuator/health");
            assertThat(health.body()
                            .at("/components/sinks/components/ev/status")
                            .stringValue())
                    .isEqualTo("DOWN");
            assertThat(health.body().toString()).contains("acknowledged records are gone");
        });
        accept("records-gone".equals(loss) ? "target-gone" : "records-gone").isProblem(409, "nothing-lost");
        client().batch("ev", "0", 3, "{\"a\":3}").isProblem(500, "target-broken");
        client().batch("unused", "0", 0, "1").isWritten("committed");
    }

    private Answer accept(String loss) {
        return client().post("/sinks/ev/accept", Client.JSON, "{\"loss\":\"" + loss + "\"}");
    }

    private void goesOnOnceItIsAccepted(String loss) {
        assertThat(accept(loss).status()).isEqualTo(200);
        accept(loss).isProblem(409, "nothing-lost");
        client().batch("ev", "0", 3, "{\"a\":3}").isWritten("committed");
        client().batch("ev", "0", 0, RECORDS).isWritten("duplicate"); // accepted: what is gone stays acknowledged
        restart();
        client().batch("ev", "0", 4, "{\"a\":4}").isWritten("committed");
        assertThat(service.query("select source_offset from ev where source_offset > 2 order by 1"))
                .containsExactly("3", "4");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void tellsThatTheTableWasDropped(boolean restarted) {
        service.execute("drop table ev");
        if (restarted) {
            restart();
        }
        tellsThat("target-gone", "does not exist any more");
        assertThat(service.query("select to_regclass('public.ev') is null")).containsExactly("t");
        goesOnOnceItIsAccepted("target-gone");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void tellsThatAnotherTableHasTakenItsName(boolean restarted) {
        service.execute("alter table ev rename to ev_old");
        service.execute("create table public.ev (like ev_old including all)");
        if (restarted) {
            restart();
        }
        tellsThat("target-replaced", "is in the place of");
        service.execute("drop table ev");
        service.execute("alter table ev_old rename to ev");
        client().batch("ev", "0", 3, "{\"a\":3}").isWritten("committed");
        service.execute("create table public.ev_new (like ev including all)");
        service.execute("drop table ev");
        service.execute("alter table ev_new rename to ev");
        client().batch("ev", "0", 4, "{\"a\":4}").isProblem(500, "target-broken");
        assertThat(accept("target-replaced").status()).isEqualTo(200);
        client().batch("ev", "0", 4, "{\"a\":4}").isWritten("committed");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void tellsThatTheTableWasEmptied(boolean restarted) {
        service.execute("truncate ev");
        if (restarted) {
            restart();
        }
        tellsThat("records-gone", "was emptied (TRUNCATE)");
        goesOnOnceItIsAccepted("records-gone");
    }

    @Test
    void takesNoRewriteAndNoRetentionForALoss() {
        service.execute("vacuum full ev");
        client().batch("ev", "0", 3, "{\"a\":3}").isWritten("committed");
        service.execute("delete from ev");
        client().batch("ev", "0", 4, "{\"a\":4}").isWritten("committed");
        service.execute("delete from ev");
        service.execute("vacuum full ev");
        restart();
        client().batch("ev", "0", 5, "{\"a\":5}").isWritten("committed");
    }

    @Test
    void refusesADefinitionThatWouldLeaveTheRecordsBehind() {
        String definition = "{\"type\":\"table\",\"partitions\":[\"0\"],\"table\":\"%s\"}";
        assertThat(client().put("/sinks/stored", definition.formatted("one")).status())
                .isEqualTo(201);
        client().batch("stored", "0", 0, "1").isWritten("committed");
        assertThat(client().put("/sinks/stored", definition.formatted("two"))
                        .isProblem(409, "definition-conflict")
                        .text("detail"))
                .contains("acknowledged records are gone");
        assertThat(service.query("select to_regclass('public.two') is null")).containsExactly("t");
        service.execute("drop table one");
        restart();
        client().batch("stored", "0", 1, "1").isProblem(500, "target-broken");
        assertThat(client().get("/sinks/stored").status()).isEqualTo(200);
        client().post("/sinks/stored/accept", Client.JSON, "{\"loss\":\"target-gone\"}");
        client().batch("stored", "0", 1, "1").isWritten("committed");
    }

    @Test
    void makesATableAnewThatHadNothingYetAtTheNextStart() {
        service.execute("drop table unused");
        client().batch("unused", "0", 0, "1").isProblem(503, "target-unavailable");
        service.execute("create table public.unused (like ev including all)");
        client().batch("unused", "0", 0, "1").isWritten("committed");
        service.execute("delete from unused");
        service.execute("delete from sluice.snapshot where sink = 'unused'");
        service.execute("delete from sluice.receipt where sink = 'unused'");
        service.execute("drop table unused");
        restart();
        client().batch("unused", "0", 0, "1").isWritten("committed");
        assertThat(service.query("select count(*) from unused")).containsExactly("1");
    }

    @Test
    void tellsWhatCanBeAccepted() {
        assertThat(accept("everything").isProblem(400, "malformed-request").text("detail"))
                .contains("target-gone, target-replaced, records-gone");
        accept("target-gone").isProblem(409, "nothing-lost");
        client().post("/sinks/none/accept", Client.JSON, "{\"loss\":\"target-gone\"}")
                .isProblem(404, "unknown-sink");
    }
}
