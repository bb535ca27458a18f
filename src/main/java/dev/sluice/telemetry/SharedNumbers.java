package dev.sluice.telemetry;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.stereotype.Component;

/**
 * The numbers that all gauges of one scrape share: asked for when somebody looks, and not again for some seconds. One who
 * looks waits for a second at most, and then knows nothing. Thread-safe.
 */
@Component
class SharedNumbers implements DisposableBean {

    private static final Logger log = LoggerFactory.getLogger(SharedNumbers.class);

    private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long FRESH_NANOS = Duration.ofSeconds(5).toNanos();
    /* With very many partitions it is asked less often: a hundredth of the time is enough for being looked at. */
    private static final int PAUSES = 100;

    private final NumbersStore store;
    private final ExecutorService executor = Executors.newSingleThreadExecutor(work -> {
        Thread thread = new Thread(work, "numbers");
        thread.setDaemon(true);
        return thread;
    });

    /* Guarded by the monitor. */
    private CompletableFuture<Optional<Numbers>> answer = CompletableFuture.completedFuture(Optional.empty());
    private long askedAt = System.nanoTime();
    private long staleAt = askedAt;

    SharedNumbers(NumbersStore store) {
        this.store = store;
    }

    /** Returns the numbers of some seconds ago at most; empty where the database does not tell them. */
    Optional<Numbers> now() {
        CompletableFuture<Optional<Numbers>> asked;
        long left;
        synchronized (this) {
            asked = ask();
            left = askedAt + LIMIT_NANOS - System.nanoTime();
        }
        try {
            return asked.get(Math.max(0, left), TimeUnit.NANOSECONDS);
        } catch (TimeoutException | ExecutionException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    private CompletableFuture<Optional<Numbers>> ask() {
        long now = System.nanoTime();
        if (answer.isDone() && now - staleAt >= 0) {
            CompletableFuture<Optional<Numbers>> next = new CompletableFuture<>();
            askedAt = now;
            answer = next;
            try {
                executor.execute(() -> answer(next, now));
            } catch (RejectedExecutionException e) {
                next.complete(Optional.empty()); // the service stops
            }
        }
        return answer;
    }

    private void answer(CompletableFuture<Optional<Numbers>> question, long asked) {
        Optional<Numbers> numbers = Optional.empty();
        try {
            numbers = Optional.of(store.numbers());
        } catch (RuntimeException e) {
            log.debug("The database does not tell the numbers for the meters", e);
        }
        long now = System.nanoTime();
        synchronized (this) {
            staleAt = now + Math.max(FRESH_NANOS, PAUSES * (now - asked));
            question.complete(numbers);
        }
    }

    @Override
    public void destroy() {
        executor.shutdownNow();
    }
}
