package dev.sluice.bench.load;

/** A histogram of durations, exact to less than 1 %; its memory does not grow. */
public final class Latencies {

    private static final int BITS = 7;
    private final long[] counts = new long[(64 - BITS) << BITS];
    private long count;
    private long max;

    public void add(long nanos) {
        long value = Math.max(1, nanos);
        int shift = Math.max(0, 63 - Long.numberOfLeadingZeros(value) - BITS);
        counts[(shift << BITS) + (int) (value >>> shift)]++;
        count++;
        max = Math.max(max, value);
    }

    public long count() {
        return count;
    }

    /** Returns the microseconds that the given share (0 to 1) of all durations did not exceed. */
    public long micros(double share) {
        long rank = (long) Math.ceil(share * count);
        long seen = 0;
        for (int i = 0; i < counts.length; i++) {
            seen += counts[i];
            if (counts[i] > 0 && seen >= rank) {
                return Math.min(max, upperBound(i)) / 1_000;
            }
        }
        return max / 1_000;
    }

    public long maxMicros() {
        return max / 1_000;
    }

    private static long upperBound(int index) {
        // Above the first 2^(BITS+1) values each power of two has 2^BITS cells, of 2^shift values.
        int shift = Math.max(0, (index >>> BITS) - 1);
        return ((long) (index - (shift << BITS)) + 1 << shift) - 1;
    }
}
