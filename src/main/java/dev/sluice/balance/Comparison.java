package dev.sluice.balance;

/**
 * One number from two sources.
 *
 * @param with the second source: receipts, target, waiting, or a sink
 * @param expected by the partition's own row
 * @param found in the second source
 * @param difference found minus expected; 0 while it is within what cannot be told
 * @param exact whether the second source tells all that the first one counts; else {@code untold} is how much it may
 *     lack, or have too much
 */
record Comparison(String with, long expected, long found, long difference, boolean exact, long untold) {

    /** Compares two numbers that have to be equal. */
    static Comparison exact(String with, long expected, long found) {
        return of(with, expected, found, 0, 0);
    }

    /**
     * Compares two numbers.
     *
     * @param mayLack how many records the second source need not know
     * @param mayExceed how many more it may know
     */
    static Comparison of(String with, long expected, long found, long mayLack, long mayExceed) {
        long difference = found - expected;
        long unexplained = difference < 0 ? Math.min(0, difference + mayLack) : Math.max(0, difference - mayExceed);
        return new Comparison(
                with, expected, found, unexplained, mayLack == 0 && mayExceed == 0, Math.max(mayLack, mayExceed));
    }
}
