package dev.sluice.http;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.apache.hc.core5.http.RequestNotExecutedException;
import org.jspecify.annotations.Nullable;

/** One request on its way and its answer, within a time and a size. Holds no thread. Thread-safe. */
final class Exchange {

    private final RequestSender sender;
    private final AnswerReader reader;
    private final Redaction redaction;
    private final CompletableFuture<Answer> answer = new CompletableFuture<>();
    private volatile Future<?> watch = CompletableFuture.completedFuture(null);

    private Exchange(RequestSender sender, AnswerReader reader, Redaction redaction) {
        this.sender = sender;
        this.reader = reader;
        this.redaction = redaction;
    }

    /** Begins to send the request. */
    static Exchange begin(Connections connections, RequestSender sender, Limits limits, Redaction redaction) {
        AnswerReader reader = new AnswerReader(limits.maxResponse());
        Exchange exchange = new Exchange(sender, reader, redaction);
        Future<Void> call = connections.client().execute(sender, reader, null, sender.context(), failing(reader));
        if (sender.begun()) {
            exchange.awaitAnswer(connections, limits.timeout(), limits);
        } else {
            exchange.awaitConnection(connections, limits);
        }
        reader.end().whenComplete((nothing, failure) -> exchange.end(call, failure));
        return exchange;
    }

    /**
     * Completes as soon as the answer is complete, or too large. Once its status is there it counts, even if the rest
     * never comes. Fails with an {@link IOException}, which is a {@link NotSentException} if nothing was sent.
     */
    CompletionStage<Answer> answer() {
        return answer;
    }

    /** Ends it with what has come so far. */
    void giveUp(IOException why) {
        reader.failed(why);
    }

    private void awaitConnection(Timer timer, Limits limits) {
        Duration most = limits.connectTimeout();
        watch(timer, most, () -> {
            if (sender.giveUp()) {
                giveUp(new NotSentException("it did not take the connection within " + most.toMillis() + " ms", null));
            } else {
                awaitAnswer(timer, limits.timeout().minus(most), limits);
            }
        });
    }

    private void awaitAnswer(Timer timer, Duration left, Limits limits) {
        watch(
                timer,
                left,
                () -> giveUp(
                        new IOException("no answer within " + limits.timeout().toMillis() + " ms")));
    }

    private void watch(Timer timer, Duration time, Runnable action) {
        Future<?> begun = timer.after(time, action);
        watch = begun;
        if (answer.isDone()) {
            begun.cancel(false);
        }
    }

    private void end(Future<Void> call, @Nullable Throwable failure) {
        try {
            watch.cancel(false);
            if (failure != null || !reader.complete()) {
                call.cancel(true);
            }
            conclude(failure);
        } catch (RuntimeException | Error e) {
            answer.completeExceptionally(e); // whatever happens, nobody waits for ever
        }
    }

    private void conclude(@Nullable Throwable failure) {
        boolean unsent = sender.giveUp();
        Optional<Answer> seen = reader.answer(redaction);
        if (seen.isEmpty()) {
            answer.completeExceptionally(unanswered(failure, unsent));
        } else if (unsent) {
            answer.completeExceptionally(new NotSentException(
                    "the proxy on the way does not connect to it, but answered "
                            + seen.get().status() + seen.get().text(),
                    null));
        } else {
            answer.complete(seen.get());
        }
    }

    private static IOException unanswered(@Nullable Throwable cause, boolean unsent) {
        IOException failure = cause instanceof IOException io
                ? io
                : cause == null ? new IOException("the request ended without an answer") : new IOException(cause);
        boolean tellIt = unsent || failure instanceof RequestNotExecutedException;
        return tellIt && !(failure instanceof NotSentException)
                ? new NotSentException(String.valueOf(failure.getMessage()), failure)
                : failure;
    }

    private static FutureCallback<Void> failing(AnswerReader reader) {
        return new FutureCallback<>() {
            @Override
            public void completed(Void nothing) {
                // the reader is told once the connection is free again
            }

            @Override
            public void failed(Exception e) {
                reader.failed(e);
            }

            @Override
            public void cancelled() {
                reader.failed(new IOException("the request was given up"));
            }
        };
    }

    /**
     * How long and how much.
     *
     * @param timeout until the end of the answer
     * @param connectTimeout until the first byte of the request can be sent; not longer than the timeout
     * @param maxResponse bytes of an answer's body that are read
     */
    record Limits(Duration timeout, Duration connectTimeout, int maxResponse) {

        Limits {
            connectTimeout = connectTimeout.compareTo(timeout) < 0 ? connectTimeout : timeout;
        }
    }
}
