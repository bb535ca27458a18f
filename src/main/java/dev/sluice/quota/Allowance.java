package dev.sluice.quota;

import dev.sluice.access.Quota;
import dev.sluice.access.Quotas;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What one sender has taken of what it may be given by this replica. Thread-safe. */
final class Allowance {

    private static final double ONE = 1;

    /**
     * A request is not let in.
     *
     * @param seconds after which it may come again
     */
    record Refused(Quota quota, long bound, long seconds) {}

    private final TokenBucket requests = new TokenBucket();
    private final TokenBucket bytes = new TokenBucket();
    private final Map<Quota, Long> refused = new EnumMap<>(Quota.class);
    private long atOnce;

    /**
     * Lets a request in, which has to {@link #leave} then, or says why not.
     *
     * @param share the part of the bounds that this replica gives, above 0, at most 1
     * @param length bytes of its body, negative if it does not say
     */
    synchronized @Nullable Refused enter(Quotas quotas, double share, long length, long now) {
        Long most = quotas.of(Quota.REQUESTS_AT_ONCE);
        if (most != null && atOnce >= Math.max(1, (long) (most * share))) {
            return refuse(Quota.REQUESTS_AT_ONCE, most, 1);
        }
        Long requestRate = quotas.of(Quota.REQUESTS_PER_SECOND);
        if (requestRate != null) {
            requests.goOnTo(now, requestRate * share);
            if (!requests.has(ONE)) {
                return refuse(Quota.REQUESTS_PER_SECOND, requestRate, requests.secondsUntil(ONE, ONE));
            }
        }
        Long byteRate = quotas.of(Quota.BYTES_PER_SECOND);
        // What has no body costs none.
        if (byteRate != null && length != 0) {
            bytes.goOnTo(now, byteRate * share);
            if (!bytes.has(ONE)) {
                return refuse(
                        Quota.BYTES_PER_SECOND, byteRate, bytes.secondsUntil(ONE, Math.max(ONE, (double) length)));
            }
            bytes.take((double) Math.max(0, length));
        }
        if (requestRate != null) {
            requests.take(ONE);
        }
        atOnce++;
        return null;
    }

    /** Takes more bytes, or gives back what is negative. */
    synchronized void charge(long more) {
        bytes.take((double) more);
    }

    synchronized void leave() {
        atOnce--;
    }

    synchronized Refused refuse(Quota quota, long bound, long seconds) {
        refused.merge(quota, 1L, Long::sum);
        return new Refused(quota, bound, seconds);
    }

    /** Returns how often each quota was in the way. */
    synchronized Map<Quota, Long> refused() {
        return new EnumMap<>(refused);
    }

    /** Whether nothing is lost if it is forgotten, but the count of refusals. */
    synchronized boolean isIdle(Quotas quotas, double share, long now) {
        Long requestRate = quotas.of(Quota.REQUESTS_PER_SECOND);
        Long byteRate = quotas.of(Quota.BYTES_PER_SECOND);
        if (requestRate != null) {
            requests.goOnTo(now, requestRate * share);
        }
        if (byteRate != null) {
            bytes.goOnTo(now, byteRate * share);
        }
        return atOnce == 0 && (requestRate == null || requests.isFull()) && (byteRate == null || bytes.isFull());
    }
}
