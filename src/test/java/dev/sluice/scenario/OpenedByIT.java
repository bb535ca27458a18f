package dev.sluice.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.postgres.PostgresForTests;
import dev.sluice.postgres.PostgresForTests.Database;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A fencing token is of use to the sender only who has opened the partition, on any replica. */
class OpenedByIT {

    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static final String TOKEN = "Sluice-Fencing-Token";

    private static Database database;
    private static Path file;
    private static InProcess one;
    private static InProcess two;
    private static Client admin;

    private final String sink = "own-" + NUMBER.incrementAndGet();

    private record Key(String id, String text) {

        Client at(InProcess replica) {
            return replica.client().as(text);
        }

        String name() {
            return "key:" + id;
        }
    }

    @BeforeAll
    static void start(@TempDir Path directory) throws IOException {
        file = directory.resolve("administrator.key");
        database = PostgresForTests.freshDatabase();
        one = replica();
        two = replica();
        admin = one.client().as(Files.readString(file).strip());
    }

    private static InProcess replica() {
        return InProcess.on(database, List.of(), "sluice.keys.administrator-file=" + file);
    }

    @AfterAll
    static void stop() {
        two.close();
        one.close();
    }

    private static Key key() {
        Answer made = admin.post(
                "/keys",
                Client.JSON,
                "{\"note\":\"a test\",\"grants\":[{\"sinks\":\"own-*\",\"verbs\":[\"write\",\"operate\",\"read\"]}]}");
        return new Key(made.text("id"), made.text("key"));
    }

    private void define(String name, String definition) {
        Answer put = admin.put("/sinks/" + name, definition);
        assertThat(put.status()).as(put.body().toString()).isEqualTo(201);
    }

    private void define() {
        define(sink, "{\"type\":\"table\",\"partitions\":[\"0\",\"1\"]}");
    }

    private void refused(Client client, Key opener, String token) {
        Answer answer = client.batch(sink, "0", 0, "\"other\"", TOKEN, token).isProblem(412, "fenced");
        assertThat(answer.text("openedBy")).isEqualTo(opener.name());
        assertThat(answer.text("owner")).isEqualTo("loader");
        assertThat(answer.text("detail"))
                .contains(opener.name() + " has opened it as 'loader'", "this request is from key:");
        assertThat(answer.body().path("fencingToken").longValue()).isEqualTo(Long.parseLong(token));
    }

    @Test
    void refusesATokenThatAnotherSenderHasOpened() {
        define();
        Key writer = key();
        Key other = key();
        Answer opened = writer.at(one).open(sink, "0", "{\"owner\":\"loader\"}");
        assertThat(opened.text("openedBy")).isEqualTo(writer.name());
        refused(other.at(one), writer, "1");
        refused(other.at(two), writer, "1");
        refused(admin, writer, "1");
        writer.at(two).batch(sink, "0", 0, "1", TOKEN, "1").isWritten("committed");
        // Also what is committed already is not told.
        refused(other.at(one), writer, "1");
        assertThat(other.at(two)
                        .batch(sink, "0", 1, "2")
                        .isProblem(428, "fencing-token-required")
                        .text("openedBy"))
                .isEqualTo(writer.name());
        assertThat(other.at(two).snapshot(sink, "0").text("openedBy")).isEqualTo(writer.name());
        assertThat(other.at(two)
                        .get(Client.partition(sink, "0"))
                        .body()
                        .path("snapshot")
                        .path("openedBy")
                        .stringValue())
                .isEqualTo(writer.name());
        assertThat(one.query("select count(*) from public.\"" + sink + "\"")).containsExactly("1");
    }

    @Test
    void letsAnotherSenderOpenAndFencesTheFirst() {
        define();
        Key writer = key();
        Key other = key();
        writer.at(one).open(sink, "0", "{\"owner\":\"loader\"}");
        writer.at(one).batch(sink, "0", 0, "1", TOKEN, "1").isWritten("committed");
        assertThat(other.at(two)
                        .open(sink, "0", "{\"owner\":\"other\",\"ifFencingToken\":1}")
                        .text("openedBy"))
                .isEqualTo(other.name());
        assertThat(writer.at(one)
                        .batch(sink, "0", 1, "2", TOKEN, "1")
                        .isProblem(412, "fenced")
                        .text("openedBy"))
                .isEqualTo(other.name());
        other.at(one).batch(sink, "0", 1, "2", TOKEN, "2").isWritten("committed");
    }

    @Test
    void goesOnWithAKeyThatWasRotated() {
        define();
        Key writer = key();
        writer.at(one).open(sink, "0", "{\"owner\":\"loader\"}");
        String rotated = admin.post("/keys/" + writer.id() + "/rotate", Client.JSON, "{\"reason\":\"a test\"}")
                .text("key");
        two.client().as(rotated).batch(sink, "0", 0, "1", TOKEN, "1").isWritten("committed");
    }

