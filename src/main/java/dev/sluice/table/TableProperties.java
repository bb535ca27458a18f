package dev.sluice.table;

import dev.sluice.sink.Reach;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * What all table sinks of this process share.
 *
 * @param schemas whose tables sinks may write to that are defined over HTTP; by default {@code public} where keys are
 *     wanted, and any where none is; {@code *} for any
 */
@ConfigurationProperties(prefix = "sluice.tables", ignoreUnknownFields = false)
record TableProperties(@Nullable List<String> schemas) {

    private static final String ANY = "*";
    private static final List<String> UNLESS_SET = List.of("public");

    TableProperties {
        if (schemas != null) {
            schemas = List.copyOf(schemas);
        }
    }

    /** Returns why a sink must not write to a table, empty if it may. */
    Optional<String> refusal(TableName table, Reach reach) {
        return reach.bounds(schemas, UNLESS_SET)
                .filter(allowed -> !allowed.contains(ANY) && !allowed.contains(table.schema()))
                .map(allowed -> table + " is in the schema '" + table.schema()
                        + "', and sinks that are defined over HTTP"
                        + " may write to tables of these only: " + named(allowed) + ". Name a table there; or whoever"
                        + " runs the service adds the schema to sluice.tables.schemas, or defines the sink in the"
                        + " configuration");
    }

    private static String named(List<String> schemas) {
        Set<String> sorted = new TreeSet<>(schemas);
        return sorted.isEmpty() ? "none" : String.join(", ", sorted);
    }
}
