package dev.sluice.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** One record that a target refuses keeps the others no longer than until somebody says what is to become of it. */
@Tag("conformance")
class SetAsideIT {

    private static InProcess service;
    private static Client client;
    private static int used;

    @BeforeAll
    static void start() {
        service = InProcess.start();
        client = service.client();
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    private static String table(String more) {
        String sink = "t" + used++;
        assertThat(client.put("/sinks/" + sink, "{\"type\":\"table\",\"partitions\":[\"0\",\"1\"]" + more + "}")
                        .status())
                .isEqualTo(201);
        service.execute("alter table " + sink + " add constraint good check (not data ? 'bad')");
        return sink;
    }

    private static List<String> letters(String sink) {
        return service.query("select partition_id, source_offset, code, reason from sluice.dead_letter where sink = '"
                + sink + "' order by partition_id, source_offset");
    }

    private static Answer setAside(String sink, long offset) {
        return client.post(
                Client.partition(sink, "0") + "/set-aside",
                Client.JSON,
                "{\"offset\":" + offset + ",\"reason\":\"ticket 7\"}");
    }

    @Test
    void letsABufferGoOnBehindTheRecordAndKeepsIt() {
        String sink = table("");
        client.put(
                "/sinks/b" + sink, "{\"type\":\"batching\",\"target\":\"" + sink + "\",\"flush-interval\":\"10ms\"}");
        client.batch("b" + sink, "0", 0, "1,{\"bad\":1},3").isWritten("committed");
        await().until(() -> client.get("/sinks/b" + sink).body().toString().contains("good"));
        // What comes before it is delivered, and nothing behind it.
        client.snapshot(sink, "0").has("nextOffset", 1);
        Answer done = setAside("b" + sink, 1);
        assertThat(done.status()).isEqualTo(200);
        assertThat(done.body().path("targets").toString()).isEqualTo("[\"" + sink + "\"]");
        await().until(() ->
                client.snapshot("b" + sink, "0").body().path("deliveredOffset").longValue() == 3);
        assertThat(letters(sink)).containsExactly("0 1 23514 ticket 7");
        assertThat(service.query("select source_offset from " + sink + " order by 1"))
                .containsExactly("0", "2");
        assertThat(service.query("select action, reason, partition_id from sluice.audit where sink = '" + sink
                        + "' and action = 'set-aside'"))
                .containsExactly("set-aside ticket 7 0");
        assertThat(client.get("/sinks/" + sink + "/set-aside")
                        .body()
                        .path("setAside")
                        .size())
                .isZero();
        setAside("b" + sink, 1).isProblem(409, "dead-letter-changed");
    }

    @Test
    void takesNoMoreThanWhatWasSaid() {
        String sink = table("");
        assertThat(setAside(sink, 1).status()).isEqualTo(200);
        Answer refused = client.batch(sink, "0", 0, "1,{\"bad\":1},{\"bad\":2},\"\\u0000\"")
                .isProblem(422, "record-rejected");
        assertThat(refused.body().path("rejected").size()).isEqualTo(2);
        assertThat(refused.body().at("/rejected/0/offset").longValue()).isEqualTo(2);
        assertThat(letters(sink)).isEmpty();
        client.batch(sink, "0", 0, "{\"fine\":1},{\"fine\":1}")
                .isWritten("committed")
                .has("deadLettered", 0);
        assertThat(setAside(sink, 1).status()).isEqualTo(409);
        assertThat(setAside(sink, 3).status()).isEqualTo(200);
        client.batch(sink, "0", 2, "3,\"\\u0000\",5", "Prefer", "handling=strict")
                .isWritten("committed")
                .has("written", 2)
                .has("deadLettered", 1);
        assertThat(letters(sink)).containsExactly("0 3 22P05 ticket 7");
    }

    @Test
    void liftsNoBoundForTheOthers() {
        String sink = table(",\"on-rejected\":\"dead-letter\",\"dead-letters\":{\"max-per-batch\":1}");
        setAside(sink, 0);
        client.batch(sink, "0", 0, "{\"bad\":1},{\"bad\":2},{\"bad\":3}").isProblem(422, "record-rejected");
        assertThat(letters(sink)).isEmpty();
        client.batch(sink, "0", 0, "{\"bad\":1},{\"bad\":2},3")
                .isWritten("committed")
                .has("deadLettered", 2);
        assertThat(letters(sink)).containsExactly("0 0 23514 ticket 7", "0 1 23514 null");
    }

    @Test
    void canBeTakenBackAndTriedOut() {
        String sink = table("");
        client.post(
                        Client.partition(sink, "0") + "/set-aside?dryRun=true",
                        Client.JSON,
                        "{\"offset\":0,\"reason\":\"r\"}")
                .has("dryRun", true);
        client.batch(sink, "0", 0, "{\"bad\":1}").isProblem(422, "record-rejected");
        setAside(sink, 0);
        assertThat(client.get("/sinks/" + sink + "/set-aside")
                        .body()
                        .at("/setAside/0/offset")
                        .longValue())
                .isZero();
        assertThat(client.method("DELETE", Client.partition(sink, "0") + "/set-aside/0")
                        .status())
                .isEqualTo(204);
        client.method("DELETE", Client.partition(sink, "0") + "/set-aside/0").isProblem(404, "unknown-dead-letter");
        client.batch(sink, "0", 0, "{\"bad\":1}").isProblem(422, "record-rejected");
        client.post(Client.partition(sink, "0") + "/set-aside", Client.JSON, "{\"offset\":0}")
                .isProblem(400, "malformed-request");
        client.put("/sinks/l" + sink, "{\"type\":\"log\",\"partitions\":[\"0\"]}");
        client.post(Client.partition("l" + sink, "0") + "/set-aside", Client.JSON, "{\"offset\":0,\"reason\":\"r\"}")
                .isProblem(404, "unknown-dead-letter");
    }

    /** The batch that settles the record holds its partition: what is told is what has become of it. */
    @Test
    void isNotTakenBackWhileItIsBeingSettled() throws SQLException {
        String sink = table("");
        setAside(sink, 0);
        service.execute("create function hold_%1$s() returns trigger language plpgsql as $$begin".formatted(sink)
                + " perform pg_advisory_xact_lock_shared(4713); return new; end$$;"
                + " create trigger hold_%1$s before insert on sluice.dead_letter for each row".formatted(sink)
                + " when (new.sink = '%1$s') execute function hold_%1$s()".formatted(sink));
        CompletableFuture<Answer> batch;
        CompletableFuture<Answer> takenBack;
        try (Connection holder = service.database().connect();
                Statement statement = holder.createStatement()) {
            statement.execute("select pg_advisory_lock(4713)");
            batch = client.postAsync(Client.partition(sink, "0"), Client.JSON, Client.dense(0, "{\"bad\":1}"));
            await().until(() -> waiting("locktype = 'advisory' and objid = 4713"));
            takenBack = CompletableFuture.supplyAsync(
                    () -> client.method("DELETE", Client.partition(sink, "0") + "/set-aside/0"));
            await().until(() -> takenBack.isDone() || waiting("locktype in ('transactionid', 'tuple')"));
        }
        batch.join().isWritten("committed").has("deadLettered", 1);
        takenBack.join().isProblem(409, "dead-letter-changed");
        assertThat(service.query("select count(*) from sluice.audit where sink = '" + sink
                        + "' and action = 'set-aside-taken-back'"))
                .containsExactly("0");
    }

    private static boolean waiting(String locks) {
        return !service.query("select 1 from pg_locks where not granted and " + locks)
                .isEmpty();
    }

    /** Whoever is faster: a record that was taken back is not settled, and one that is settled was not taken back. */
    @Test
    void isEitherSettledOrTakenBack() {
        String sink = table("");
        String partition = Client.partition(sink, "0");
        long offset = 0;
        for (int round = 0; round < 100; round++) {
            setAside(sink, offset);
            CompletableFuture<Answer> batch =
                    client.postAsync(partition, Client.JSON, Client.dense(offset, "{\"bad\":1},{\"fine\":1}"));
            Answer takenBack = client.method("DELETE", partition + "/set-aside/" + offset);
            Answer written = batch.join();
            if (takenBack.status() == 204) {
                written.isProblem(422, "record-rejected");
            } else {
                takenBack.isProblem(409, "dead-letter-changed");
                written.isWritten("committed").has("deadLettered", 1);
                offset += 2;
            }
        }
        client.snapshot(sink, "0").has("nextOffset", offset);
    }

    @Test
    void tellsWhatCannotBeTakenBackAnyMore() {
        String sink = table("");
        setAside(sink, 0);
        client.batch(sink, "0", 0, "{\"fine\":1}").isWritten("committed");
        client.method("DELETE", Client.partition(sink, "0") + "/set-aside/0").isProblem(409, "dead-letter-changed");
        client.method("DELETE", Client.partition(sink, "7") + "/set-aside/0").isProblem(404, "unknown-partition");
        String any = table(",\"order\":\"any\"");
        client.post(Client.partition(any, "0"), Client.JSON, "{\"offsets\":[5],\"records\":[1]}")
                .isWritten("committed");
        setAside(any, 5).isProblem(409, "dead-letter-changed");
        assertThat(setAside(any, 4).status()).isEqualTo(200);
    }

    @Test
    void holdsForKeyedRecordsToo() {
        String sink = table("");
        String body = "{\"key\":\"a\",\"value\":{\"bad\":1}}\n{\"key\":\"a\",\"value\":2}\n";
        String path = "/sinks/" + sink + "/records?offset=0";
        String partition = client.post(path, Client.NDJSON, body)
                .isProblem(422, "record-rejected")
                .body()
                .path("partition")
                .stringValue();
        client.post(Client.partition(sink, partition) + "/set-aside", Client.JSON, "{\"offset\":0,\"reason\":\"r\"}");
        client.post(path, Client.NDJSON, body).isWritten("committed").has("deadLettered", 1);
        assertThat(letters(sink)).containsExactly(partition + " 0 23514 r");
    }
}
