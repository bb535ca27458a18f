package dev.sluice.history;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/** Buckets for how long answers take, each a fifth wider than the one before: from 0.25 ms to half a minute. */
final class Durations {

    private static final int PER_DOUBLING = 4;
    private static final long LEAST_NANOS = 250_000;
    private static final long[] BOUNDS = bounds();

    /** How many buckets there are; the last one has no end. */
    static final int BUCKETS = BOUNDS.length + 1;

    private Durations() {}

    private static long[] bounds() {
        long[] bounds = new long[17 * PER_DOUBLING];
        for (int i = 0; i < bounds.length; i++) {
            bounds[i] = Math.round(LEAST_NANOS * Math.pow(2, i / (double) PER_DOUBLING));
        }
        return bounds;
    }

    static int bucket(long nanos) {
        int found = Arrays.binarySearch(BOUNDS, nanos);
        return found >= 0 ? found : -found - 1;
    }

    /**
     * Returns within how many milliseconds a share of the answers came, NaN where there was none.
     *
     * @param counts by bucket
     * @param share from 0 to 1
     */
    static double millis(long[] counts, double share) {
        double left = share * Arrays.stream(counts).sum();
        if (left <= 0) {
            return Double.NaN;
        }
        int bucket = 0;
        while (bucket < BOUNDS.length && counts[bucket] < left) {
            left -= counts[bucket++];
        }
        double from = bucket == 0 ? 0 : BOUNDS[bucket - 1];
        double width = bucket == BOUNDS.length ? 0 : BOUNDS[bucket] - from;
        return (from + width * left / Math.max(1, counts[bucket])) / TimeUnit.MILLISECONDS.toNanos(1);
    }
}
