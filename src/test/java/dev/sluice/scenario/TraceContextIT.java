package dev.sluice.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.http.Receiver;
import dev.sluice.postgres.PostgresForTests;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** The trace of a request is in its problem, in the log, and in what is sent on; without anything that records spans. */
@ExtendWith(OutputCaptureExtension.class)
class TraceContextIT {

    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
    private static final String TRACEPARENT = "00-" + TRACE + "-b7ad6b7169203331-01";
    private static final String OF_ITS_OWN = "00-[0-9a-f]{32}-[0-9a-f]{16}-00";

    private static Receiver receiver;
    private static InProcess service;
    private static Client client;

    @BeforeAll
    static void start() {
        receiver = Receiver.honouringKeys();
        service = InProcess.on(
                PostgresForTests.freshDatabase(),
                List.of(MemorySinkType.class, TellingSinkType.class),
                "sluice.sinks.telling.type=telling",
                "sluice.sinks.telling.partitions=" + String.join(",", partitions()),
                "sluice.sinks.mind.type=memory",
                "sluice.sinks.mind.partitions="
                        + String.join(
                                ",",
                                IntStream.range(0, 20).mapToObj(i -> "m" + i).toList()),
                "sluice.sinks.crew.type=memory",
                "sluice.sinks.crew.workers=1",
                "sluice.sinks.hook.type=http",
                "sluice.sinks.hook.partitions=0,1",
                "sluice.sinks.hook.url=" + receiver.url("/hook"),
                "sluice.sinks.replaced.type=http",
                "sluice.sinks.replaced.partitions=0",
                "sluice.sinks.replaced.url=" + receiver.url("/replaced"),
                "sluice.sinks.replaced.headers.traceparent=mine",
                "sluice.sinks.stated.type=http",
                "sluice.sinks.stated.partitions=0,1",
                "sluice.sinks.stated.url=" + receiver.url("/stated"),
                "sluice.sinks.spread.type=fanout",
                "sluice.sinks.spread.targets=stated",
                "sluice.sinks.given.type=http",
                "sluice.sinks.given.partitions=0",
                "sluice.sinks.given.url=" + receiver.url("/given"),
                "sluice.sinks.given.headers.Traceparent=mine",
                "sluice.sinks.rows.type=table",
                "sluice.sinks.rows.partitions=0,1",
                "sluice.sinks.both.type=fanout",
                "sluice.sinks.both.targets=rows,hook",
                "sluice.sinks.outward.type=http",
                "sluice.sinks.outward.partitions=0",
                "sluice.sinks.outward.url=" + receiver.url("/outward"),
                "sluice.sinks.buffer.type=batching",
                "sluice.sinks.buffer.target=outward",
                "sluice.sinks.buffer.batch-size=1");
        client = service.client();
    }

    private static List<String> partitions() {
        return IntStream.range(0, 40).mapToObj(i -> "t" + i).toList();
    }

    @AfterAll
    static void stop() {
        receiver.release();
        service.close();
        receiver.close();
    }

    private static Stream<String> sent(String path) {
        return receiver.requests().stream()
                .filter(request -> request.target().equals(path))
                .map(request -> request.header("traceparent"));
    }

    @Test
    void aProblemNamesTheTraceThatTheRequestCameWith() {
        for (String path : List.of("/sinks/rows/partitions/0", "/sinks/r%6fws/partitions/0", "/sinks/rows/records")) {
            client.post(path + "?offset=99", Client.NDJSON, "{\"key\":\"a\",\"value\":1}\n", "traceparent", TRACEPARENT)
                    .isProblem(409, "offset-gap")
                    .has("instance", "urn:trace:" + TRACE);
        }
        client.get("/nowhere", "traceparent", TRACEPARENT)
                .isProblem(404, "not-found")
                .has("instance", "urn:trace:" + TRACE);
        client.method("PATCH", "/sinks", "traceparent", TRACEPARENT)
                .isProblem(405, "method-not-allowed")
                .has("instance", "urn:trace:" + TRACE);
        client.get("/sinks", "traceparent", TRACEPARENT, "Origin", "http://evil.example")
                .isProblem(421, "unknown-host")
                .has("instance", "urn:trace:" + TRACE);
    }

    @Test
    void aRequestWithoutOneGetsOneOfItsOwn() {
        String first =
                client.batch("rows", "0", 99, "1").isProblem(409, "offset-gap").text("instance");
        String second =
                client.batch("rows", "0", 99, "1").isProblem(409, "offset-gap").text("instance");
        assertThat(first).isNotEqualTo(second);
    }

    @Test
    void linesOfTheLogNameSinkPartitionAndTrace(CapturedOutput output) {
        Answer told = client.batch("mind", "m0", 0, "\"bug\"").isProblem(500, "internal-error");
        String trace = told.text("instance").substring("urn:trace:".length());
        assertThat(lines(output, "An unexpected failure")).anyMatch(line -> line.contains("[mind/m0 " + trace + "]"));
        Answer worker = client.post("/sinks/crew/partitions/0", Client.NDJSON, "\"bug\"\n", "traceparent", TRACEPARENT)
                .isProblem(500, "internal-error");
        assertThat(worker.text("instance")).endsWith(TRACE);
        assertThat(lines(output, "An unexpected failure")).anyMatch(line -> line.contains("[crew/0 " + TRACE + "]"));
        client.put("/sinks/new", "{\"type\":\"table\",\"partitions\":[\"0\"]}");
        assertThat(lines(output, "Sink new:")).anyMatch(line -> line.contains("[new/ "));
    }

