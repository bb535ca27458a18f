package dev.sluice.history;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The history of a sink: lists of the same length, the oldest point first, null where nothing is known.
 *
 * @param records written a second
 * @param refused requests that were not taken a second
 * @param p50Millis within which half of what was committed was answered
 * @param p99Millis the same for 99 of 100
 * @param undelivered records that were accepted and not delivered, at the end of the step
 * @param oldestSeconds for how long the one that had waited longest had
 */
record SinkHistory(
        String sink,
        List<@Nullable Double> records,
        List<@Nullable Double> refused,
        List<@Nullable Double> p50Millis,
        List<@Nullable Double> p99Millis,
        List<@Nullable Double> undelivered,
        List<@Nullable Double> oldestSeconds) {

    static SinkHistory of(String sink, Series series, long end, int count) {
        return new SinkHistory(
                sink,
                series.until(end, count, 0),
                series.until(end, count, 1),
                series.until(end, count, 2),
                series.until(end, count, 3),
                series.until(end, count, 4),
                series.until(end, count, 5));
    }
}
