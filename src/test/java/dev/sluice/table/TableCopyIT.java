package dev.sluice.table;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.scenario.Answer;
import dev.sluice.scenario.Client;
import dev.sluice.scenario.InProcess;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Batches that are large enough for COPY, and tables that it cannot be used for. */
class TableCopyIT {

    private static final String PARTITION = "p:1@x";

    private static InProcess service;
    private static Client client;

    @BeforeAll
    static void start() {
        service = InProcess.start(
                "sluice.sinks.jsonb.type=table",
                "sluice.sinks.jsonb.partitions=" + PARTITION,
                "sluice.sinks.json.type=table",
                "sluice.sinks.json.partitions=" + PARTITION,
                "sluice.sinks.json.data-type=json",
                "sluice.sinks.text.type=table",
                "sluice.sinks.text.partitions=" + PARTITION,
                "sluice.sinks.text.data-type=text",
                "sluice.sinks.checked.type=table",
                "sluice.sinks.checked.partitions=0",
                "sluice.sinks.ruled.type=table",
                "sluice.sinks.ruled.partitions=0,1",
                "sluice.sinks.dropping.type=table",
                "sluice.sinks.dropping.partitions=0");
        client = service.client();
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    private static String values(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> "{\"i\": " + i + ", \"text\": \"\\\"\\\\\\t ä☃𝄞 "
                        + "x".repeat(i % 97 == 0 ? 70_000 : i % 30) + "\", \"n\": 1e-7}")
                .collect(Collectors.joining("\n"));
    }

    private static Answer send(String sink, String partition, String body) {
        String name = java.net.URLEncoder.encode(partition, java.nio.charset.StandardCharsets.UTF_8);
        return client.post(Client.partition(sink, name) + "?offset=0", Client.NDJSON, body);
    }

    @ParameterizedTest
    @ValueSource(strings = {"jsonb", "json", "text"})
    void storeEachValueAsItWasSent(String sink) {
        String body = values(1_000);
        send(sink, PARTITION, body).isWritten("committed").has("written", 1_000);
        String sent = body.replace("'", "''");
        assertThat(service.query("select count(*), bool_and(t.data::" + sink + "::text = s.value::" + sink + "::text)"
                        + " from " + sink + " t join unnest(string_to_array('" + sent
                        + "', E'\\n')) with ordinality s (value, n) on t.source_offset = s.n - 1"
                        + " where t.partition_id = '" + PARTITION + "'"))
                .containsExactly("1000 t");
        send(sink, PARTITION, body).isWritten("duplicate").has("verified", true);
    }

    @Test
    void nameEveryRecordThatTheTableRefuses() {
        service.execute("alter table checked add constraint no_bad check (data <> '\"bad\"')");
        String body = IntStream.range(0, 500)
                .mapToObj(i -> i % 100 == 42 ? "\"bad\"" : "\"good\"")
                .collect(Collectors.joining("\n"));
        Answer refused = send("checked", "0", body).isProblem(422, "record-rejected");
        assertThat(refused.body()
                        .path("rejected")
                        .valueStream()
                        .map(record -> record.path("offset").longValue()))
                .containsExactly(42L, 142L, 242L, 342L, 442L);
        assertThat(service.query("select count(*) from checked")).containsExactly("0");
        send("checked", "0", body.replace("bad", "better")).isWritten("committed");
    }

    @Test
    void goRoundNoRuleAndNoRowLevelSecurity() {
        service.execute("create table shadow (like ruled)");
        service.execute("create rule copies as on insert to ruled do also insert into shadow values (new.*)");
        assertThat(client.get("/actuator/health").status()).isEqualTo(200);
        send("ruled", "0", values(100)).isWritten("committed");
        assertThat(service.query("select count(*) from shadow")).containsExactly("100");
    }

    @Test
    void tellWhenATriggerSwallowsRows() {
        service.execute("create function drop_odd() returns trigger language plpgsql as"
                + " 'begin return case when new.source_offset % 2 = 1 then null else new end; end'");
        service.execute("create trigger drops before insert on dropping for each row execute function drop_odd()");
        Answer answer = send("dropping", "0", values(100)).isProblem(500, "target-broken");
        assertThat(answer.text("detail")).contains("kept 50 of 100 rows");
        assertThat(service.query("select count(*) from dropping")).containsExactly("0");
    }
}
