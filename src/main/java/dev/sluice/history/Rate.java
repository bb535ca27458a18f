package dev.sluice.history;

import dev.sluice.history.Standing.Waiting;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * How a sink did between two moments, all replicas together; NaN for what is not known.
 *
 * @param records written a second
 * @param refused requests that were not taken a second
 * @param p50Millis within which half of what was committed was answered
 * @param p99Millis the same for 99 of 100
 * @param undelivered records that wait at the end
 * @param oldestSeconds for how long the one that has waited longest has, at the end
 */
public record Rate(
        double records, double refused, double p50Millis, double p99Millis, double undelivered, double oldestSeconds) {

    private static final class Sum {
        private double records;
        private double refused;
        private final long[] times = new long[Durations.BUCKETS];

        void add(Counts counts, double seconds) {
            records += counts.records() / seconds;
            refused += counts.refused() / seconds;
            for (int i = 0; i < times.length; i++) {
                times[i] += counts.time(i);
            }
        }
    }

    /** Returns the rates by sink. Each process is measured by its own clock: it reports when it likes. */
    public static Map<String, Rate> between(Standing before, Standing now) {
        Map<String, Sum> sums = new HashMap<>();
        now.reports().forEach((replica, report) -> {
            Report earlier = before.reports().get(replica);
            if (earlier != null) {
                add(sums, earlier, report);
            }
        });
        Set<String> sinks = new TreeSet<>(sums.keySet());
        sinks.addAll(now.waiting().keySet());
        Map<String, Rate> rates = new HashMap<>();
        for (String sink : sinks) {
            Sum sum = sums.getOrDefault(sink, new Sum());
            Waiting waiting = now.waiting().getOrDefault(sink, Waiting.NOTHING);
            rates.put(
                    sink,
                    new Rate(
                            sum.records,
                            sum.refused,
                            Durations.millis(sum.times, 0.5),
                            Durations.millis(sum.times, 0.99),
                            waiting.records(),
                            waiting.oldestSeconds()));
        }
        return rates;
    }

    private static void add(Map<String, Sum> sums, Report earlier, Report report) {
        double seconds = (report.at() - earlier.at()) / 1e3;
        report.sinks().forEach((sink, counts) -> {
            Sum sum = sums.computeIfAbsent(sink, missing -> new Sum());
            if (seconds > 0) {
                sum.add(counts.since(earlier.sinks().getOrDefault(sink, Counts.NOTHING)), seconds);
            }
        });
    }
}
