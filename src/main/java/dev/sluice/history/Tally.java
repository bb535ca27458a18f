package dev.sluice.history;

import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;

/** Counts of a sink, by this process. Costs a writer's thread some nanoseconds. Thread-safe. */
public final class Tally {

    private final LongAdder records = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private final AtomicLongArray times = new AtomicLongArray(Durations.BUCKETS);

    Tally() {}

    /** So many records were written. */
    public void written(long count) {
        records.add(count);
    }

    /** A request was answered that committed something. */
    public void committed(long nanos) {
        times.getAndIncrement(Durations.bucket(nanos));
    }

    /** A request was not taken. */
    public void refused() {
        refused.increment();
    }

    Counts counts() {
        long[] copy = new long[Durations.BUCKETS];
        for (int i = 0; i < copy.length; i++) {
            copy[i] = times.get(i);
        }
        return new Counts(records.sum(), refused.sum(), copy);
    }
}
