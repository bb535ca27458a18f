package dev.sluice.quota;

import dev.sluice.access.Identity;
import dev.sluice.access.Quota;
import dev.sluice.control.Revisions;
import dev.sluice.problem.Problem;
import dev.sluice.problem.ProblemType;
import dev.sluice.quota.Allowance.Refused;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Holds senders to their quotas. Bounds of requests hold for all replicas together: each gives the same part of them, by
 * how many there are. Thread-safe.
 */
@Component
public class Allowances {

    private final Revisions revisions;
    private final Map<Quota, Counter> refusals;

    /** By the name of the identity, with what it was held to last. */
    private final Map<String, Held> all = new ConcurrentHashMap<>();

    private record Held(Allowance allowance, Identity identity) {}

    Allowances(Revisions revisions, MeterRegistry registry) {
        this.revisions = revisions;
        this.refusals = Arrays.stream(Quota.values())
                .collect(Collectors.toMap(
                        Function.identity(),
                        quota -> Counter.builder("sluice.quota.refused")
                                .description("Requests that were refused because a quota of their sender was used up")
                                .tag("quota", quota.label())
                                .register(registry)));
    }

    /** Lets a request of a sender in, or refuses it. */
    public Pass enter(Identity sender, HttpServletRequest request) {
        int replicas = revisions.alive();
        long length = length(request);
        Allowance allowance = of(sender);
        Refused refused = allowance.enter(sender.quotas(), 1.0 / replicas, length, System.nanoTime());
        if (refused == null) {
            return Pass.given(allowance, Math.max(0, length), sender.quotas().of(Quota.BYTES_PER_SECOND) != null);
        }
        count(refused.quota());
        return Pass.refused(problem(sender, refused, replicas));
    }

    /* Returns the bytes of the body, negative if there may be one and it does not say. */
    private static long length(HttpServletRequest request) {
        long declared = request.getContentLengthLong();
        boolean reads = request.getMethod().equals("GET") || request.getMethod().equals("HEAD");
        return declared < 0 && reads ? 0 : declared;
    }

    /* The same one as long as the sender's quotas are: a request may hold something of it. */
    private Allowance of(Identity sender) {
        Held held = all.get(sender.name());
        if (held == null || !held.identity().quotas().equals(sender.quotas())) {
            held = Objects.requireNonNull(all.compute(
                    sender.name(),
                    (name, before) -> new Held(before == null ? new Allowance() : before.allowance(), sender)));
        }
        return held.allowance();
    }

    /** Counts that a sender was refused something else than a request. */
    public void refused(Identity sender, Quota quota, long bound) {
        of(sender).refuse(quota, bound, 0);
        count(quota);
    }

    /** Returns how often each quota of a sender was in its way at this replica, by the quota's name. */
    public Map<String, Long> refusedTo(String sender) {
        Held held = all.get(sender);
        Map<String, Long> counts = new LinkedHashMap<>();
        if (held != null) {
            held.allowance().refused().forEach((quota, count) -> counts.put(quota.label(), count));
        }
        return counts;
    }

    private void count(Quota quota) {
        Objects.requireNonNull(refusals.get(quota)).increment();
    }

    /* Of tokens there may be any number, so their owners are forgotten; keys are few. */
    @Scheduled(fixedDelay = 30, timeUnit = TimeUnit.SECONDS)
    void forgetIdle() {
        double share = 1.0 / revisions.alive();
        all.keySet().stream()
                .filter(name -> name.startsWith("jwt:"))
                .forEach(name -> all.computeIfPresent(
                        name,
                        (same, held) -> held.allowance().isIdle(held.identity().quotas(), share, System.nanoTime())
                                ? null
                                : held));
    }

    private static Problem problem(Identity sender, Refused refused, int replicas) {
        String what = switch (refused.quota()) {
            case REQUESTS_PER_SECOND -> "may send " + refused.bound() + " requests a second";
            case BYTES_PER_SECOND -> "may send " + refused.bound() + " bytes a second";
            case REQUESTS_AT_ONCE -> "may have " + refused.bound() + " requests under way at once";
            case SINKS, PARTITIONS -> throw new IllegalArgumentException(refused + " is not about requests");
        };
        String here = replicas == 1 ? "" : ", of which each of " + replicas + " replicas gives its part";
        return Problem.of(
                        ProblemType.QUOTA_EXCEEDED,
                        sender.name() + " " + what + here + ", and this one was one too many; nothing of it was read."
                                + " Send the same request again after Retry-After")
                .with("quota", refused.quota().label())
                .with("bound", refused.bound())
                .with("replicas", replicas)
                .retryAfter(refused.seconds());
    }
}
