package dev.sluice.balance;

import java.util.Map;

/**
 * Dead letters by what has become of them.
 *
 * @param replayed those that are not pruned yet; their records are in the target
 * @param discarded those that were pruned among them
 */
record LetterCounts(long open, long sending, long replayed, long discarded) {

    static LetterCounts of(Map<String, Long> byState) {
        return new LetterCounts(
                byState.getOrDefault("open", 0L),
                byState.getOrDefault("sending", 0L),
                byState.getOrDefault("replayed", 0L),
                byState.getOrDefault("discarded", 0L));
    }

    /** Returns how many records are settled without being in the target. */
    long notWritten() {
        return open + sending + discarded;
    }
}
