package dev.sluice.campaign.check;

import java.util.ArrayList;
import java.util.List;

/** Offsets that were given up: no record may be there. */
final class Holes {

    private record Hole(long first, long end) {}

    private final List<Hole> all = new ArrayList<>();

    void add(long first, long end) {
        if (first < end) {
            all.add(new Hole(first, end));
        }
    }

    boolean has(long offset) {
        return all.stream().anyMatch(hole -> hole.first() <= offset && offset < hole.end());
    }

    /** Returns how many offsets of a range are in one. */
    long within(long first, long end) {
        return all.stream()
                .mapToLong(hole -> Math.max(0, Math.min(end, hole.end()) - Math.max(first, hole.first())))
                .sum();
    }
}
