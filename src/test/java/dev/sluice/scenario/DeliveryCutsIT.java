package dev.sluice.scenario;

import static dev.sluice.scenario.Client.JSON;
import static dev.sluice.scenario.Client.partition;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.http.Receiver;
import dev.sluice.http.Receiver.Request;
import dev.sluice.http.Reply;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A buffer whose target cannot take as much at once as it is handed: cut where nothing was done, and nowhere else. */
class DeliveryCutsIT {

    private static final Pattern NUMBER = Pattern.compile("\\d+");
    private static final String DEAD_PROCESS = """
            insert into sluice.snapshot (sink, partition_id, next_offset, version) values ('buffered', '0', 200, 1);
            insert into sluice.buffer (sink, partition_id, source_offset, data)
                 select 'buffered', '0', n, convert_to(n::text, 'UTF8') from generate_series(0, 199) n;
            insert into sluice.delivery
                        (sink, partition_id, intent_end, intent_untouched, backlog_records, backlog_bytes)
                 values ('buffered', '0', 200, %s, 200, 490)""";

    private Receiver receiver;
    private InProcess service;
    private Client client;

    @BeforeEach
    void start() {
        receiver = Receiver.ignoringKeys();
        service = InProcess.start(
                "spring.datasource.hikari.connection-init-sql=SET statement_timeout = '3s';"
                        + " SELECT set_config('synchronous_commit', 'on', false)",
                "sluice.sinks.hook.type=http",
                "sluice.sinks.hook.url=" + receiver.url("/in"),
                "sluice.sinks.hook.envelope=array",
                "sluice.sinks.hook.partitions=0,1",
                "sluice.sinks.hook.max-attempts=1",
                "sluice.sinks.hook.breaker-failures=1000",
                "sluice.sinks.rows.type=table",
                "sluice.sinks.rows.partitions=0,1",
                "sluice.sinks.both.type=fanout",
                "sluice.sinks.both.targets=rows,hook",
                "sluice.sinks.buffered.type=batching",
                "sluice.sinks.buffered.target=hook",
                "sluice.sinks.buffered.flush-interval=50ms",
                "sluice.sinks.to-rows.type=batching",
                "sluice.sinks.to-rows.target=rows",
                "sluice.sinks.to-rows.flush-interval=50ms",
                "sluice.sinks.to-both.type=batching",
                "sluice.sinks.to-both.target=both",
                "sluice.sinks.to-both.flush-interval=50ms");
        client = service.client();
    }

    @AfterEach
    void stop() {
        receiver.release();
        service.close();
        receiver.close();
    }

    private static Function<Request, Reply> atMost(int records) {
        return request -> NUMBER.matcher(request.body()).results().count() > records
                ? Reply.of(413).body("at most " + records)
                : Reply.ok();
    }

    private void accept(String sink, long from, long to) {
        client.batch(
                        sink,
                        "0",
                        from,
                        LongStream.range(from, to).mapToObj(Long::toString).collect(Collectors.joining(",")))
                .isWritten("committed");
    }

    private void awaitDelivered(String sink, long offset) {
        await().atMost(Duration.ofSeconds(60))
                .until(() -> client.snapshot(sink, "0").text("deliveredOffset").equals(Long.toString(offset)));
    }

    private String failing(String sink) {
        return client.get("/sinks/" + sink)
                .body()
                .path("status")
                .path("failing")
                .path("0")
                .asString("");
    }

    private List<Long> arrived() {
        return receiver.effects().stream()
                .flatMap(body -> NUMBER.matcher(body).results())
                .map(number -> Long.valueOf(number.group()))
                .toList();
    }

    private static List<Long> range(long from, long to) {
        return LongStream.range(from, to).boxed().toList();
    }

    @Test
    void handsOnAsManyAsTheTargetTakesAndRemembersHowMany() {
        receiver.answersBy(atMost(100));
        accept("buffered", 0, 1000);
        awaitDelivered("buffered", 1000);
        assertThat(arrived()).isEqualTo(range(0, 1000));
        assertThat(receiver.repeated()).isZero();
        assertThat(receiver.requests())
                .as("1000, 500, 250 and 125 were too much")
                .hasSize(4 + 17);

        accept("buffered", 1000, 1200);
        awaitDelivered("buffered", 1200);
        assertThat(receiver.requests()).as("no more of them").hasSize(4 + 17 + 4);
        assertThat(arrived()).isEqualTo(range(0, 1200));
    }

    @Test
    void showsWhatItHandsOnAtOnceAndTriesMoreAfterAWhile() {
        receiver.answersBy(atMost(300));
        accept("buffered", 0, 1000);
        awaitDelivered("buffered", 1000);
        service.execute("update sluice.delivery set grow_at = now()");
        accept("buffered", 1000, 2000);
        awaitDelivered("buffered", 2000);
        assertThat(receiver.requests().stream()
                        .map(request -> request.header("Idempotency-Key"))
                        .toList())
                .contains("hook/0/1000-1500", "hook/0/1000-1250");
        assertThat(service.query("select batch_limit, grow_pause, grow_at > now() + interval '1 minute'"
                        + " from sluice.delivery where sink = 'buffered'"))
                .as("the trial has failed, the next one comes later")
                .containsExactly("250 00:02:00 t");

        receiver.answersBy(request -> Reply.ok());
        for (int i = 2; i < 5; i++) {
            service.execute("update sluice.delivery set grow_at = now() where batch_limit is not null");
            accept("buffered", i * 1000L, (i + 1) * 1000L);
            awaitDelivered("buffered", (i + 1) * 1000L);
        }
        assertThat(service.query("select batch_limit from sluice.delivery where sink = 'buffered'"))
                .as("back to what the definition says")
                .containsExactly("null");
        assertThat(arrived()).isEqualTo(range(0, 5000));
    }

