package dev.sluice.partition;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** However many ask, one looks. */
class SharedLooksTests {

    private final AtomicInteger looks = new AtomicInteger();
    private final AtomicLong nanos = new AtomicLong();

    private SharedLooks<String, String> looking(Executor executor) {
        return new SharedLooks<>(key -> key + looks.incrementAndGet(), Duration.ofSeconds(2), executor, nanos::get);
    }

    @Test
    void looksOnceInTwoSecondsForAllReaders() {
        SharedLooks<String, String> shared = looking(Runnable::run);
        assertThat(IntStream.range(0, 100).mapToObj(i -> shared.get("a").orElseThrow()))
                .containsOnly("a1");
        nanos.set(Duration.ofMillis(1_999).toNanos());
        assertThat(shared.get("a")).contains("a1");
        nanos.set(Duration.ofSeconds(2).toNanos());
        assertThat(shared.get("a")).contains("a2");
        assertThat(shared.get("b")).contains("b3");
    }

    @Test
    void looksAgainAtWhatWasForgotten() {
        SharedLooks<String, String> shared = looking(Runnable::run);
        shared.get("a");
        shared.forget("a");
        assertThat(shared.get("a")).contains("a2");
    }

    @Test
    void answersNothingForALookThatHangsAndBeginsNoOther() {
        Queue<Runnable> hanging = new ArrayDeque<>();
        SharedLooks<String, String> shared = looking(hanging::add);
        assertThat(shared.get("a")).isEmpty();
        nanos.set(Duration.ofMinutes(1).toNanos());
        assertThat(shared.get("a")).isEmpty();
        assertThat(hanging).hasSize(1);
        hanging.remove().run();
        nanos.set(0);
        assertThat(shared.get("a")).contains("a1");
    }

    @Test
    void answersNothingWhenTheServiceStops() {
        SharedLooks<String, String> shared = looking(work -> {
            throw new RejectedExecutionException("shut down");
        });
        assertThat(shared.get("a")).isEmpty();
    }

    @Test
    void answersNothingForALookThatFailed() {
        SharedLooks<String, String> shared = new SharedLooks<>(
                key -> {
                    looks.incrementAndGet();
                    throw new IllegalStateException("away");
                },
                Duration.ofSeconds(2),
                Runnable::run,
                nanos::get);
        assertThat(shared.get("a")).isEmpty();
        assertThat(shared.get("a")).isEmpty();
        assertThat(looks).hasValue(1);
    }
}
