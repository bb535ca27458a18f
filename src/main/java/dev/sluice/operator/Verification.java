package dev.sluice.operator;

import dev.sluice.sink.Sink;
import dev.sluice.sink.SinkException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * One look at one sink's target, on a thread of its own.
 *
 * @param look throws what is wrong
 * @param problem what is wrong, empty for nothing
 * @param before what was wrong when it was looked at before, empty for nothing
 */
record Verification(
        Sink sink, Runnable look, long startedAt, CompletableFuture<String> problem, CompletableFuture<String> before) {

    /** Beyond this a target counts as one that does not answer. */
    static final long LIMIT_NANOS = TimeUnit.MILLISECONDS.toNanos(2_500);

    static Verification begin(Sink sink, Runnable look, CompletableFuture<String> before) {
        return new Verification(sink, look, System.nanoTime(), new CompletableFuture<>(), before);
    }

    /** Looks; whatever happens is an answer. */
    void run() {
        try {
            look.run();
            problem.complete("");
        } catch (SinkException e) {
            problem.complete(String.valueOf(e.getMessage()));
        } catch (RuntimeException | Error e) {
            problem.complete("it could not be looked at: " + e);
        }
    }

    /** Returns what is wrong, empty for nothing; waits until {@code deadline} at most. */
    String await(long deadline) {
        long now = System.nanoTime();
        long wait = Math.min(deadline, startedAt + LIMIT_NANOS) - now;
        try {
            return problem.get(Math.max(wait, 0), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            long asked = System.nanoTime() - startedAt;
            return asked < LIMIT_NANOS && before.isDone()
                    ? before.getNow("")
                    : "the target has not answered for " + TimeUnit.NANOSECONDS.toMillis(asked) / 1000.0 + " s";
        } catch (ExecutionException e) {
            return "it could not be looked at: " + e.getCause();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "it could not be looked at: the service stops";
        }
    }
}