    @Test
    void cutsWhatTakesATableTooLong() {
        service.execute("""
                create function slow() returns trigger language plpgsql as
                    $$begin perform pg_sleep(0.05); return new; end$$;
                create trigger slow before insert on rows for each row execute function slow()""");
        accept("to-rows", 0, 200);
        await().atMost(Duration.ofSeconds(30))
                .until(() -> client.get("/sinks/to-rows")
                        .body()
                        .path("status")
                        .path("batchLimits")
                        .has("0"));
        awaitDelivered("to-rows", 200);
        assertThat(service.query("select count(*), max(source_offset) from rows"))
                .containsExactly("200 199");
    }

    @Test
    void cutsForTheTargetOfAFanOutThatTakesLeast() {
        receiver.answersBy(atMost(10));
        accept("to-both", 0, 45);
        awaitDelivered("to-both", 45);
        assertThat(arrived()).isEqualTo(range(0, 45));
        assertThat(service.query("select count(*) from rows")).containsExactly("45");
    }

    @Test
    void bringsTheRecordsBeforeTheRefusedOneAndNamesThatOne() {
        receiver.answersBy(
                request -> request.body().contains("77") ? Reply.of(422).body("no 77") : Reply.ok());
        accept("buffered", 0, 100);
        await().atMost(Duration.ofSeconds(30))
                .until(() -> failing("buffered").contains("record at offset 77 was refused"));
        assertThat(arrived()).isEqualTo(range(0, 77));
        receiver.answersBy(request -> Reply.ok());
        awaitDelivered("buffered", 100);
        assertThat(arrived()).isEqualTo(range(0, 100));
        assertThat(service.query("select batch_limit from sluice.delivery")).containsExactly("null");
    }

    @Test
    void bringsTheRowsBeforeTheRefusedOneToATable() {
        service.execute("alter table rows add constraint blocked check (source_offset <> 7)");
        accept("to-rows", 0, 10);
        await().atMost(Duration.ofSeconds(30)).until(() -> failing("to-rows").contains("blocked"));
        client.snapshot("to-rows", "0").has("deliveredOffset", 7);
        assertThat(failing("to-rows")).contains("record at offset 7");
        service.execute("alter table rows drop constraint blocked");
        awaitDelivered("to-rows", 10);
    }

    @ParameterizedTest
    @ValueSource(ints = {500, 504})
    void cutsNothingAfterAnUnknownOutcome(int status) {
        receiver.answers(Reply.of(status).processing(true)).answersAlways(Reply.of(413));
        accept("buffered", 0, 200);
        await().atMost(Duration.ofSeconds(30)).until(() -> failing("buffered").contains("earlier try of [0, 200)"));
        receiver.answersAlways(Reply.of(503));
        await().atMost(Duration.ofSeconds(30)).until(() -> failing("buffered").contains("503"));
        receiver.answersAlways(Reply.of(413));
        await().atMost(Duration.ofSeconds(30)).until(() -> failing("buffered").contains("earlier try of [0, 200)"));
        assertThat(service.query("select intent_end from sluice.delivery")).containsExactly("200");
        receiver.answersAlways(Reply.ok());
        awaitDelivered("buffered", 200);
        assertThat(receiver.requests())
                .extracting(request -> request.header("Idempotency-Key"))
                .containsOnly("hook/0/0-200");
    }

    @Test
    void cutsNothingThatAProcessMayHaveHandedOnBeforeItDied() {
        receiver.answersBy(atMost(100));
        service.execute(DEAD_PROCESS.formatted("null"));
        await().atMost(Duration.ofSeconds(30)).until(() -> failing("buffered").contains("earlier try of [0, 200)"));
        receiver.answersAlways(Reply.ok());
        awaitDelivered("buffered", 200);
        assertThat(receiver.requests())
                .extracting(request -> request.header("Idempotency-Key"))
                .containsOnly("hook/0/0-200");
    }

    @Test
    void cutsWhatADeadProcessIsKnownNotToHaveHandedOn() {
        receiver.answersBy(atMost(100));
        service.execute(DEAD_PROCESS.formatted("true"));
        awaitDelivered("buffered", 200);
        assertThat(arrived()).isEqualTo(range(0, 200));
    }

    @Test
    void keepsInTheDatabaseThatARefusalHasDoneNothing() {
        receiver.answersAlways(Reply.of(401));
        accept("buffered", 0, 200);
        await().atMost(Duration.ofSeconds(30)).until(() -> failing("buffered").contains("401"));
        assertThat(service.query("select intent_end, intent_untouched from sluice.delivery"))
                .containsExactly("200 t");
        receiver.answersBy(atMost(100));
        awaitDelivered("buffered", 200);
        assertThat(arrived()).isEqualTo(range(0, 200));
    }

    @Test
    void handsARecordThatIsTooLargeAloneOnToNobody() {
        receiver.answersAlways(Reply.of(413));
        client.post(partition("buffered", "1"), JSON, Client.dense(0, "1,2,3")).isWritten("committed");
        await().atMost(Duration.ofSeconds(30))
                .until(() ->
                        client.get("/sinks/buffered").body().toString().contains("record at offset 0 was refused"));
        receiver.answersAlways(Reply.ok());
        await().atMost(Duration.ofSeconds(30))
                .until(() -> client.snapshot("buffered", "1").number("deliveredOffset") == 3);
    }
}
