package dev.sluice.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Batches for many partitions of a table sink that are committed together, and what keeps them from each other. */
class GroupsIT {

    private static final List<String> MANY =
            IntStream.range(0, 12).mapToObj(i -> "m" + i).toList();

    private static InProcess service;
    private static Client client;

    @BeforeAll
    static void start() {
        service = InProcess.start(
                "sluice.sinks.events.type=table",
                "sluice.sinks.events.partitions=first,flood,trickle,heavy,fenced,conflicting,early,repeated,"
                        + String.join(",", MANY),
                "sluice.lanes.joint-groups=1",
                "sluice.lanes.joint-bytes=100KB",
                "sluice.lanes.group-bytes=100KB",
                "sluice.lanes.max-waiting-bytes=1MB");
        client = service.client();
        service.execute("alter table events add constraint no_bad check (data <> '\"bad\"')");
        for (String partition : partitions()) {
            client.batch("events", partition, 0, "0").isWritten("committed");
        }
    }

    private static List<String> partitions() {
        return service.query("select partition from (select unnest(string_to_array('first,flood,trickle,heavy,fenced,"
                + "conflicting,early,repeated," + String.join(",", MANY) + "', ',')) as partition) p");
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    /** Sends while a first group cannot commit; returns once all answers are there. */
    private static Map<String, Answer> together(Map<String, String> batches, String... headers) throws SQLException {
        Map<String, CompletableFuture<Answer>> answers = new LinkedHashMap<>();
        CompletableFuture<Answer> first;
        try (Connection holder = service.database().connect();
                Statement statement = holder.createStatement()) {
            holder.setAutoCommit(false);
            statement.execute("lock table events in share mode");
            first = send("first", Client.dense(next("first"), "1"));
            await().until(() -> service.waitingForLocks().size() == 1);
            batches.forEach((partition, body) -> answers.put(partition, send(partition, body, headers)));
            long sent = batches.size();
            await().until(() -> waiting() == sent);
            holder.rollback();
        }
        first.join().isWritten("committed");
        return answers.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, answer -> answer.getValue().join()));
    }

    private static long waiting() {
        return service.bean(dev.sluice.commit.Lanes.class).waiting();
    }

    private static CompletableFuture<Answer> send(String partition, String body, String... headers) {
        return client.postAsync(Client.partition("events", partition), Client.JSON, body, headers);
    }

    private static long next(String partition) {
        return client.snapshot("events", partition).number("nextOffset");
    }

    private static Map<String, String> oneForEach(List<String> partitions, String value) {
        Map<String, String> batches = new LinkedHashMap<>();
        partitions.forEach(partition -> batches.put(partition, Client.dense(next(partition), value)));
        return batches;
    }

    @Test
    void areCommittedInOneTransaction() throws SQLException {
        Map<String, String> batches = oneForEach(MANY, "\"together\"");
        together(batches).values().forEach(answer -> answer.isWritten("committed"));
        assertThat(service.query("select count(*), count(distinct xmin::text) from events where data = '\"together\"'"))
                .containsExactly("12 1");
        assertThat(service.query("select count(distinct xmin::text) from sluice.snapshot where partition_id like 'm%'"))
                .containsExactly("1");
    }

    @Test
    void letTheNeighboursOfABadAConflictingAndAFencedBatchPass() throws SQLException {
        long token = client.open("events", "fenced", "{\"owner\":\"a\"}").number("fencingToken");
        Map<String, String> batches = oneForEach(MANY, "\"neighbour\"");
        batches.put("m5", Client.dense(next("m5"), "\"bad\""));
        batches.put("conflicting", Client.dense(0, "\"other\""));
        batches.put("repeated", Client.dense(0, "0"));
        batches.put("early", Client.dense(next("early") + 1, "1"));
        batches.put("fenced", Client.dense(next("fenced"), "1"));
        client.open("events", "fenced", "{\"owner\":\"b\"}").has("fencingToken", token + 1);
        Map<String, Answer> answers = together(batches, "Sluice-Fencing-Token", Long.toString(0));
        answers.remove("m5").isProblem(422, "record-rejected");
        answers.remove("conflicting").isProblem(422, "offset-conflict").has("offset", 0);
        answers.remove("repeated").isWritten("duplicate").has("verified", true);
        answers.remove("early").isProblem(409, "offset-gap");
        answers.remove("fenced").isProblem(412, "fenced").has("owner", "b");
        assertThat(answers).hasSize(11);
        answers.values().forEach(answer -> answer.isWritten("committed"));
        assertThat(service.query("select count(*) from events where data = '\"neighbour\"'"))
                .containsExactly("11");
        assertThat(service.query("select count(*) from events where data = '\"bad\"' or data = '\"other\"'"))
                .containsExactly("0");
    }

    @Test
    void doNotWaitForARowThatSomebodyElseHolds() throws SQLException {
        Map<String, String> batches = oneForEach(MANY, "\"free\"");
        Map<String, CompletableFuture<Answer>> answers = new LinkedHashMap<>();
        try (Connection holder = service.database().connect();
                Statement statement = holder.createStatement()) {
            holder.setAutoCommit(false);
            statement.execute("select from sluice.snapshot where partition_id = 'm3' for update");
            batches.forEach((partition, body) -> answers.put(partition, send(partition, body)));
            CompletableFuture<Answer> held = answers.remove("m3");
            answers.values().forEach(answer -> answer.join().isWritten("committed"));
            assertThat(held).isNotDone();
            holder.rollback();
            held.join().isWritten("committed");
        }
    }

    @Test
    void areNotHeldUpByAFlood() throws SQLException {
        String large = IntStream.range(0, 90)
                .mapToObj(i -> '"' + "f".repeat(1_000) + '"')
                .collect(Collectors.joining(","));
        List<CompletableFuture<Answer>> flood = new ArrayList<>();
        CompletableFuture<Answer> trickle;
        try (Connection holder = service.database().connect();
                Statement statement = holder.createStatement()) {
            holder.setAutoCommit(false);
            statement.execute("lock table events in share mode");
            long offset = next("flood");
            for (int i = 0; i < 8; i++) {
                flood.add(send("flood", Client.dense(offset + 90L * i, large), "Prefer", "wait=20"));
                long sent = i;
                await().until(() -> waiting() >= sent);
            }
            trickle = send("trickle", Client.dense(next("trickle"), "1"));
            await().until(() -> waiting() == 8);
            holder.rollback();
        }
        trickle.join().isWritten("committed");
        flood.forEach(answer -> answer.join().isWritten("committed"));
        assertThat(service.query(
                        "select (select xmin::text::bigint from sluice.snapshot where partition_id = 'trickle')"
                                + " < max(xmin::text::bigint) from sluice.receipt where partition_id = 'flood'"))
                .as("the trickle was committed before the flood had ended")
                .containsExactly("t");
    }

    @Test
    void areBoundedInWhatWaits() throws SQLException {
        String large = '"' + "w".repeat(600_000) + '"';
        long offset = next("heavy");
        List<CompletableFuture<Answer>> answers = new ArrayList<>();
        try (Connection holder = service.database().connect();
                Statement statement = holder.createStatement()) {
            holder.setAutoCommit(false);
            statement.execute("select from sluice.snapshot where partition_id = 'heavy' for update");
            answers.add(send("heavy", Client.dense(offset, large)));
            await().until(() -> service.waitingForLocks().size() == 1);
            answers.add(send("heavy", Client.dense(offset + 1, large)));
            await().until(() -> waiting() == 1);
            client.batch("events", "heavy", offset + 2, large)
                    .isProblem(429, "busy")
                    .has("partition", "heavy");
            holder.rollback();
        }
        answers.forEach(answer -> answer.join().isWritten("committed"));
    }
}
