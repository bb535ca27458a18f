package dev.sluice.partition;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What many readers look at: each look is kept for a while, and taken once, however many ask. A look that fails or
 * hangs leaves its readers without an answer soon, and is not repeated sooner than another. Thread-safe.
 */
final class SharedLooks<K, V> {

    private static final Logger log = LoggerFactory.getLogger(SharedLooks.class);
    private static final long PATIENCE_MILLIS = 1_000;

    private record Look<V>(CompletableFuture<V> value, long at) {}

    private final Map<K, Look<V>> latest = new ConcurrentHashMap<>();
    private final Function<K, V> source;
    private final long keptNanos;
    private final Executor executor;
    private final LongSupplier nanoTime;

    /** @param nanoTime a clock that never goes back, in nanoseconds */
    SharedLooks(Function<K, V> source, Duration kept, Executor executor, LongSupplier nanoTime) {
        this.source = source;
        this.keptNanos = kept.toNanos();
        this.executor = executor;
        this.nanoTime = nanoTime;
    }

    /** Returns what was seen at most {@code kept} ago; empty if it cannot be looked at now. */
    Optional<V> get(K key) {
        try {
            CompletableFuture<V> value = latest.compute(
                            key, (wanted, look) -> look == null || isOld(look) ? look(wanted) : look)
                    .value();
            return Optional.of(value.get(PATIENCE_MILLIS, TimeUnit.MILLISECONDS));
        } catch (ExecutionException | TimeoutException | RejectedExecutionException e) {
            log.debug("{} could not be looked at", key, e);
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    private boolean isOld(Look<V> look) {
        return look.value().isDone() && nanoTime.getAsLong() - look.at() >= keptNanos;
    }

    private Look<V> look(K key) {
        return new Look<>(CompletableFuture.supplyAsync(() -> source.apply(key), executor), nanoTime.getAsLong());
    }

    void forget(K key) {
        latest.remove(key);
    }
}