    @Test
    void linesThatBelongToNoRequestNameNone(CapturedOutput output) {
        assertThat(output.getOut().lines()).noneMatch(line -> line.contains("[/ ]"));
    }

    @Test
    void noLineNamesTheRequestThatItsThreadHappensToHaveComeWith(CapturedOutput output) {
        // All at once, so that requests work for each other, each in a partition of its own.
        List<CompletableFuture<Answer>> answers = IntStream.range(1, 20)
                .mapToObj(i -> client.postAsync(
                        "/sinks/mind/partitions/m" + i,
                        Client.JSON,
                        Client.dense(0, "\"bug\""),
                        "traceparent",
                        "00-" + trace(i) + "-b7ad6b7169203331-00"))
                .toList();
        answers.forEach(answer -> answer.join().isProblem(500, "internal-error"));
        List<String> lines = lines(output, "[mind/m");
        assertThat(lines).isNotEmpty().allSatisfy(line -> {
            int from = line.indexOf("[mind/m") + "[mind/m".length();
            int partition = Integer.parseInt(line.substring(from, line.indexOf(' ', from)));
            if (partition > 0) {
                assertThat(line).contains(trace(partition) + "]");
            }
        });
    }

    @Test
    void aRequestThatCommitsForOthersNamesThemInTheirLines(CapturedOutput output) {
        for (int round = 0; round < 5; round++) {
            int offset = round;
            List<CompletableFuture<Answer>> answers = partitions().stream()
                    .map(partition -> client.postAsync(
                            Client.partition("telling", partition), Client.JSON, Client.dense(offset, "1")))
                    .toList();
            answers.forEach(answer -> answer.join().isWritten("committed"));
        }
        List<String> lines = lines(output, "Writing to ");
        assertThat(lines).hasSize(5 * partitions().size());
        // Some go alone, others together.
        assertThat(lines).anyMatch(line -> line.contains("[telling/ ]"));
        assertThat(lines).anyMatch(line -> line.matches(".*\\[telling/t\\d+ [0-9a-f]{32}].*"));
        assertThat(lines).allSatisfy(line -> {
            String written = line.substring(line.indexOf("Writing to ") + "Writing to ".length(), line.length() - 1);
            assertThat(line).containsPattern("\\[telling/(" + written + " [0-9a-f]{32}| )]");
        });
    }

    private static String trace(int i) {
        return "0af7651916cd43dd8448eb211c80%04d".formatted(1_000 + i);
    }

    @Test
    void anHttpTargetIsToldTheTrace() {
        client.batch("hook", "0", 0, "1", "traceparent", TRACEPARENT).isWritten("committed");
        client.batch("hook", "0", 1, "2").isWritten("committed");
        assertThat(sent("/hook")).contains(TRACEPARENT);
        assertThat(sent("/hook").filter(sent -> !sent.equals(TRACEPARENT))).allMatch(sent -> sent.matches(OF_ITS_OWN));
        client.batch("given", "0", 0, "1", "traceparent", TRACEPARENT).isWritten("committed");
        assertThat(sent("/given")).containsExactly("mine");
    }

    /** What other tools keep with a trace goes with it, and with no other one. */
    @Test
    void anHttpTargetIsToldWhatComesWithTheTrace() {
        String[] headers = {
            "traceparent", "00-" + trace(8) + "-b7ad6b7169203331-01", "tracestate", "a=1", "tracestate", "b=2;c"
        };
        client.batch("stated", "0", 0, "1", headers).isWritten("committed");
        client.batch("stated", "0", 1, "2", "tracestate", "a=1").isWritten("committed");
        client.batch("stated", "0", 2, "3", "traceparent", "nonsense", "tracestate", "a=1")
                .isWritten("committed");
        client.batch("spread", "1", 0, "1", headers).isWritten("committed");
        assertThat(states("/stated")).containsExactly("a=1,b=2;c", "", "", "a=1,b=2;c");
        client.batch("replaced", "0", 0, "1", headers).isWritten("committed");
        assertThat(states("/replaced")).containsExactly("");
    }

    private static Stream<String> states(String path) {
        return receiver.requests().stream()
                .filter(request -> request.target().startsWith(path))
                .map(request -> Objects.requireNonNullElse(request.header("tracestate"), ""));
    }

    @Test
    void soIsOneBehindAFanout() {
        String other = "00-" + trace(7) + "-b7ad6b7169203331-01";
        client.batch("both", "1", 0, "1", "traceparent", other).isWritten("committed");
        assertThat(sent("/hook")).contains(other);
    }

    @Test
    void aDeliveryIsATraceOfItsOwn() {
        client.batch("buffer", "0", 0, "1", "traceparent", TRACEPARENT).isWritten("committed");
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(sent("/outward"))
                        .hasSize(1)
                        .allMatch(sent -> sent.matches(OF_ITS_OWN) && !sent.contains(TRACE)));
    }

    private static List<String> lines(CapturedOutput output, String text) {
        return output.getOut().lines().filter(line -> line.contains(text)).toList();
    }
}
