package dev.sluice.history;

import java.util.Map;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a process has counted until a moment.
 *
 * @param at milliseconds since it was started, by a clock that nobody sets
 * @param sinks by their ids
 */
record Report(long at, Map<String, Counts> sinks) {

    private static final JsonMapper JSON = new JsonMapper();

    /** Returns it as the other processes read it: {@code {"at":…,"sinks":{"orders":{"records":…,"times":{"12":…}}}}}. */
    String json() {
        ObjectNode report = JSON.createObjectNode().put("at", at);
        ObjectNode all = report.putObject("sinks");
        sinks.forEach((sink, counts) -> {
            ObjectNode one =
                    all.putObject(sink).put("records", counts.records()).put("refused", counts.refused());
            ObjectNode times = one.putObject("times");
            for (int i = 0; i < Durations.BUCKETS; i++) {
                if (counts.time(i) > 0) {
                    times.put(Integer.toString(i), counts.time(i));
                }
            }
        });
        return JSON.writeValueAsString(report);
    }

    /** Reads what another process has written, of this version or another one: what is not understood is left out. */
    static Report of(String json) {
        Map<String, Counts> sinks = new TreeMap<>();
        try {
            JsonNode report = JSON.readTree(json);
            report.path("sinks").properties().forEach(sink -> sinks.put(sink.getKey(), counts(sink.getValue())));
            return new Report(report.path("at").asLong(0), sinks);
        } catch (JacksonException e) {
            return new Report(0, Map.of());
        }
    }

    private static Counts counts(JsonNode sink) {
        long[] times = new long[Durations.BUCKETS];
        for (int i = 0; i < times.length; i++) {
            times[i] = sink.path("times").path(Integer.toString(i)).asLong(0);
        }
        return new Counts(sink.path("records").asLong(0), sink.path("refused").asLong(0), times);
    }
}
