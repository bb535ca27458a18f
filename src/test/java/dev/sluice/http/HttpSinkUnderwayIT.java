package dev.sluice.http;

import static dev.sluice.http.Sending.record;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.sluice.http.Reply.Manner;
import dev.sluice.sink.Disposition;
import dev.sluice.sink.OutboundPartition;
import dev.sluice.sink.SinkBatch;
import dev.sluice.sink.SinkException;
import dev.sluice.sink.SinkRecord;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many batches under way at once: none holds a thread, and each comes to an end. */
class HttpSinkUnderwayIT {

    private static final int MANY = 300;
    private static final Executor NONE = task -> {
        throw new RejectedExecutionException("nothing may block");
    };

    private final Receiver receiver = Receiver.ignoringKeys();
    private final Connections connections = new Connections();
    private final HttpSinkType type =
            new HttpSinkType(Waiting.system(connections), connections, new SimpleMeterRegistry(), null);

    @AfterEach
    void close() {
        type.destroy();
        receiver.close();
    }

    private CompletableFuture<Void> begin(Executor blocking, String... settings) {
        @SuppressWarnings("unchecked") // a partition's capabilities are of the partition's own types
        OutboundPartition<SinkRecord> partition = (OutboundPartition<SinkRecord>)
                type.create("orders", List.of("p"), Sending.bind(settings)).buildPart("orders", "p", null);
        return partition
                .sendAsync(new SinkBatch<>(7, 8, List.of(record(7, "{}"))), blocking)
                .toCompletableFuture();
    }

    private CompletableFuture<Void> begin(String... settings) {
        List<String> all = new ArrayList<>(List.of(settings));
        all.add("url=" + receiver.url("/in"));
        return begin(NONE, all.toArray(String[]::new));
    }

    private static SinkException failureOf(CompletionStage<Void> stage) {
        CompletableFuture<Throwable> bare = new CompletableFuture<>();
        stage.whenComplete((nothing, failure) -> bare.complete(failure));
        assertThat(bare.orTimeout(30, TimeUnit.SECONDS).join()).isInstanceOf(SinkException.class);
        return (SinkException) bare.join();
    }

    @Test
    void waitForAnswersWithoutAThreadForEach() {
        receiver.answersAlways(Reply.ok().sent(Manner.LATE));
        List<CompletableFuture<Void>> stages =
                IntStream.range(0, MANY).mapToObj(i -> begin()).toList();
        await().until(() -> receiver.requests().size() == MANY);
        long threads = Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("http-sinks"))
                .count();
        assertThat(threads).isLessThan(20 + 2L * Runtime.getRuntime().availableProcessors());
        assertThat(stages).noneMatch(CompletableFuture::isDone);
        receiver.release();
        CompletableFuture.allOf(stages.toArray(CompletableFuture[]::new)).join();
        assertThat(receiver.effects()).hasSize(MANY);
    }

    @Test
    void waitForTheNextTryWithoutAThreadForEach() {
        AtomicInteger seen = new AtomicInteger();
        receiver.answersBy(request -> seen.incrementAndGet() <= MANY ? Reply.of(503) : Reply.ok());
        CompletableFuture.allOf(IntStream.range(0, MANY)
                        .mapToObj(i -> begin("max-attempts=20", "backoff=20ms", "breaker-failures=1000"))
                        .toArray(CompletableFuture[]::new))
                .join();
        assertThat(receiver.effects()).hasSizeGreaterThanOrEqualTo(MANY);
    }

    @Test
    void failWithTheBareException() {
        receiver.answersAlways(Reply.of(400));
        assertThat(failureOf(begin()).disposition()).isEqualTo(Disposition.REJECTED);
        assertThat(catchThrowableOfType(CompletionException.class, begin()::join))
                .hasCauseInstanceOf(SinkException.class);
    }

    @Test
    void doNotHoldUpTheirNeighbours() {
        receiver.answers(Reply.ok().sent(Manner.LATE));
        CompletableFuture<Void> slow = begin();
        await().until(() -> receiver.requests().size() == 1);
        begin().join();
        assertThat(slow).isNotDone();
        receiver.release();
        slow.join();
    }

    @Test
    void endWithAnUnknownOutcomeWhenTheServiceStopsBeforeTheAnswer() {
        receiver.answersAlways(Reply.ok().sent(Manner.LATE));
        CompletableFuture<Void> stage = begin();
        await().until(() -> receiver.requests().size() == 1);
        type.destroy();
        assertThat(failureOf(stage).disposition()).isEqualTo(Disposition.OUTCOME_UNKNOWN);
        assertThat(failureOf(stage)).hasMessageContaining("the service is stopping while waiting for the answer");
    }

    @Test
    void endWhenTheServiceStopsDuringAPause() {
        receiver.answersAlways(Reply.of(503).header("Retry-After", "60"));
        CompletableFuture<Void> stage = begin();
        await().until(() -> receiver.requests().size() == 1);
        type.destroy();
        assertThat(failureOf(stage).disposition()).isIn(Disposition.UNAVAILABLE, Disposition.OUTCOME_UNKNOWN);
    }

    @Test
    void endWhenTheServiceStopsBeforeTheConnectionIsThere() throws IOException {
        // Takes the connection, but never says hello.
        try (ServerSocket mute = new ServerSocket(0)) {
            CompletableFuture<Void> stage = begin(NONE, "url=https://127.0.0.1:" + mute.getLocalPort() + "/");
            mute.accept();
            type.destroy();
            assertThat(failureOf(stage).disposition()).isEqualTo(Disposition.UNAVAILABLE);
        }
    }

    @Test
    void areNotBegunOnceTheServiceHasStopped() {
        type.destroy();
        assertThat(failureOf(begin()).disposition()).isEqualTo(Disposition.UNAVAILABLE);
        assertThat(receiver.requests()).isEmpty();
    }

    @Test
    void readHeadersInAThreadThatMayBlock(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("token"), "Bearer 1234\n");
        String[] settings = {"url=" + receiver.url("/in"), "header-files.Authorization=" + file};
        assertThat(failureOf(begin(NONE, settings)).disposition()).isEqualTo(Disposition.UNAVAILABLE);
        begin(task -> new Thread(task).start(), settings)
                .orTimeout(30, TimeUnit.SECONDS)
                .join();
        assertThat(receiver.requests().get(0).header("Authorization")).isEqualTo("Bearer 1234");
    }

    @Test
    void areGivenUpInTime() {
        receiver.answersAlways(Reply.ok().sent(Manner.LATE));
        long begun = System.nanoTime();
        SinkException failure = failureOf(begin("timeout=60s", "deadline=300ms"));
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(30));
        assertThat(failure.disposition()).isEqualTo(Disposition.OUTCOME_UNKNOWN);
    }
}
