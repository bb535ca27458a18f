package dev.sluice.http;

import dev.sluice.http.Exchange.Limits;
import dev.sluice.sink.SinkException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.message.BasicHttpRequest;
import org.jspecify.annotations.Nullable;

/** What the partitions of a sink send to. Tries until it is sure, or fails. Thread-safe. */
final class Target {

    private static final String USER_AGENT = Optional.ofNullable(
                    Target.class.getPackage().getImplementationVersion())
            .map("Sluice/"::concat)
            .orElse("Sluice");

    private static final String TRACEPARENT = "traceparent";
    private static final String TRACESTATE = "tracestate";

    private final HttpSinkProperties settings;
    private final Waiting waiting;
    private final Connections connections;
    private final Underway underway;
    private final RequestHeaders headers;
    private final Breaker breaker;
    private final AnswerRules rules;
    private final Tries tries;

    Target(HttpSinkProperties settings, Waiting waiting, Connections connections, Underway underway, Tries tries) {
        this.settings = settings;
        this.tries = tries;
        this.waiting = waiting;
        this.connections = connections;
        this.underway = underway;
        this.headers = new RequestHeaders(settings.headers(), settings.headerFiles());
        this.breaker = new Breaker(settings, waiting.clock());
        StatusRules statuses = new StatusRules(settings.targetHonoursKey(), waiting.clock());
        this.rules = settings.envelope() == Envelope.SLUICE ? new DownstreamRules(statuses) : statuses;
    }

    HttpSinkProperties settings() {
        return settings;
    }

    Waiting waiting() {
        return waiting;
    }

    RequestHeaders headers() {
        return headers;
    }

    Breaker breaker() {
        return breaker;
    }

    /** Returns how the target is, and what it has answered last. */
    Map<String, Object> status() {
        Map<String, Object> status = breaker.status();
        List<RecentTries.Ended> ended = tries.recent().all();
        if (!ended.isEmpty()) {
            status.put("lastAnswers", ended);
        }
        return status;
    }

    Tries tries() {
        return tries;
    }

    AnswerRules rules() {
        return rules;
    }

    /** Throws a {@link SinkException} if the files with headers cannot be used. */
    void prepare() {
        headers.read();
    }

    /** Throws {@link IllegalArgumentException} if the host is an address, in whatever spelling, that is not allowed. */
    void refuseNumericHost() {
        if (settings.address().hasNumericHost()) {
            refuseHost();
        }
    }

    /** Throws {@link IllegalArgumentException} if the host leads to addresses now of which none is allowed. */
    void refuseHost() {
        connections.refusal(settings.address().host()).ifPresent(why -> {
            throw new IllegalArgumentException("url: " + why);
        });
    }

    /** Brings the message to the target; returns only if the target said that it has it. */
    void send(Message message) {
        Delivery delivery = begin(message, connections.blocking());
        try {
            delivery.arrived().get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            delivery.giveUp("interrupted", e);
        } catch (ExecutionException e) {
            // thrown below
        }
        try {
            delivery.arrived().join();
        } catch (CompletionException e) {
            throw unchecked(e.getCause());
        }
    }

    private static RuntimeException unchecked(@Nullable Throwable failure) {
        if (failure instanceof Error error) {
            throw error;
        }
        return failure instanceof RuntimeException unchecked ? unchecked : new IllegalStateException(failure);
    }

    /**
     * Begins to bring the message to the target. The future completes once the target said that it has it, and fails
     * with what {@link #send} throws.
     *
     * @param blocking reads the files with headers
     */
    CompletableFuture<Void> sendAsync(Message message, Executor blocking) {
        return begin(message, blocking).arrived();
    }

    private Delivery begin(Message message, Executor blocking) {
        Delivery delivery = new Delivery(this, message, headers.inFiles() ? blocking : Runnable::run);
        underway.add(delivery);
        delivery.begin();
        return delivery;
    }

    /** Begins one try. */
    Exchange exchange(
            Message message,
            Map<String, String> values,
            @Nullable String traceparent,
            Redaction redaction,
            Duration left) {
        HttpRequest request = new BasicHttpRequest(
                settings.method().name(),
                message.address().scheme(),
                message.address().authority(),
                message.address().pathAndQuery());
        request.addHeader("Content-Type", settings.envelope().contentType());
        request.addHeader("Idempotency-Key", message.key());
        request.addHeader("User-Agent", USER_AGENT);
        values.forEach(request::addHeader);
        if (traceparent != null && !request.containsHeader(TRACEPARENT)) {
            request.addHeader(TRACEPARENT, traceparent);
            String tracestate = message.batch().tracestate();
            if (tracestate != null && !request.containsHeader(TRACESTATE)) {
                request.addHeader(TRACESTATE, tracestate);
            }
        }
        Duration timeout = settings.timeout().compareTo(left) < 0 ? settings.timeout() : left;
        return Exchange.begin(
                connections,
                new RequestSender(request, message.body()),
                new Limits(timeout, settings.connectTimeout(), (int)
                        settings.maxResponse().toBytes()),
                redaction);
    }
}
