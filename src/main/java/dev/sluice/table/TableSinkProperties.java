package dev.sluice.table;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The settings of a table sink.
 *
 * @param table the table's name, with its schema unless that is {@code public}; the sink's id if not given
 * @param createTable whether to create the table if it is missing
 * @param dataType the type of the data column
 */
record TableSinkProperties(
        @Nullable String table,
        @DefaultValue("true") boolean createTable,
        @DefaultValue("jsonb") DataType dataType) {}
