package dev.sluice.ingest;

import dev.sluice.catalog.NearestNames;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Finds the path that one with nothing behind it may have meant. */
final class NearestPaths {

    private static final String ANY = "{}";

    private static final List<List<String>> PATHS = Stream.of(
                    "sinks",
                    "sinks/{}",
                    "sinks/{}/partitions",
                    "sinks/{}/records",
                    "sinks/{}/partition-for",
                    "sinks/{}/partitions/{}",
                    "sinks/{}/partitions/{}/snapshot",
                    "sinks/{}/partitions/{}/open",
                    "sinks/{}/partitions/{}/close",
                    "sinks/{}/partitions/{}/receipts",
                    "sinks/{}/pause",
                    "sinks/{}/resume",
                    "sinks/{}/drain",
                    "sinks/{}/partitions/{}/pause",
                    "sinks/{}/partitions/{}/resume",
                    "sinks/{}/partitions/{}/drain",
                    "sinks/{}/partitions/{}/reset",
                    "sinks/{}/partitions/{}/take-over",
                    "audit")
            .map(path -> List.of(path.split("/")))
            .toList();

    private NearestPaths() {}

    /** Returns " (did you mean …?)", or nothing where no path is close. */
    static String hint(String uri) {
        List<String> segments =
                Stream.of(uri.split("/")).filter(segment -> !segment.isEmpty()).toList();
        return PATHS.stream()
                .flatMap(path -> match(path, segments).stream())
                .findFirst()
                .or(() -> partition(segments))
                .filter(path -> !path.equals(uri))
                .map(path -> " (did you mean " + path + "?)")
                .orElse("");
    }

    private static Optional<String> match(List<String> path, List<String> segments) {
        if (path.size() != segments.size()) {
            return Optional.empty();
        }
        List<String> meant = new ArrayList<>();
        for (int i = 0; i < path.size(); i++) {
            String literal = path.get(i);
            if (!literal.equals(ANY)
                    && NearestNames.hint(segments.get(i), Set.of(literal)).isEmpty()) {
                return Optional.empty();
            }
            meant.add(literal.equals(ANY) ? segments.get(i) : literal);
        }
        return Optional.of("/" + String.join("/", meant));
    }

    /* /sinks/events/0, or /sinks/events/partitions/0/records. */
    private static Optional<String> partition(List<String> segments) {
        if (segments.size() < 3 || !segments.get(0).equals("sinks")) {
            return Optional.empty();
        }
        return segments.get(2).equals("partitions")
                ? Optional.of("/sinks/" + segments.get(1) + "/partitions/" + segments.get(3))
                : Optional.of("/sinks/" + segments.get(1) + "/partitions/" + segments.get(2));
    }
}
