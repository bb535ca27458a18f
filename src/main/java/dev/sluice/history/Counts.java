package dev.sluice.history;

/** What a process has counted of a sink since it was started. */
final class Counts {

    static final Counts NOTHING = new Counts(0, 0, new long[Durations.BUCKETS]);

    private final long records;
    private final long refused;
    private final long[] times;

    /**
     * Takes counts as they are.
     *
     * @param records written
     * @param refused requests that were not taken
     * @param times of the answers to what was committed, by bucket of {@link Durations}; not changed any more
     */
    Counts(long records, long refused, long[] times) {
        this.records = records;
        this.refused = refused;
        this.times = times;
    }

    long records() {
        return records;
    }

    long refused() {
        return refused;
    }

    long time(int bucket) {
        return times[bucket];
    }

    /** Returns what was counted since; a sink that was defined anew begins at nothing. */
    Counts since(Counts before) {
        if (records < before.records || refused < before.refused) {
            return this;
        }
        long[] between = times.clone();
        for (int i = 0; i < between.length; i++) {
            between[i] = Math.max(0, between[i] - before.times[i]);
        }
        return new Counts(records - before.records, refused - before.refused, between);
    }
}
