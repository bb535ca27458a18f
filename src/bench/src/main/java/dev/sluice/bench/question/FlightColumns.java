package dev.sluice.bench.question;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The columns of a table for the records that are sent. */
final class FlightColumns {

    private static final Map<String, String> TYPES = new TreeMap<>(Map.of(
            "date", "timestamp",
            "delay", "integer",
            "distance", "integer",
            "origin", "text",
            "destination", "text",
            "carrier", "text",
            "id", "uuid",
            "note", "text"));

    private FlightColumns() {}

    /** Returns the settings of a sink that writes into them, with more. */
    static String[] settings(String... more) {
        List<String> settings = new ArrayList<>();
        TYPES.forEach((name, type) -> {
            settings.add("columns." + name + ".from=/" + name);
            settings.add("columns." + name + ".type=" + type);
        });
        return Stream.concat(settings.stream(), Stream.of(more)).toArray(String[]::new);
    }
}
