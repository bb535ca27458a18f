package dev.sluice.admission;

import java.util.HashMap;
import java.util.Map;

/**
 * A quantity that sinks share: none gets more of it than it leaves free, so that however many are stuck, something is
 * left for the next one. Guarded by whoever has it.
 */
final class Shares {

    private final long total;
    private final Map<String, Long> held = new HashMap<>();
    private long taken;

    Shares(long total) {
        this.total = total;
    }

    /** Takes an amount for a sink, or nothing if that would be too much. */
    boolean take(String sink, long amount) {
        long free = total - taken;
        long own = of(sink);
        boolean fits = amount <= free && (own == 0 || own + amount <= free - amount);
        if (fits) {
            change(sink, amount);
        }
        return fits;
    }

    /** Whether nobody could take that much now. */
    boolean full(long amount) {
        return amount > total - taken;
    }

    void giveBack(String sink, long amount) {
        change(sink, -amount);
    }

    long of(String sink) {
        return held.getOrDefault(sink, 0L);
    }

    long taken() {
        return taken;
    }

    private void change(String sink, long amount) {
        taken += amount;
        long own = of(sink) + amount;
        if (own == 0) {
            held.remove(sink);
        } else {
            held.put(sink, own);
        }
    }
}
