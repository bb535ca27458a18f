package dev.sluice.http;

import dev.sluice.sink.Disposition;
import dev.sluice.sink.SinkException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.message.BasicHttpRequest;
import org.jspecify.annotations.Nullable;

/** What the partitions of a sink send to. Tries until it is sure, or throws. Immutable but for the breaker. */
final class Target {

    private static final String USER_AGENT = Optional.ofNullable(
                    Target.class.getPackage().getImplementationVersion())
            .map("Sluice/"::concat)
            .orElse("Sluice");

    private final HttpSinkProperties settings;
    private final Waiting waiting;
    private final RequestHeaders headers;
    private final Exchange exchange;
    private final Breaker breaker;
    private final AnswerRules rules;

    Target(HttpSinkProperties settings, Waiting waiting, Connections connections) {
        this.settings = settings;
        this.waiting = waiting;
        this.headers = new RequestHeaders(settings.headers(), settings.headerFiles());
        this.exchange = new Exchange(connections, settings.connectTimeout(), (int)
                settings.maxResponse().toBytes());
        this.breaker = new Breaker(settings, waiting.clock());
        StatusRules statuses = new StatusRules(settings.targetHonoursKey(), waiting.clock());
        this.rules = settings.envelope() == Envelope.SLUICE ? new DownstreamRules(statuses) : statuses;
    }

    Breaker breaker() {
        return breaker;
    }

    /** Throws a {@link SinkException} if the files with headers cannot be used. */
    void prepare() {
        headers.read();
    }

    /** Brings the message to the target; returns only if the target said that it has it. */
    void send(Message message) {
        Delivery delivery = new Delivery(message, waiting.clock().instant().plus(settings.deadline()));
        while (!delivery.tryOnce()) {
            delivery.pause();
        }
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    /** The tries of one message. Used by one thread. */
    private final class Delivery {

        private final Message message;
        private final Instant deadline;
        private int tries;
        private boolean maybeProcessed;
        private @Nullable Duration retryAfter;
        private Again last = new Again("nothing was tried", "", false, null, null);

        Delivery(Message message, Instant deadline) {
            this.message = message;
            this.deadline = deadline;
        }

        boolean tryOnce() {
            Map<String, String> values = readHeaders();
            if (!breaker.permits()) {
                throw spared();
            }
            Optional<Again> again;
            try {
                again = attempt(values);
            } catch (UnfitTargetException e) {
                breaker.unfit(String.valueOf(e.getMessage()));
                throw e;
            } catch (SinkException e) {
                breaker.succeeded(); // it refuses, so it is alive
                throw e;
            } catch (InterruptedException e) {
                breaker.neither();
                maybeProcessed = true;
                throw interrupted("the answer of " + message.where(), e);
            } catch (RuntimeException e) {
                breaker.neither();
                throw e;
            }
            tries++;
            again.ifPresentOrElse(this::failed, breaker::succeeded);
            return again.isEmpty();
        }

        private void failed(Again again) {
            breaker.failed(again.reason());
            last = again;
            maybeProcessed |= again.maybeProcessed();
            retryAfter = again.retryAfter() == null ? retryAfter : again.retryAfter();
        }

        void pause() {
            Duration wait = waiting.after(tries, settings, last.retryAfter());
            if (tries >= settings.maxAttempts()
                    || !waiting.clock().instant().plus(wait).isBefore(deadline)) {
                throw exhausted();
            }
            try {
                waiting.sleeper().sleep(wait);
            } catch (InterruptedException e) {
                throw interrupted("the next try of " + message.where(), e);
            }
            if (!waiting.clock().instant().isBefore(deadline)) {
                throw exhausted(); // sleep may take longer than it was asked to
            }
        }

        private SinkException exhausted() {
            return failure(
                    message.what() + " could not be brought to " + message.where() + " in " + tries
                            + (tries == 1 ? " try: " : " tries, at last ") + last.reason() + last.detail(),
                    last.cause());
        }

        private Map<String, String> readHeaders() {
            try {
                return headers.read();
            } catch (SinkException e) {
                throw failure(String.valueOf(e.getMessage()), e.getCause());
            }
        }

        private Optional<Again> attempt(Map<String, String> values) throws InterruptedException {
            HttpRequest request = new BasicHttpRequest(
                    settings.method().name(),
                    message.address().scheme(),
                    message.address().authority(),
                    message.address().pathAndQuery());
            request.addHeader("Content-Type", settings.envelope().contentType());
            request.addHeader("Idempotency-Key", message.key());
            request.addHeader("User-Agent", USER_AGENT);
            values.forEach(request::addHeader);
            Redaction redaction =
                    Redaction.of(values.values(), message.address().query());
            Duration left = Duration.between(waiting.clock().instant(), deadline);
            try {
                Answer answer = exchange.run(request, message.body(), shorter(settings.timeout(), left), redaction);
                return rules.again(answer, message, maybeProcessed);
            } catch (IOException e) {
                return Optional.of(
                        new Again(redaction.show(describe(e)), "", !(e instanceof NotSentException), null, e));
            }
        }

        private SinkException spared() {
            Optional<Duration> left = breaker.open();
            left.ifPresent(wait -> retryAfter = wait);
            return failure(
                    "the circuit breaker of " + message.where() + " is open: too many tries failed, the last one at "
                            + breaker.lastFailure() + "; the next one "
                            + left.map(wait -> "is made in " + wait.toMillis() + " ms")
                                    .orElse("is under way"),
                    null);
        }

        private SinkException interrupted(String waitingFor, InterruptedException e) {
            Thread.currentThread().interrupt();
            return failure("interrupted while waiting for " + waitingFor, e);
        }

        private SinkException failure(String what, @Nullable Throwable cause) {
            return new SinkException(
                    maybeProcessed ? Disposition.OUTCOME_UNKNOWN : Disposition.UNAVAILABLE,
                    maybeProcessed ? what + " (a try may have been processed)" : what,
                    retryAfter,
                    cause);
        }
    }

    private static String describe(IOException e) {
        if (caused(e, UnknownHostException.class)) {
            return "its host name is not known";
        }
        if (caused(e, ConnectException.class)) {
            return "it cannot be connected to";
        }
        if (e instanceof NotSentException && e.getCause() == null) {
            return String.valueOf(e.getMessage());
        }
        Throwable first = e instanceof NotSentException && e.getCause() instanceof IOException ? e.getCause() : e;
        return "the connection failed with " + first.getClass().getSimpleName() + ": " + first.getMessage();
    }

    private static boolean caused(Throwable failure, Class<? extends Throwable> type) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (type.isInstance(cause)) {
                return true;
            }
        }
        return false;
    }
}