    @Test
    void resumesFromASnapshotWithItsOpener() {
        define();
        Key writer = key();
        Client client = writer.at(one);
        client.open(sink, "0", "{\"owner\":\"loader\"}");
        client.batch(sink, "0", 0, "1", TOKEN, "1").isWritten("committed");
        String snapshot = client.snapshot(sink, "0").body().toString();
        client.batch(sink, "0", 1, "2", TOKEN, "1").isWritten("committed");
        Answer resumed =
                client.open(sink, "0", "{\"owner\":\"loader\",\"ifFencingToken\":1,\"resume\":" + snapshot + "}");
        assertThat(resumed.status()).as(resumed.body().toString()).isEqualTo(200);
        assertThat(resumed.text("openedBy")).isEqualTo(writer.name());
        assertThat(admin.get("/audit?action=rewind&sink=" + sink)
                        .body()
                        .path("entries")
                        .get(0)
                        .path("before")
                        .path("openedBy")
                        .stringValue())
                .isEqualTo(writer.name());
        refused(key().at(two), writer, "2");
    }

    /* The operator gives the token to whoever is to write from then on. */
    @ParameterizedTest
    @ValueSource(strings = {"take-over", "reset"})
    void leavesTheTokenOfAnOperatorToWhoeverMayWrite(String act) {
        define();
        Key writer = key();
        writer.at(one).open(sink, "0", "{\"owner\":\"loader\"}");
        String body = act.equals("reset")
                ? "{\"nextOffset\":0,\"reason\":\"a test\"}"
                : "{\"owner\":\"next\",\"reason\":\"a test\"}";
        Answer done = key().at(two).post(Client.partition(sink, "0") + "/" + act, Client.JSON, body);
        assertThat(done.status()).as(done.body().toString()).isEqualTo(200);
        assertThat(done.body().path("fenced").path("openedBy").stringValue()).isEqualTo(writer.name());
        writer.at(one).batch(sink, "0", 0, "1", TOKEN, "1").isProblem(412, "fenced");
        key().at(one).batch(sink, "0", 0, "1", TOKEN, "2").isWritten("committed");
        writer.at(one).batch(sink, "0", 1, "1", TOKEN, "2").isWritten("committed");
    }

    @Test
    void takesBatchesWithoutATokenWhereNobodyHasOpened() {
        define();
        key().at(one).batch(sink, "0", 0, "1").isWritten("committed");
        key().at(two).batch(sink, "0", 1, "2").isWritten("committed");
        assertThat(admin.snapshot(sink, "0").body().has("openedBy")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"type\":\"batching\",\"target\":\"%s\",\"flush-interval\":\"100ms\"}",
                "{\"type\":\"fanout\",\"targets\":[\"%s\"]}"
            })
    void handsOnWhateverHasOpenedTheTarget(String composite) {
        define();
        Key writer = key();
        Key other = key();
        define(sink + "-front", composite.formatted(sink));
        other.at(one).open(sink, "0", "{\"owner\":\"behind\"}");
        writer.at(one).open(sink + "-front", "0", "{\"owner\":\"loader\"}");
        Answer written = writer.at(two)
                .post(
                        Client.partition(sink + "-front", "0") + "?offset=0&ack=delivered",
                        Client.NDJSON,
                        "1\n",
                        TOKEN,
                        "1",
                        "Prefer",
                        "wait=20");
        assertThat(written.status()).as(written.body().toString()).isEqualTo(200);
        assertThat(other.at(one)
                        .batch(sink + "-front", "0", 1, "2", TOKEN, "1")
                        .isProblem(412, "fenced")
                        .text("openedBy"))
                .isEqualTo(writer.name());
    }

    @Test
    void refusesKeyedRecordsWithATokenOfAnother() {
        define();
        Key writer = key();
        for (String partition : List.of("0", "1")) {
            writer.at(one).open(sink, partition, "{\"owner\":\"loader\"}");
        }
        String records = "{\"key\":\"a\",\"value\":1}\n{\"key\":\"b\",\"value\":2}\n";
        Answer refused = key().at(two).post("/sinks/" + sink + "/records?offset=0", Client.NDJSON, records, TOKEN, "1");
        assertThat(refused.isProblem(412, "fenced").text("openedBy")).isEqualTo(writer.name());
        Answer taken = writer.at(two).post("/sinks/" + sink + "/records?offset=0", Client.NDJSON, records, TOKEN, "1");
        assertThat(taken.status()).as(taken.body().toString()).isEqualTo(200);
    }

    /* What was opened before keys were wanted is of use to whoever may write, and the other way round. */
    @Test
    void takesTokensThatNobodyHasSignedAndAllOfThemWithoutKeys() {
        define();
        key().at(one).open(sink, "1", "{\"owner\":\"loader\"}");
        try (InProcess open = InProcess.on(database, List.of())) {
            open.client().open(sink, "0", "{\"owner\":\"before\"}");
            open.client().batch(sink, "1", 0, "1", TOKEN, "1").isWritten("committed");
        }
        key().at(one).batch(sink, "0", 0, "1", TOKEN, "1").isWritten("committed");
    }
}
