package dev.sluice.bench.question;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The settings of sinks beside the table "events". */
final class SinkSettings {

    private final List<String> settings = new ArrayList<>();

    /** Adds a sink with so many partitions, and with settings like {@code directory=/data}. */
    SinkSettings with(String sink, String type, int partitions, String... more) {
        return with(sink, type, names(partitions), more);
    }

    /** Adds a sink with these partitions, separated by commas. */
    SinkSettings with(String sink, String type, String partitions, String... more) {
        set(sink, "partitions=" + partitions);
        return over(sink, type, more);
    }

    /** Adds a sink that has the partitions of its targets. */
    SinkSettings over(String sink, String type, String... more) {
        set(sink, "type=" + type);
        for (String setting : more) {
            set(sink, setting);
        }
        return this;
    }

    String[] list() {
        return settings.toArray(String[]::new);
    }

    static String names(int partitions) {
        return IntStream.range(0, partitions).mapToObj(Integer::toString).collect(Collectors.joining(","));
    }

    private void set(String sink, String setting) {
        settings.add("--sluice.sinks." + sink + "." + setting);
    }
}
