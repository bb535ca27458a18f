package dev.sluice.telemetry;

import java.util.Map;

/**
 * What grows in the database, in bytes with indexes.
 *
 * @param oldestSeconds the age of the oldest receipt, 0 if there is none
 * @param targets the tables that sinks write to, by sink
 */
record Sizes(double database, double receipts, double oldestSeconds, Map<String, Long> targets) {

    /** Another replica measures, or nothing was measured yet. */
    static final Sizes UNKNOWN = new Sizes(Double.NaN, Double.NaN, Double.NaN, Map.of());

    /** Returns the bytes of a sink's table. */
    double target(String sink) {
        Long bytes = targets.get(sink);
        return bytes == null ? Double.NaN : bytes;
    }
}
