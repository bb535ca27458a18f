package dev.sluice.act;

import dev.sluice.call.Url;
import java.util.Map;

/** What an act is about, and so where it is in the API and on which page one comes back. */
@SuppressWarnings("ImmutableEnumChecker") // the names are made once and never changed
enum Scope {
    /** One sink as a whole. */
    SINK("/sinks/{}", "/console/sinks/{}", "sink"),
    /** A partition. */
    PARTITION("/sinks/{}/partitions/{}", "/console/sinks/{}/partitions/{}", "sink", "partition"),
    /** A dead letter. */
    LETTER(
            "/sinks/{}/partitions/{}/dead-letters/{}",
            "/console/sinks/{}/partitions/{}/dead-letters/{}",
            "sink",
            "partition",
            "offset"),
    /** All dead letters of a sink that match. */
    LETTERS("/sinks/{}/dead-letters", "/console/sinks/{}/dead-letters", "sink");

    private final String path;
    private final String page;
    private final String[] names;

    Scope(String path, String page, String... names) {
        this.path = path;
        this.page = page;
        this.names = names;
    }

    /** Returns the path of the API. */
    String path(Map<String, String> given) {
        return filled(path, given);
    }

    /** Returns the page. */
    String page(Map<String, String> given) {
        return filled(page, given);
    }

    private String filled(String template, Map<String, String> given) {
        String[] values = new String[names.length];
        for (int i = 0; i < names.length; i++) {
            values[i] = given.getOrDefault(names[i], "");
        }
        return Url.of(template, values).toString();
    }

    /** Says what it is about. */
    String told(Map<String, String> given) {
        String sink = given.getOrDefault("sink", "");
        return switch (this) {
            case SINK -> "sink " + sink;
            case PARTITION -> "partition " + given.getOrDefault("partition", "") + " of " + sink;
            case LETTER ->
                "the dead letter " + given.getOrDefault("partition", "") + " / " + given.getOrDefault("offset", "")
                        + " of " + sink;
            case LETTERS -> "the open dead letters of " + sink;
        };
    }
}
