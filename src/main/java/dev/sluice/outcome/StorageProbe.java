package dev.sluice.outcome;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.sql.DataSource;
import org.springframework.beans.factory.DisposableBean;

/**
 * Asks the database whether it answers. All who want to know at about the same time share one question, and none waits
 * for longer than {@value #LIMIT_MILLIS} ms after it was put. Thread-safe.
 */
public final class StorageProbe implements DisposableBean {

    static final long LIMIT_MILLIS = 2_000;
    private static final long FRESH_NANOS = TimeUnit.SECONDS.toNanos(1);

    private record Question(long askedAt, CompletableFuture<String> answer) {}

    private final DataSource dataSource;
    /* Of its own, so that nothing else can keep it waiting; one question at a time. */
    private final ExecutorService executor = Executors.newSingleThreadExecutor(work -> {
        Thread thread = new Thread(work, "storage-probe");
        thread.setDaemon(true);
        return thread;
    });

    /* Guarded by the monitor, as the time of its answer is. */
    private Question question = new Question(0, CompletableFuture.completedFuture(""));
    private long staleAt = System.nanoTime();

    /** Makes a probe of one pool. */
    public StorageProbe(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    /** Returns what is wrong with the database, empty if it answers. */
    public String problem() {
        Question asked = ask();
        long left = asked.askedAt() + TimeUnit.MILLISECONDS.toNanos(LIMIT_MILLIS) - System.nanoTime();
        try {
            return asked.answer().get(Math.max(left, 0), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - asked.askedAt());
            return "the database has not answered for " + Math.round(millis / 1000.0) + " s";
        } catch (ExecutionException e) {
            return "the database could not be asked: " + e.getCause();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "the database could not be asked: the service stops";
        }
    }

    /**
     * Asks, even if it answered a moment ago, so that who waits for sinks in the database meanwhile need not wait for
     * the database afterwards. That it does not answer holds for a while.
     */
    public synchronized void askAnew() {
        if (question.answer().isDone() && question.answer().getNow("").isEmpty()) {
            staleAt = System.nanoTime();
        }
        ask();
    }

    /** Returns when the last question was put, by {@link System#nanoTime}. */
    public synchronized long askedAt() {
        return question.askedAt();
    }

    private synchronized Question ask() {
        if (question.answer().isDone() && System.nanoTime() - staleAt >= 0) {
            CompletableFuture<String> answer = new CompletableFuture<>();
            question = new Question(System.nanoTime(), answer);
            try {
                executor.execute(() -> answered(answer, look()));
            } catch (RejectedExecutionException e) {
                answered(answer, "the service stops");
            }
        }
        return question;
    }

    private synchronized void answered(CompletableFuture<String> answer, String problem) {
        staleAt = System.nanoTime() + FRESH_NANOS;
        answer.complete(problem);
    }

    private String look() {
        boolean connected = false;
        try (Connection connection = dataSource.getConnection()) {
            connected = true;
            return connection.isValid((int) TimeUnit.MILLISECONDS.toSeconds(LIMIT_MILLIS))
                    ? ""
                    : "a connection to the database does not answer";
        } catch (SQLException | RuntimeException e) {
            // One that does not answer may fail to be closed as well, which would hide that.
            return (connected ? "a connection to the database does not answer: " : "") + DatabaseFailure.describe(e);
        }
    }

    @Override
    public void destroy() {
        executor.shutdownNow();
    }
}
