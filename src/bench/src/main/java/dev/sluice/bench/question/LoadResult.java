package dev.sluice.bench.question;

import dev.sluice.bench.report.Json;

/**
 * What the load generator measured.
 *
 * @param p50 and p99 in microseconds
 * @param acceptedP99 in microseconds, from when the request was sent that was accepted
 * @param acknowledged rows in all, with those of the warm-up
 * @param repeats requests that were answered by 409, 429 or 503 and sent again
 */
record LoadResult(
        double rows,
        double seconds,
        double rowsPerSecond,
        double requestsPerSecond,
        double p50,
        double p99,
        double acceptedP99,
        long acknowledged,
        String repeats) {

    /** Returns how many requests were answered by that status and sent again. */
    long repeats(int status) {
        return repeats.contains("\"" + status + "\"") ? (long) Json.number(repeats, Integer.toString(status)) : 0;
    }

    static LoadResult of(String line) {
        int errors = line.indexOf("\"errors\":{") + "\"errors\":".length();
        return new LoadResult(
                Json.number(line, "rows"),
                Json.number(line, "seconds"),
                Json.number(line, "rowsPerSecond"),
                Json.number(line, "requestsPerSecond"),
                Json.number(line, "p50"),
                Json.number(line, "p99"),
                Json.number(line, "acceptedP99"),
                (long) Json.number(line, "acknowledgedRows"),
                line.substring(errors, line.indexOf('}', errors) + 1));
    }
}
