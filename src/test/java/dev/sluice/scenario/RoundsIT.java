package dev.sluice.scenario;

import static dev.sluice.scenario.Client.JSON;
import static dev.sluice.scenario.Client.partition;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.commit.Lanes;
import dev.sluice.http.Receiver;
import dev.sluice.http.Reply;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is committed together, of every kind of sink, and that no partition answers for another. */
class RoundsIT {

    private static final List<String> PARTITIONS =
            IntStream.range(0, 24).mapToObj(i -> "p" + i).toList();

    @TempDir
    private Path directory;

    private Receiver receiver;
    private InProcess service;
    private Client client;

    @BeforeEach
    void start() {
        receiver = Receiver.ignoringKeys();
        String partitions = "first," + String.join(",", PARTITIONS);
        service = InProcess.start(
                "sluice.lanes.joint-groups=1",
                "sluice.lanes.recheck=1h",
                "sluice.sinks.files.type=file",
                "sluice.sinks.files.directory=" + directory.resolve("files"),
                "sluice.sinks.files.partitions=" + partitions,
                "sluice.sinks.segments.type=file",
                "sluice.sinks.segments.layout=segments",
                "sluice.sinks.segments.directory=" + directory.resolve("segments"),
                "sluice.sinks.segments.partitions=" + partitions,
                "sluice.sinks.rows.type=table",
                "sluice.sinks.rows.partitions=" + partitions,
                "sluice.sinks.scattered.type=table",
                "sluice.sinks.scattered.order=any",
                "sluice.sinks.scattered.partitions=" + partitions,
                "sluice.sinks.buffer.type=batching",
                "sluice.sinks.buffer.target=rows",
                "sluice.sinks.buffer.batch-size=3",
                "sluice.sinks.buffer.max-backlog=3",
                "sluice.sinks.buffer.flush-interval=1h",
                "sluice.sinks.hook.type=http",
                "sluice.sinks.hook.url=" + receiver.url("/in"),
                "sluice.sinks.hook.partitions=" + partitions,
                "sluice.sinks.hook.max-attempts=1");
        client = service.client();
    }

    @AfterEach
    void stop() {
        receiver.release();
        service.close();
        receiver.close();
    }

    /* So that what follows is decided in one round: the first write of a file keeps its state in a round of its own. */
    private void warm(String sink) {
        client.batch(sink, "first", 0, "1").isWritten("committed");
        for (String partition : PARTITIONS) {
            client.batch(sink, partition, 0, "1").isWritten("committed");
        }
    }

    /** Sends the second record of each partition so that all wait together behind a round that cannot end. */
    private Map<String, Answer> together(String sink) throws SQLException {
        CompletableFuture<Answer> first;
        Map<String, CompletableFuture<Answer>> waiting = new TreeMap<>();
        try (Connection holder = service.database().connect();
                Statement statement = holder.createStatement()) {
            holder.setAutoCommit(false);
            statement.execute("lock table sluice.receipt in share mode");
            first = client.postAsync(partition(sink, "first"), JSON, Client.dense(1, "2"));
            await().until(() -> service.waitingForLocks().size() == 1);
            PARTITIONS.forEach(partition ->
                    waiting.put(partition, client.postAsync(partition(sink, partition), JSON, Client.dense(1, "2"))));
            await().until(() -> service.bean(Lanes.class).waiting() == PARTITIONS.size());
            holder.rollback();
        }
        first.join().isWritten("committed");
        Map<String, Answer> answers = new TreeMap<>();
        waiting.forEach((partition, answer) -> answers.put(partition, answer.join()));
        return answers;
    }

