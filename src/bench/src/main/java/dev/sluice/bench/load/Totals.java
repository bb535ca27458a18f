package dev.sluice.bench.load;

import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What was answered: inside the measured time, and in all. */
final class Totals {

    private final Latencies latencies = new Latencies();
    /** From when the request was sent that was accepted, without those before it that were refused. */
    private final Latencies accepted = new Latencies();

    private final Map<Integer, Long> errors = new TreeMap<>();
    private long rows;
    private long duplicates;
    private long acknowledgedRequests;
    private long acknowledgedRows;
    private long reconnects;

    void answered(boolean measured, int records, boolean duplicate, long nanos, long nanosOfTry) {
        acknowledgedRequests++;
        acknowledgedRows += records;
        if (measured) {
            latencies.add(nanos);
            accepted.add(nanosOfTry);
            rows += records;
            duplicates += duplicate ? 1 : 0;
        }
    }

    void failed(int status) {
        errors.merge(status, 1L, Long::sum);
    }

    void reconnected() {
        reconnects++;
    }

    long measured() {
        return latencies.count();
    }

    String json(double seconds) {
        String errorsJson = errors.entrySet().stream()
                .map(e -> "\"" + e.getKey() + "\":" + e.getValue())
                .collect(Collectors.joining(",", "{", "}"));
        return ("{\"requests\":%d,\"rows\":%d,\"seconds\":%s,\"rowsPerSecond\":%s,\"requestsPerSecond\":%s,"
                        + "\"p50\":%d,\"p90\":%d,\"p99\":%d,\"p999\":%d,\"max\":%d,\"acceptedP99\":%d,\"errors\":%s,\"duplicates\":%d,"
                        + "\"acknowledgedRequests\":%d,\"acknowledgedRows\":%d,\"reconnects\":%d}")
                .formatted(
                        latencies.count(),
                        rows,
                        Math.round(seconds * 1e3) / 1e3,
                        Math.round(rows / seconds * 10) / 10.0,
                        Math.round(latencies.count() / seconds * 10) / 10.0,
                        latencies.micros(0.5),
                        latencies.micros(0.9),
                        latencies.micros(0.99),
                        latencies.micros(0.999),
                        latencies.maxMicros(),
                        accepted.micros(0.99),
                        errorsJson,
                        duplicates,
                        acknowledgedRequests,
                        acknowledgedRows,
                        reconnects);
    }
}
