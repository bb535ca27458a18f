package dev.sluice.http;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Spares a target that fails again and again, for a while; then lets one try through. Safe for several threads: the
 * circuit breaker is, and what is kept beside it is volatile and only shown.
 */
final class Breaker {

    private final CircuitBreaker circuit;
    private final Clock clock;
    private volatile Instant openUntil = Instant.MIN;
    private volatile String lastFailure = "";
    private volatile String refusal = "";

    Breaker(HttpSinkProperties settings, Clock clock) {
        this.clock = clock;
        this.circuit = CircuitBreaker.of(
                "http",
                CircuitBreakerConfig.custom()
                        .slidingWindowType(SlidingWindowType.COUNT_BASED)
                        .slidingWindowSize(settings.breakerFailures())
                        .minimumNumberOfCalls(settings.breakerFailures())
                        .failureRateThreshold(100)
                        .permittedNumberOfCallsInHalfOpenState(1)
                        .waitDurationInOpenState(settings.breakerWait())
                        .clock(clock)
                        .build());
        circuit.getEventPublisher().onStateTransition(event -> {
            if (event.getStateTransition().getToState() == CircuitBreaker.State.OPEN) {
                openUntil = clock.instant().plus(settings.breakerWait());
            }
        });
    }

    /** Whether a try may be made; if so, one of the following four must be called. */
    boolean permits() {
        return circuit.tryAcquirePermission();
    }

    /** Lets the next try through, if the time is not over yet. */
    void tryNow() {
        if (circuit.getState() == CircuitBreaker.State.OPEN) {
            circuit.transitionToHalfOpenState();
        }
    }

    void succeeded() {
        refusal = "";
        circuit.onSuccess(0, TimeUnit.NANOSECONDS);
    }

    void failed(String reason) {
        lastFailure = clock.instant() + " " + reason;
        circuit.onError(0, TimeUnit.NANOSECONDS, new IOException(reason));
    }

    /** It is alive, so it need not be spared; but it takes nothing until somebody has looked at it. */
    void unfit(String reason) {
        refusal = clock.instant() + " " + reason;
        circuit.onSuccess(0, TimeUnit.NANOSECONDS);
    }

    void neither() {
        circuit.releasePermission();
    }

    String lastFailure() {
        return lastFailure;
    }

    /** Returns why the target takes nothing until somebody has looked at it; empty if it does. */
    Optional<String> refusal() {
        return Optional.of(refusal).filter(reason -> !reason.isEmpty());
    }

    /** Returns for how long no try will be made; empty if one may be made. */
    Optional<Duration> open() {
        Duration left = Duration.between(clock.instant(), openUntil);
        return circuit.getState() == CircuitBreaker.State.OPEN && !left.isNegative()
                ? Optional.of(left)
                : Optional.empty();
    }

    Map<String, Object> status() {
        Map<String, Object> status = new LinkedHashMap<>();
        boolean open = open().isPresent();
        boolean closed = circuit.getState() == CircuitBreaker.State.CLOSED;
        status.put("circuitBreaker", open ? "open" : closed ? "closed" : "half-open");
        if (open) {
            status.put("openUntil", openUntil.toString());
        }
        if (!lastFailure.isEmpty()) {
            status.put("lastFailure", lastFailure);
        }
        refusal().ifPresent(reason -> status.put("refusal", reason));
        return status;
    }
}
