package dev.sluice.sink;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

/** What a partition gets that only knows how to send while somebody waits. */
class OutboundPartitionTests {

    private static final SinkBatch<String> BATCH = new SinkBatch<>(0, 1, List.of("a"));

    private static Throwable failureOf(OutboundPartition<String> partition, Executor blocking) {
        CompletableFuture<Throwable> bare = new CompletableFuture<>();
        partition.sendAsync(BATCH, blocking).whenComplete((nothing, failure) -> bare.complete(failure));
        return bare.join();
    }

    @Test
    void sendsOnTheExecutor() {
        List<SinkBatch<String>> sent = new ArrayList<>();
        List<Runnable> tasks = new ArrayList<>();
        OutboundPartition<String> partition = sent::add;
        CompletableFuture<Void> stage = partition.sendAsync(BATCH, tasks::add).toCompletableFuture();
        assertThat(stage).isNotDone();
        tasks.forEach(Runnable::run);
        assertThat(stage).isCompleted();
        assertThat(sent).containsExactly(BATCH);
    }

    @Test
    void failsWithTheBareException() {
        SinkException failure = new SinkException(Disposition.UNAVAILABLE, "away", null);
        assertThat(failureOf(
                        batch -> {
                            throw failure;
                        },
                        Runnable::run))
                .isSameAs(failure);
    }

    @Test
    void endsEvenWithAnError() {
        AssertionError failure = new AssertionError("a bug");
        assertThat(failureOf(
                        batch -> {
                            throw failure;
                        },
                        Runnable::run))
                .isSameAs(failure);
    }

    @Test
    void hasSentNothingWhereNoThreadIsFree() {
        assertThat(failureOf(batch -> {}, task -> {
                    throw new RejectedExecutionException("full");
                }))
                .isInstanceOfSatisfying(
                        SinkException.class, e -> assertThat(e.disposition()).isEqualTo(Disposition.UNAVAILABLE));
    }
}
