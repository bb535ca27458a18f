package dev.sluice.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/**
 * What goes wrong in the night, and the calls of the page for operators that end it: what is seen first, what the alert
 * reads, each call as it stands there, and that everything adds up and flows again. Targets outside, disks and restored
 * backups have tests of their own.
 */
class NightIT {

    private static final String TOKEN = "Sluice-Fencing-Token";

    private static InProcess service;
    private static Client client;

    @BeforeAll
    static void start() {
        // With no sink configured there is 'events'.
        service = InProcess.start("sluice.health.failing-after=1s");
        client = service.client();
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    private static void put(String sink, String definition) {
        Answer answer = client.put("/sinks/" + sink, "{" + definition + "}");
        assertThat(answer.status()).as(answer.body().toString()).isEqualTo(201);
    }

    private static void awaitMeter(double value, String meter, String... labels) {
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(
                        () -> assertThat(Scrape.of(client).one(meter, labels)).isEqualTo(value));
    }

    private static void awaitStatus(String sink, String status) {
        await().atMost(Duration.ofSeconds(20))
                .until(() -> client.get("/actuator/health/alert")
                        .body()
                        .at("/components/sinks/components/" + sink + "/status")
                        .asString("")
                        .equals(status));
    }

    private static void awaitDelivered(String sink, long offset) {
        await().atMost(Duration.ofSeconds(20))
                .until(() -> client.snapshot(sink, "0").number("deliveredOffset") == offset);
    }

    @Test
    void aPoisonRecordBehindABuffer() {
        put("orders", "\"type\":\"table\",\"partitions\":[\"0\"]");
        service.execute("alter table orders add constraint has_total check (data ? 'total')");
        put("inbox", "\"type\":\"batching\",\"target\":\"orders\",\"flush-interval\":\"100ms\"");
        client.batch("inbox", "0", 0, "{\"id\":1,\"total\":5},{\"id\":2},{\"id\":3,\"total\":7}")
                .isWritten("committed");
        awaitMeter(1, "sluice_sink_failing", "sink=inbox", "activity=delivery");
        awaitStatus("inbox", "DOWN");
        client.snapshot("inbox", "0").has("deliveredOffset", 1);

        Runbook night = Runbook.of("A poison record behind a buffer", client);
        assertThat(night.next().path("sinks").toString())
                .contains("\"id\":\"inbox\"", "at offset 1", "has_total")
                .doesNotContain("\"id\":\"orders\"");
        assertThat(night.next().path("targets").toString()).isEqualTo("[\"orders\"]");
        awaitDelivered("inbox", 3);
        awaitMeter(1, "sluice_dead_letters", "sink=orders");
        JsonNode letter = night.next();
        assertThat(letter.path("code").stringValue()).isEqualTo("23514");
        assertThat(letter.at("/record/id").intValue()).isEqualTo(2);
        assertThat(letter.path("revision").intValue()).isZero();
        assertThat(night.next().path("revision").intValue()).isEqualTo(1);
        assertThat(night.next().path("state").stringValue()).isEqualTo("replayed");
        night.nextIsEven();
        JsonNode balance = night.nextIsEven();
        assertThat(balance.path("written").intValue()).isEqualTo(3);
        night.isDone();

        client.batch("inbox", "0", 3, "{\"id\":4,\"total\":9}").isWritten("committed");
        awaitDelivered("inbox", 4);
        awaitStatus("inbox", "UP");
        awaitMeter(0, "sluice_sink_failing", "sink=inbox", "activity=delivery");
        awaitMeter(0, "sluice_dead_letters", "sink=orders");
        assertThat(service.query("select data ->> 'id' from orders order by source_offset"))
                .containsExactly("1", "2", "3", "4");
    }

    @Test
    void aPoisonRecordBehindAFanout() {
        put("invoices", "\"type\":\"table\",\"partitions\":[\"0\"]");
        service.execute("alter table invoices add constraint has_total check (data ? 'total')");
        put("copies", "\"type\":\"table\",\"partitions\":[\"0\"]");
        put("both", "\"type\":\"fanout\",\"targets\":[\"copies\",\"invoices\"]");
        awaitMeter(0, "sluice_records_total", "sink=both", "outcome=rejected");
        String records = "{\"total\":1},{\"sum\":2},{\"total\":3}";
        client.batch("both", "0", 0, records)
                .isProblem(502, "partial-failure")
                .has("retryable", false)
                .has("offset", 1);
        awaitMeter(1, "sluice_records_total", "sink=both", "outcome=rejected");

        Runbook night = Runbook.of("A poison record behind a fan-out", client);
        JsonNode problem =
                night.nextUntil(answer -> !answer.path("problems").isEmpty()).at("/problems/0");
        assertThat(problem.path("partition").stringValue()).isEqualTo("0");
        assertThat(problem.path("offset").intValue()).isEqualTo(1);
        assertThat(night.next().path("children").toString())
                .contains("\"sink\":\"copies\",\"partition\":\"0\",\"nextOffset\":3")
                .contains("\"sink\":\"invoices\",\"partition\":\"0\",\"nextOffset\":0");
        assertThat(night.next().path("targets").toString()).isEqualTo("[\"invoices\"]");
        client.batch("both", "0", 0, records).isWritten("committed");
        assertThat(night.next().toString()).contains("23514").contains("\"count\":1");
        assertThat(night.next().path("state").stringValue()).isEqualTo("discarded");
        night.nextIsEven();
        JsonNode balance = night.nextIsEven();
        assertThat(balance.at("/deadLetters/discarded").intValue()).isEqualTo(1);
        assertThat(balance.path("written").intValue()).isEqualTo(2);
        night.isDone();

        client.batch("both", "0", 3, "{\"total\":4}").isWritten("committed");
        assertThat(service.query("select source_offset from invoices order by 1"))
                .containsExactly("0", "2", "3");
        assertThat(service.query("select source_offset from copies order by 1")).containsExactly("0", "1", "2", "3");
    }

    @Test
    void aWrongSchema() {
        put(
                "payments",
                "\"type\":\"table\",\"partitions\":[\"0\"],\"columns\":{\"id\":{\"from\":\"/id\",\"type\":\"bigint\"},"
                        + "\"amount\":{\"from\":\"/amount\",\"type\":\"numeric\"}}");
        client.batch("payments", "0", 0, "{\"id\":1,\"amount\":9.90}").isWritten("committed");
        service.execute("alter table payments rename amount to amount_eur");
        awaitStatus("payments", "DOWN");
        client.batch("payments", "0", 1, "{\"id\":2,\"amount\":5}").isProblem(500, "target-broken");
        awaitMeter(1, "sluice_sink_failing", "sink=payments", "activity=write");

        Runbook night = Runbook.of("A wrong schema", client);
        assertThat(night.next()
                        .at("/components/sinks/components/payments/details/problem")
                        .stringValue())
                .contains("public.payments", "amount");
        assertThat(night.next().path("sinks").toString()).contains("\"id\":\"payments\"", "target-broken");
        assertThat(night.next().path("dryRun").booleanValue()).isTrue();
        assertThat(night.next().at("/settings/columns/amount_eur").isMissingNode())
                .isFalse();
        client.batch("payments", "0", 1, "{\"id\":2,\"amount\":5}").isWritten("committed");
        night.nextIsEven();
        night.isDone();

        awaitStatus("payments", "UP");
        awaitMeter(0, "sluice_sink_failing", "sink=payments", "activity=write");
        assertThat(service.query("select id, amount_eur from payments order by 1"))
                .containsExactly("1 9.90", "2 5");
    }

    /* One of another type is heeded: what does not fit it is the record's fault, and no failure of the target. */
    @Test
    void aMappedColumnOfAnotherType() {
        put(
                "refunds",
                "\"type\":\"table\",\"partitions\":[\"0\"],\"columns\":{\"id\":{\"from\":\"/id\",\"type\":\"text\"}}");
        client.batch("refunds", "0", 0, "{\"id\":\"1\"}").isWritten("committed");
        service.execute("alter table refunds alter id type bigint using id::bigint");
        client.batch("refunds", "0", 1, "{\"id\":\"a-2\"}")
                .isProblem(422, "record-rejected")
                .has("offset", 1);
        awaitMeter(1, "sluice_records_total", "sink=refunds", "outcome=rejected");
        await().until(() -> client.get("/problems/recent?sink=refunds")
                        .body()
                        .at("/problems/0/offset")
                        .asInt(-1)
                == 1);
        service.execute("alter table refunds alter id type text");
        client.batch("refunds", "0", 1, "{\"id\":\"a-2\"}").isWritten("committed");
        client.get("/sinks/refunds/balance?receipts=true&target=true").has("difference", 0);
    }

    @Test
    void twoWritersThatFight() {
        long next = 0;
        long eight = 0;
        for (int round = 0; round < 3; round++) {
            long seven = opens("loader-7");
            writes(next++, seven).isWritten("committed");
            if (round > 0) {
                writes(next, eight).isProblem(412, "fenced");
            }
            eight = opens("loader-8");
            writes(next++, eight).isWritten("committed");
            writes(next, seven).isProblem(412, "fenced");
        }
        // The alert asks for more than three of each within five minutes.
        Scrape scrape = Scrape.of(client);
        assertThat(scrape.one("sluice_fencing_total", "sink=events", "event=fenced"))
                .isGreaterThan(3);
        assertThat(scrape.one("sluice_fencing_total", "sink=events", "event=opened"))
                .isGreaterThan(3);

        Runbook night = Runbook.of("Two writers that fight", client);
        assertThat(night.nextUntil(answer -> answer.path("problems").size() == 5)
                        .path("problems")
                        .toString())
                .contains("'loader-7'", "'loader-8'", "\"partition\":\"0\"");
        assertThat(night.next().path("effectiveOn").stringValue()).isEqualTo("1/1");
        writes(next, eight).isProblem(503, "paused");
        JsonNode taken = night.next();
        assertThat(taken.at("/fenced/owner").stringValue()).isEqualTo("loader-8");
        assertThat(taken.path("nextOffset").longValue()).isEqualTo(next);
        night.next();
        writes(next, eight).isProblem(412, "fenced");
        writes(next, taken.path("fencingToken").longValue()).isWritten("committed");
        assertThat(night.nextIsEven().path("written").longValue()).isEqualTo(next + 1);
        night.isDone();
        assertThat(service.query("select count(*), count(distinct source_offset) from events"))
                .containsExactly((next + 1) + " " + (next + 1));
    }

    private static long opens(String owner) {
        return client.open("events", "0", "{\"owner\":\"" + owner + "\"}").number("fencingToken");
    }

    private static Answer writes(long offset, long token) {
        return client.batch("events", "0", offset, "{\"n\":" + offset + "}", TOKEN, Long.toString(token));
    }
}
