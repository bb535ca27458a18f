package dev.sluice.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.audit.Act;
import dev.sluice.audit.AuditTrail;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.JsonNode;

/** Whoever acts leaves a row, written in the very transaction that acts, and a line in the log. */
@ExtendWith(OutputCaptureExtension.class)
class AuditIT {

    private static final String TABLE = "{\"type\":\"table\",\"partitions\":[\"0\",\"1\"]}";

    private InProcess service;

    @BeforeEach
    void start() {
        service = InProcess.start("sluice.sinks.ev.type=table", "sluice.sinks.ev.partitions=0,1");
    }

    @AfterEach
    void stop() {
        service.close();
    }

    private Client client() {
        return service.client();
    }

    private List<JsonNode> audit(String query) {
        Answer answer = client().get("/audit" + query);
        assertThat(answer.status()).as(answer.body().toString()).isEqualTo(200);
        return StreamSupport.stream(answer.body().path("entries").spliterator(), false)
                .toList();
    }

    private static long auditId(Answer answer) {
        return Long.parseLong(
                answer.response().headers().firstValue("Sluice-Audit-Id").orElseThrow());
    }

    @Test
    void keepsWhoPutAndDeletedWhatAndWhy(CapturedOutput output) {
        long put = auditId(client().put("/sinks/a?reason=new%20customer%20%C3%A9", TABLE));
        JsonNode entry = audit("?action=definition-put").get(0);
        assertThat(entry.path("id").longValue()).isEqualTo(put);
        assertThat(entry.path("sink").stringValue()).isEqualTo("a");
        assertThat(entry.path("actor").stringValue()).isEqualTo("anonymous");
        assertThat(entry.path("from").stringValue()).isEqualTo("127.0.0.1");
        assertThat(entry.path("reason").stringValue()).isEqualTo("new customer \u00e9");
        assertThat(entry.path("outcome").stringValue()).isEqualTo("done");
        assertThat(entry.has("before")).isFalse();
        assertThat(entry.at("/after/type").stringValue()).isEqualTo("table");
        assertThat(output)
                .contains("definition-put of a by anonymous from 127.0.0.1, audit id " + put + ": new customer");

        assertThat(client().put("/sinks/a", TABLE).response().headers().firstValue("Sluice-Audit-Id"))
                .as("nothing was changed")
                .isEmpty();
        long changed = auditId(client().put("/sinks/a", "{\"type\":\"log\",\"partitions\":[\"0\"]}"));
        entry = audit("?sink=a").get(0);
        assertThat(entry.path("id").longValue()).isEqualTo(changed).isGreaterThan(put);
        assertThat(entry.at("/before/type").stringValue()).isEqualTo("table");
        assertThat(entry.at("/after/type").stringValue()).isEqualTo("log");
        assertThat(entry.has("reason")).isFalse();

        Answer deleted = client().method("DELETE", "/sinks/a?force=true&reason=gone");
        assertThat(deleted.status()).isEqualTo(204);
        entry = audit("?sink=a&limit=1").get(0);
        assertThat(entry.path("id").longValue()).isEqualTo(auditId(deleted));
        assertThat(entry.path("action").stringValue()).isEqualTo("definition-delete");
        assertThat(entry.at("/request/force").booleanValue()).isTrue();
        assertThat(entry.at("/after/discardedRecords").longValue()).isZero();
        assertThat(entry.at("/before/type").stringValue()).isEqualTo("log");
    }

    @Test
    void keepsNoSecrets(CapturedOutput output) {
        client().put(
                        "/sinks/out",
                        "{\"type\":\"http\",\"partitions\":[\"0\"],\"url\":\"http://127.0.0.1:9/\",\"headers\":"
                                + "{\"Authorization\":\"Bearer hush-hush\"}}");
        JsonNode entry = audit("?sink=out").get(0);
        assertThat(entry.at("/after/type").stringValue()).isEqualTo("http");
        assertThat(entry.toString()).doesNotContain("hush-hush");
        assertThat(output).doesNotContain("hush-hush");
    }

    @Test
    void leavesNothingOfWhatWasRefused() {
        client().put("/sinks/a", "{\"type\":\"table\"}").isProblem(422, "invalid-definition");
        client().put("/sinks/a?dryRun=true", TABLE);
        client().put("/sinks/ev", TABLE).isProblem(409, "read-only");
        client().method("DELETE", "/sinks/nobody").isProblem(404, "unknown-sink");
        client().put("/sinks/a?reason=" + "x".repeat(201), TABLE).isProblem(400, "malformed-request");
        client().put("/sinks/a?reson=typo", TABLE).isProblem(400, "malformed-request");
        assertThat(audit("")).isEmpty();
    }

    @Test
    void keepsRewindsButNotPlainOpens() {
        client().batch("ev", "0", 0, "1,2,3").isWritten("committed");
        client().open("ev", "0", "{\"owner\":\"a\"}");
        client().open("ev", "0", "{\"owner\":\"b\",\"resume\":{\"nextOffset\":3}}");
        assertThat(audit("")).isEmpty();
        Answer rewound =
                client().open("ev", "0", "{\"owner\":\"c\",\"reason\":\"bad day\",\"resume\":{\"nextOffset\":1}}");
        JsonNode entry = audit("?partition=0").get(0);
        assertThat(entry.path("id").longValue()).isEqualTo(auditId(rewound));
        assertThat(entry.path("action").stringValue()).isEqualTo("rewind");
        assertThat(entry.path("from").stringValue()).isEqualTo("127.0.0.1");
        assertThat(entry.at("/before/nextOffset").longValue()).isEqualTo(3);
        assertThat(entry.at("/before/owner").stringValue()).isEqualTo("b");
        assertThat(entry.at("/after/nextOffset").longValue()).isEqualTo(1);
        assertThat(entry.path("reason").stringValue()).isEqualTo("bad day");
    }