    private List<String> transactions(String sink) {
        return service.query("select count(*), count(distinct xmin::text) from sluice.snapshot where sink = '" + sink
                + "' and partition_id like 'p%' and next_offset = 2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"files", "segments", "scattered", "buffer", "rows"})
    void commitsWhatWaitsInOneTransaction(String sink) throws SQLException {
        warm(sink);
        together(sink).values().forEach(answer -> answer.isWritten("committed").has("nextOffset", 2));
        assertThat(transactions(sink)).containsExactly(PARTITIONS.size() + " 1");
    }

    @Test
    void leavesOutTheFileThatIsBroken() throws SQLException, IOException {
        warm("files");
        Files.writeString(directory.resolve("files/p7.ndjson"), "mine\n", StandardOpenOption.APPEND);
        Map<String, Answer> answers = together("files");
        answers.remove("p7").isProblem(500, "target-broken").has("partition", "p7");
        answers.values().forEach(answer -> answer.isWritten("committed"));
        assertThat(transactions("files")).containsExactly(PARTITIONS.size() - 1 + " 1");
        for (String partition : PARTITIONS) {
            assertThat(Files.readString(directory.resolve("files/" + partition + ".ndjson")))
                    .isEqualTo(partition.equals("p7") ? "1\nmine\n" : "1\n2\n");
        }
        client.batch("files", "p6", 2, "3").isWritten("committed");
    }

    @Test
    void leavesOutTheBufferThatIsFull() throws SQLException {
        warm("buffer");
        client.batch("buffer", "p9", 1, "2").isWritten("committed");
        service.execute("update sluice.delivery set backlog_records = 3 where sink = 'buffer' and partition_id = 'p5';"
                + "insert into sluice.replica values ('other', now() + interval '1 hour');"
                + "insert into sluice.claim values ('buffer', 'p5 delivery', 'other')");
        Map<String, Answer> answers = together("buffer");
        assertThat(answers.remove("p5").isProblem(429, "busy").text("detail")).contains("3 records", "max-backlog=3");
        answers.remove("p9").isWritten("duplicate");
        answers.values().forEach(answer -> answer.isWritten("committed"));
    }

    @Test
    void leavesOutTheRowThatSomebodyElseHolds() throws SQLException {
        warm("files");
        try (Connection replica = service.database().connect();
                Statement statement = replica.createStatement()) {
            replica.setAutoCommit(false);
            statement.execute("select 1 from sluice.snapshot where sink = 'files' and partition_id = 'p3' for update");
            CompletableFuture<Answer> held = client.postAsync(partition("files", "p3"), JSON, Client.dense(1, "2"));
            await().until(() -> service.waitingForLocks().size() == 1);
            client.batch("files", "p4", 1, "2").isWritten("committed");
            assertThat(held).isNotDone();
            replica.rollback();
            held.join().isWritten("committed");
        }
    }

    @Test
    void answersEachWithItsOwnOutcome() throws SQLException {
        warm("segments");
        client.batch("segments", "p1", 1, "2").isWritten("committed");
        client.batch("segments", "p2", 1, "0").isWritten("committed");
        long token = client.open("segments", "p3", "{\"owner\":\"me\"}").number("fencingToken");
        Map<String, Answer> answers = together("segments");
        answers.remove("p1").isWritten("duplicate").has("verified", true);
        answers.remove("p2").isProblem(422, "offset-conflict");
        answers.remove("p3").isProblem(428, "fencing-token-required");
        answers.values().forEach(answer -> answer.isWritten("committed"));
        assertThat(token).isEqualTo(1);
    }

    @Test
    void sendsSideBySideAndKeepsNoAnswerForAnother() {
        receiver.answersAlways(Reply.ok().sent(Reply.Manner.LATE));
        CompletableFuture<Answer> slow = client.postAsync(partition("hook", "first"), JSON, Client.dense(0, "1"));
        await().until(() -> receiver.requests().size() == 1);
        receiver.answersAlways(Reply.ok());
        for (String partition : PARTITIONS) {
            client.batch("hook", partition, 0, "1").isWritten("committed");
        }
        assertThat(slow).isNotDone();
        receiver.release();
        slow.join().isWritten("committed");
    }

    @Test
    void holdsNoThreadForWhatIsBeingSent() {
        receiver.answersAlways(Reply.ok().sent(Reply.Manner.LATE));
        List<CompletableFuture<Answer>> out = new ArrayList<>();
        PARTITIONS.forEach(
                partition -> out.add(client.postAsync(partition("hook", partition), JSON, Client.dense(0, "1"))));
        await().atMost(Duration.ofSeconds(30)).until(() -> receiver.requests().size() == PARTITIONS.size());
        assertThat(Thread.getAllStackTraces().values())
                .noneMatch(stack -> List.of(stack).stream()
                        .map(StackTraceElement::getClassName)
                        .anyMatch(name -> name.equals("dev.sluice.http.HttpSinkPartition")
                                || name.equals("dev.sluice.commit.Sending")));
        receiver.release();
        out.forEach(answer -> answer.join().isWritten("committed"));
    }

    @Test
    void sendsKeyedRecordsOfAllPartitionsAtTheSameTime() {
        receiver.answersAlways(Reply.ok().sent(Reply.Manner.LATE));
        String records = IntStream.range(0, 200)
                .mapToObj(i -> "{\"key\":\"k" + i + "\",\"value\":" + i + "}")
                .collect(Collectors.joining(","));
        CompletableFuture<Answer> answer =
                client.postAsync("/sinks/hook/records", JSON, "{\"offset\":0,\"records\":[" + records + "]}");
        await().atMost(Duration.ofSeconds(30)).until(() -> receiver.requests().size() > PARTITIONS.size() / 2);
        receiver.release();
        answer.join().isWritten("committed");
    }
}
