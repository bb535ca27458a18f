package dev.sluice.table;

import dev.sluice.sink.Guarantee;
import java.util.Comparator;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The settings of a table sink.
 *
 * @param table the table's name, with its schema unless that is {@code public}; the sink's id if not given
 * @param createTable whether to create the table if it is missing
 * @param dataType the type of the data column
 * @param accept by name, what the table may lack to keep records safe; the guarantee is less then
 */
record TableSinkProperties(
        @Nullable String table,
        @DefaultValue("true") boolean createTable,
        @DefaultValue("jsonb") DataType dataType,
        @DefaultValue Set<Shortcoming> accept) {

    TableSinkProperties {
        accept = Set.copyOf(accept);
    }

    Guarantee guarantee() {
        return accept.stream()
                .map(Shortcoming::guarantee)
                .min(Comparator.naturalOrder())
                .orElse(Guarantee.EXACTLY_ONCE);
    }
}
