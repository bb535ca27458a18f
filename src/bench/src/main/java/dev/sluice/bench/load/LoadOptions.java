package dev.sluice.bench.load;

import java.net.URI;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What to send, and how.
 *
 * @param file the NDJSON file whose lines are sent; empty for generated records
 * @param recordBytes about how long a generated record is
 * @param seconds how long to measure; 0 where {@code requests} says when to stop
 * @param warmup seconds before that, which are not measured
 * @param requests how many requests to measure in total, the same number for each partition; 0 for {@code seconds}
 * @param rate requests a second over all connections; 0 for as many as are answered
 * @param preferWait seconds that a batch may wait for its predecessor; 0 sends no such header
 * @param keyed whether records carry keys that decide on their partitions; the one partition tells where the stream stands
 * @param anyAnswer whether the other end is not Sluice: nobody is asked where to begin, and any 200 is right
 * @param overload whether more is offered than can be taken: what counts is what is answered in the measured time
 * @param retryMillis how long to wait after a refusal; 0 for what Retry-After says
 * @param key by which requests say who sends them; empty for none
 * @param firstOffset where to begin; below 0 for where the partition stands
 */
record LoadOptions(
        URI url,
        String sink,
        List<String> partitions,
        int connections,
        int batch,
        int recordBytes,
        String file,
        int seconds,
        int warmup,
        long requests,
        long rate,
        boolean replay,
        int preferWait,
        boolean gzip,
        boolean json,
        boolean keyed,
        boolean anyAnswer,
        boolean overload,
        int retryMillis,
        String key,
        long firstOffset) {

    static LoadOptions parse(Arguments arguments) {
        List<String> partitions = names(arguments);
        int connections =
                arguments.integer("connections", partitions.size() * arguments.integer("in-flight-per-partition", 1));
        boolean sharing = connections > partitions.size();
        boolean replay = arguments.text("mode", "write").equals("replay");
        boolean keyed = arguments.has("keyed");
        boolean anyAnswer = arguments.has("any-answer");
        long requests = arguments.number("requests", 0);
        int seconds = arguments.integer("seconds", requests > 0 || replay ? 0 : 10);
        LoadOptions options = new LoadOptions(
                URI.create(arguments.text("url", "http://127.0.0.1:8080")),
                arguments.text("sink", "events"),
                partitions,
                connections,
                arguments.integer("batch", 10_000),
                arguments.integer("record-bytes", 180),
                arguments.text("file", ""),
                seconds,
                arguments.integer("warmup", seconds > 0 ? 3 : 0),
                requests,
                arguments.number("rate", 0),
                replay,
                arguments.integer("prefer-wait", sharing ? 10 : 0),
                arguments.has("gzip"),
                arguments.text("format", "ndjson").equals("json"),
                keyed,
                anyAnswer,
                arguments.has("overload"),
                arguments.integer("retry-millis", 0),
                arguments.text("key", ""),
                arguments.number("first-offset", replay || anyAnswer ? 0 : -1));
        arguments.refuseOthers();
        if (keyed && (partitions.size() > 1 || connections > 1)) {
            throw new IllegalArgumentException("--keyed is one stream: it needs --partitions 1 and one connection");
        }
        return options;
    }

    /** Whether a request counts that was due in the measured time, or else one that was answered in it. */
    boolean countsByDue() {
        return rate > 0 && !overload;
    }

    /** Whether several batches of one partition are under way at once. */
    boolean sharesPartitions() {
        return connections > partitions.size();
    }

    private static List<String> names(Arguments arguments) {
        String names = arguments.text("partition-names", "");
        int count = arguments.integer("partitions", 4);
        return names.isEmpty()
                ? IntStream.range(0, count).mapToObj(Integer::toString).toList()
                : List.of(names.split(","));
    }
}
