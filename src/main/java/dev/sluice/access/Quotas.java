package dev.sluice.access;

import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How much a sender may be given. Immutable.
 *
 * @param bounds 1 or more each; what is not there is not bound
 */
public record Quotas(Map<Quota, Long> bounds) {

    /** No bounds. */
    public static final Quotas NONE = new Quotas(Map.of());

    /** Keeps a copy. */
    public Quotas {
        bounds = Map.copyOf(bounds);
    }

    /** Returns the bound, null if there is none. */
    public @Nullable Long of(Quota quota) {
        return bounds.get(quota);
    }

    /** Whether any of them is about each request. */
    public boolean bindRequests() {
        return !bounds.isEmpty()
                && (bounds.containsKey(Quota.REQUESTS_PER_SECOND)
                        || bounds.containsKey(Quota.BYTES_PER_SECOND)
                        || bounds.containsKey(Quota.REQUESTS_AT_ONCE));
    }

    /** Returns these with the bounds of others in place of its own where those have any. */
    public Quotas with(Quotas others) {
        Map<Quota, Long> both = new EnumMap<>(Quota.class);
        both.putAll(bounds);
        both.putAll(others.bounds);
        return new Quotas(both);
    }
}