    @Test
    void keepsThatALossWasAcceptedAndThatAnIncarnationBegan() {
        client().batch("ev", "0", 0, "1").isWritten("committed");
        service.execute("drop table ev");
        client().post("/sinks/ev/accept", Client.JSON, "{\"loss\":\"target-replaced\"}")
                .isProblem(409, "nothing-lost");
        assertThat(audit("")).isEmpty();
        Answer accepted = client().post(
                        "/sinks/ev/accept",
                        Client.JSON,
                        "{\"loss\":\"target-gone\",\"reason\":\"dropped by mistake\"}");
        JsonNode entry = audit("?action=accept-loss&sink=ev").get(0);
        assertThat(entry.path("id").longValue()).isEqualTo(auditId(accepted));
        assertThat(entry.at("/request/loss").stringValue()).isEqualTo("target-gone");
        assertThat(entry.path("reason").stringValue()).isEqualTo("dropped by mistake");

        Answer begun = client().post("/incarnation", Client.JSON, "{\"reason\":\"restored\"}");
        entry = audit("?action=incarnation").get(0);
        assertThat(entry.path("id").longValue()).isEqualTo(auditId(begun));
        assertThat(entry.has("sink")).isFalse();
        assertThat(entry.at("/before/number").longValue()).isEqualTo(1);
        assertThat(entry.at("/after/number").longValue()).isEqualTo(2);
    }

    @Test
    void keepsColumnsThatTheServiceAddsByItself() {
        service.execute("create table wide (id int)");
        client().put(
                        "/sinks/wide",
                        "{\"type\":\"table\",\"partitions\":[\"0\"],\"position\":\"none\",\"columns\":{\"id\":\"/id\"},"
                                + "\"other-members\":\"add-columns\"}");
        client().batch("wide", "0", 0, "{\"id\":\"1\",\"b\":\"x\"}").isWritten("committed");
        JsonNode entry = audit("?sink=wide&action=columns-added").get(0);
        assertThat(entry.at("/after/table").stringValue()).contains("wide");
        assertThat(entry.at("/after/columns").propertyNames()).containsExactly("b");
        assertThat(entry.has("actor")).isFalse();
    }

    @Test
    void givesPagesTheNewestFirst() {
        List<Long> ids = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            ids.add(0, auditId(client().put("/sinks/s" + i, TABLE)));
        }
        List<Long> found = new ArrayList<>();
        String after = "";
        int pages = 0;
        do {
            Answer page = client().get("/audit?limit=2" + after);
            page.body()
                    .path("entries")
                    .forEach(entry -> found.add(entry.path("id").longValue()));
            after = page.body().has("next") ? "&after=" + page.number("next") : "";
            pages++;
        } while (!after.isEmpty());
        assertThat(found).containsExactlyElementsOf(ids);
        assertThat(pages).isEqualTo(3);

        String at = audit("?sink=s2").get(0).path("at").stringValue();
        assertThat(audit("?since=" + at)).hasSize(3);
        assertThat(audit("?until=" + at)).hasSize(2);
        client().get("/audit?since=yesterday").isProblem(400, "malformed-request");
        client().get("/audit?limit=1001").isProblem(400, "malformed-request");
        client().get("/audit?actor=x").isProblem(400, "malformed-request");
        client().get("/audit?sink=a%00").isProblem(400, "malformed-request");
    }

    @Test
    void keepsIdsBeyondWhatADoubleHolds() {
        service.execute("alter table sluice.audit alter column id restart with 9007199254740993");
        assertThat(auditId(client().put("/sinks/a", TABLE))).isEqualTo(9007199254740993L);
        assertThat(client().get("/audit").body().at("/entries/0/id").longValue())
                .isEqualTo(9007199254740993L);
    }

    @Test
    void isWrittenInATransactionOrNotAtAll(CapturedOutput output) {
        AuditTrail trail = service.bean(AuditTrail.class);
        Act act = new Act("test", null, null, null, null, null, "lost");
        assertThatThrownBy(() -> trail.add(act))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("no transaction");
        service.bean(TransactionTemplate.class).executeWithoutResult(status -> {
            trail.add(act);
            status.setRollbackOnly();
        });
        assertThat(audit("")).isEmpty();
        assertThat(output).doesNotContain("test of the service");
    }

    /* Without the act there must be no row, and without the row no act. */
    @Test
    void actsOnlyIfItCanBeKept() {
        client().batch("ev", "0", 0, "1,2,3").isWritten("committed");
        client().put("/sinks/a", TABLE);
        service.execute("alter table sluice.audit add constraint full_disk check (id < 0) not valid");
        assertThat(client().open("ev", "0", "{\"owner\":\"c\",\"resume\":{\"nextOffset\":1}}")
                        .status())
                .isGreaterThanOrEqualTo(400);
        client().snapshot("ev", "0").has("nextOffset", 3).has("fencingToken", 0);
        assertThat(client().put("/sinks/b", TABLE).status()).isGreaterThanOrEqualTo(400);
        assertThat(client().get("/sinks/b").status()).isEqualTo(404);
        assertThat(client().method("DELETE", "/sinks/a").status()).isGreaterThanOrEqualTo(400);
        assertThat(client().get("/sinks/a").status()).isEqualTo(200);
        assertThat(client().post("/incarnation", Client.JSON, "{\"reason\":\"restored\"}")
                        .status())
                .isGreaterThanOrEqualTo(400);
        assertThat(service.query("select number from sluice.incarnation")).containsExactly("1");
    }
}
