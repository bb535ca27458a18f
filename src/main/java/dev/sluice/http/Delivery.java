package dev.sluice.http;

import dev.sluice.sink.Disposition;
import dev.sluice.sink.SinkException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * The tries of one message and the pauses between them. Holds no thread: each step is begun by the end of the one
 * before, so one thread at a time uses the fields that are not volatile. Another may only give it up.
 */
final class Delivery {

    private static final Duration UNTIL_SOMEBODY_LOOKS = Duration.ofSeconds(10);

    private final Target target;
    private final Message message;
    private final Executor reading;
    private final Instant deadline;
    private final CompletableFuture<Void> arrived = new CompletableFuture<>();
    private int tries;
    private boolean maybeProcessed;
    private @Nullable Duration retryAfter;
    private Again last = new Again("nothing was tried", "", false, null, null);
    /* Written before the other is read, by either side: so one of them sees both. */
    private volatile @Nullable GivenUp givenUp;
    private volatile Runnable stop = () -> {};

    private record GivenUp(String why, @Nullable Throwable cause) {}

    /** Makes a delivery whose headers are read by an executor. */
    Delivery(Target target, Message message, Executor reading) {
        this.target = target;
        this.message = message;
        this.reading = reading;
        this.deadline = now().plus(target.settings().deadline());
    }

    /** Completes once the target said that it has the message; fails with what has to be thrown. */
    CompletableFuture<Void> arrived() {
        return arrived;
    }

    /** Begins the first try; nothing waits for it here. */
    void begin() {
        try {
            reading.execute(this::tryOnce);
        } catch (RejectedExecutionException e) {
            arrived.completeExceptionally(failure("no thread is free to read the headers for " + message.where(), e));
        }
    }

    /** Sees to it that it ends soon, if it has not yet; the outcome is as well known as it can be. */
    void giveUp(String why, @Nullable Throwable cause) {
        givenUp = new GivenUp(why, cause);
        stop.run();
    }

    private void waitFor(Runnable howToStop) {
        stop = howToStop;
        if (givenUp != null) {
            howToStop.run();
        }
    }

    private Instant now() {
        return target.waiting().clock().instant();
    }

    private void tryOnce() {
        if (givenUp != null) {
            arrived.completeExceptionally(abandoned("the next try of "));
            return;
        }
        Exchange exchange;
        Redaction redaction;
        Tries.Try tried;
        try {
            Map<String, String> headers = readHeaders();
            redaction = new Redaction(headers.values(), message.address().query());
            if (!target.breaker().permits()) {
                throw spared();
            }
            tried = target.tries().begin(message);
            exchange = begin(headers, tried.traceparent(), redaction);
        } catch (RuntimeException | Error e) {
            arrived.completeExceptionally(e);
            return;
        }
        waitFor(() -> exchange.giveUp(new IOException("given up")));
        exchange.answer().whenComplete((answer, failure) -> {
            tried.end(answer, failure);
            end(answer, failure, redaction);
        });
    }

    private Map<String, String> readHeaders() {
        try {
            return target.headers().read();
        } catch (SinkException e) {
            throw failure(String.valueOf(e.getMessage()), e.getCause());
        }
    }

    private Exchange begin(Map<String, String> headers, @Nullable String traceparent, Redaction redaction) {
        try {
            return target.exchange(message, headers, traceparent, redaction, Duration.between(now(), deadline));
        } catch (IllegalStateException e) {
            // So the client says that the process has no more files to open.
            target.breaker().neither();
            throw failure("no connection to " + message.where() + " can be opened: " + e.getMessage(), e);
        } catch (RuntimeException | Error e) {
            target.breaker().neither();
            throw e;
        }
    }

    private void end(@Nullable Answer answer, @Nullable Throwable failure, Redaction redaction) {
        try {
            if (answer == null && givenUp != null) {
                target.breaker().neither();
                maybeProcessed |= sent(failure);
                throw abandoned("the answer of ");
            }
            if (judge(answer, failure, redaction)) {
                arrived.complete(null);
            } else {
                pause();
            }
        } catch (RuntimeException | Error e) {
            arrived.completeExceptionally(e);
        }
    }

