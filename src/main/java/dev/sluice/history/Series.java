package dev.sluice.history;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The last points of one sink, oldest first; what is not known is NaN. Guarded by whoever has it. */
final class Series {

    /** How many points there are. */
    static final int POINTS = 360;

    private static final int VALUES = 6;

    private final float[] points = new float[POINTS * VALUES];
    private long last = Long.MIN_VALUE;

    Series() {
        Arrays.fill(points, Float.NaN);
    }

    /** @param step the number of the point, which rises by one from step to step */
    void put(long step, Rate rate) {
        long missing = last == Long.MIN_VALUE ? 0 : Math.min(POINTS, step - last - 1);
        for (long gap = step - missing; gap < step; gap++) {
            Arrays.fill(points, at(gap), at(gap) + VALUES, Float.NaN);
        }
        int at = at(step);
        points[at] = (float) rate.records();
        points[at + 1] = (float) rate.refused();
        points[at + 2] = (float) rate.p50Millis();
        points[at + 3] = (float) rate.p99Millis();
        points[at + 4] = (float) rate.undelivered();
        points[at + 5] = (float) rate.oldestSeconds();
        last = step;
    }

    private static int at(long step) {
        return (int) Math.floorMod(step, (long) POINTS) * VALUES;
    }

    /** Whether nothing is left of it. */
    boolean isOver(long now) {
        return now - last >= POINTS;
    }

    /**
     * Returns the points until {@code end}.
     *
     * @param value which one of a point
     */
    List<@Nullable Double> until(long end, int count, int value) {
        List<@Nullable Double> found = new ArrayList<>(count);
        for (long step = end - count + 1; step <= end; step++) {
            float known = step > last || last - step >= POINTS ? Float.NaN : points[at(step) + value];
            found.add(Float.isNaN(known) ? null : rounded(known));
        }
        return found;
    }

    /* Three digits behind the point are more than anybody reads. */
    private static Double rounded(float value) {
        return Math.round(value * 1e3) / 1e3;
    }
}
