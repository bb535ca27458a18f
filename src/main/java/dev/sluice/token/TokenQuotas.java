package dev.sluice.token;

import dev.sluice.access.Quota;
import dev.sluice.access.Quotas;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.util.unit.DataSize;

/** How much each subject of tokens may ask for; null for no bound. */
record TokenQuotas(
        @Nullable Long requestsPerSecond,
        @Nullable DataSize bytesPerSecond,
        @Nullable Long requestsAtOnce,
        @Nullable Long sinks,
        @Nullable Long partitions) {

    TokenQuotas {
        require("requests-per-second", requestsPerSecond);
        require("bytes-per-second", bytesPerSecond == null ? null : bytesPerSecond.toBytes());
        require("requests-at-once", requestsAtOnce);
        require("sinks", sinks);
        require("partitions", partitions);
    }

    private static void require(String key, @Nullable Long bound) {
        if (bound != null && bound < 1) {
            throw new IllegalArgumentException(
                    "sluice.jwt.quotas." + key + " must be 1 or more; leave it out where there is no bound");
        }
    }

    Quotas quotas() {
        Map<Quota, Long> bounds = new EnumMap<>(Quota.class);
        put(bounds, Quota.REQUESTS_PER_SECOND, requestsPerSecond);
        put(bounds, Quota.BYTES_PER_SECOND, bytesPerSecond == null ? null : bytesPerSecond.toBytes());
        put(bounds, Quota.REQUESTS_AT_ONCE, requestsAtOnce);
        put(bounds, Quota.SINKS, sinks);
        put(bounds, Quota.PARTITIONS, partitions);
        return new Quotas(bounds);
    }

    private static void put(Map<Quota, Long> bounds, Quota quota, @Nullable Long bound) {
        if (bound != null) {
            bounds.put(quota, bound);
        }
    }
}