    /* Returns whether the target has the message; throws if no other try will do. */
    private boolean judge(@Nullable Answer answer, @Nullable Throwable failure, Redaction redaction) {
        Breaker breaker = target.breaker();
        Optional<Again> again;
        try {
            refuseConfined(failure);
            again = answer == null
                    ? Optional.of(
                            new Again(redaction.show(Trouble.describe(failure)), "", sent(failure), null, failure))
                    : target.rules().again(answer, message, maybeProcessed);
        } catch (UnfitTargetException e) {
            breaker.unfit(String.valueOf(e.getMessage()));
            throw e;
        } catch (SinkException e) {
            breaker.succeeded(); // it refuses, so it is alive
            throw e;
        } catch (RuntimeException | Error e) {
            breaker.neither();
            throw e;
        }
        tries++;
        again.ifPresentOrElse(this::failed, breaker::succeeded);
        return again.isEmpty();
    }

    private void refuseConfined(@Nullable Throwable failure) {
        RefusedAddressException refused = RefusedAddressException.in(failure);
        if (refused != null) {
            String what = message.where() + " is not called: " + refused.getMessage();
            throw maybeProcessed
                    ? failure(what, refused)
                    : new UnfitTargetException(Disposition.UNAVAILABLE, what, UNTIL_SOMEBODY_LOOKS);
        }
    }

    private static boolean sent(@Nullable Throwable failure) {
        return !(failure instanceof NotSentException);
    }

    private void failed(Again again) {
        target.breaker().failed(again.reason());
        last = again;
        maybeProcessed |= again.maybeProcessed();
        retryAfter = again.retryAfter() == null ? retryAfter : again.retryAfter();
    }

    private void pause() {
        Duration wait = target.waiting().after(tries, target.settings(), last.retryAfter());
        if (tries >= target.settings().maxAttempts() || !now().plus(wait).isBefore(deadline)) {
            throw exhausted();
        }
        CompletableFuture<Void> over = new CompletableFuture<>();
        waitFor(() -> over.complete(null));
        Future<?> timer = target.waiting().timer().after(wait, () -> over.complete(null));
        CompletionStage<Void> end = over;
        end.whenComplete((nothing, stopped) -> {
            timer.cancel(false);
            goOn();
        });
    }

    private void goOn() {
        if (givenUp == null && !now().isBefore(deadline)) {
            arrived.completeExceptionally(exhausted()); // the pause may be longer than it was asked to be
        } else {
            begin();
        }
    }

    private SinkException exhausted() {
        return failure(
                message.what() + " could not be brought to " + message.where() + " in " + tries
                        + (tries == 1 ? " try: " : " tries, at last ") + last.reason() + last.detail(),
                last.cause());
    }

    private SinkException spared() {
        Optional<Duration> left = target.breaker().open();
        left.ifPresent(wait -> retryAfter = wait);
        return failure(
                "the circuit breaker of " + message.where() + " is open: too many tries failed, the last one at "
                        + target.breaker().lastFailure() + "; the next one "
                        + left.map(wait -> "is made in " + wait.toMillis() + " ms")
                                .orElse("is under way"),
                null);
    }

    private SinkException abandoned(String waitingFor) {
        GivenUp reason = givenUp;
        return failure(
                (reason == null ? "given up" : reason.why()) + " while waiting for " + waitingFor + message.where(),
                reason == null ? null : reason.cause());
    }

    private SinkException failure(String what, @Nullable Throwable cause) {
        return new SinkException(
                maybeProcessed ? Disposition.OUTCOME_UNKNOWN : Disposition.UNAVAILABLE,
                maybeProcessed ? what + " (a try may have been processed)" : what,
                retryAfter,
                cause);
    }
}
