package dev.sluice.table;

import dev.sluice.column.ColumnSource;
import dev.sluice.column.MissingMembers;
import dev.sluice.column.OtherMembers;
import dev.sluice.sink.Guarantee;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The settings of a table sink.
 *
 * @param table the table's name, with its schema unless that is {@code public}; the sink's id if not given
 * @param createTable whether to create the table if it is missing
 * @param dataType the type of the data column
 * @param columns where each column of the user's own gets its value; none: the whole record goes to the column data
 * @param otherMembers what becomes of members that no column takes
 * @param missingMembers what becomes of columns whose member is not there
 * @param position whether the table has the columns partition_id and source_offset
 * @param mode what a record does to the table
 * @param key the columns that tell one row from another, where mode is upsert
 * @param rewind what becomes of a writer that resumes below what is committed, where mode is upsert
 * @param accept by name, what the table may lack to keep records safe; the guarantee is less then
 */
record TableSinkProperties(
        @Nullable String table,
        @DefaultValue("true") boolean createTable,
        @DefaultValue("jsonb") DataType dataType,
        @DefaultValue Map<String, ColumnSource> columns,
        @DefaultValue("refuse") OtherMembers otherMembers,
        @DefaultValue("default") MissingMembers missingMembers,
        @DefaultValue("columns") Position position,
        @DefaultValue("append") WriteMode mode,
        @DefaultValue List<String> key,
        @DefaultValue("none") Rewind rewind,
        @DefaultValue Set<Shortcoming> accept) {

    private static final int MOST_BYTES = 63;

    TableSinkProperties {
        accept = Set.copyOf(accept);
        columns = Collections.unmodifiableMap(new LinkedHashMap<>(columns));
        columns.keySet().forEach(TableSinkProperties::requireName);
        if (position == Position.COLUMNS
                && (columns.containsKey(RowLayout.PARTITION) || columns.containsKey(RowLayout.OFFSET))) {
            throw new IllegalArgumentException("columns: " + RowLayout.PARTITION + " and " + RowLayout.OFFSET
                    + " are filled by the service; set position: none for a table that has such columns of its own");
        }
        key = List.copyOf(key);
        requireUpsert(columns, missingMembers, mode, key, rewind);
        if (columns.isEmpty() && position == Position.NONE) {
            throw new IllegalArgumentException("position: none is for a table with columns of its own; set columns");
        }
    }

    private static void requireUpsert(
            Map<String, ColumnSource> columns,
            MissingMembers missing,
            WriteMode mode,
            List<String> key,
            Rewind rewind) {
        if (mode == WriteMode.APPEND) {
            if (!key.isEmpty()) {
                throw new IllegalArgumentException("key: is for mode: upsert; set it, or take the key out");
            }
            if (rewind != Rewind.NONE) {
                throw new IllegalArgumentException(
                        "rewind: is for mode: upsert; rows that were appended are taken back, as ever");
            }
            if (missing == MissingMembers.KEEP) {
                throw new IllegalArgumentException(
                        "missing-members: keep is for mode: upsert; a new row has no value to keep");
            }
            return;
        }
        if (key.isEmpty()) {
            throw new IllegalArgumentException("key: name the columns that tell one row from another, like [\"id\"]");
        }
        key.stream().filter(column -> !columns.containsKey(column)).findFirst().ifPresent(column -> {
            throw new IllegalArgumentException("key: '" + column + "' is none of columns; say where it gets its value");
        });
    }

    private static void requireName(String column) {
        if (column.getBytes(StandardCharsets.UTF_8).length > MOST_BYTES) {
            throw new IllegalArgumentException("columns: '" + column + "' is longer than the " + MOST_BYTES
                    + " bytes that PostgreSQL keeps of a name");
        }
    }

    Guarantee guarantee() {
        Guarantee own = rewind == Rewind.POSITION ? Guarantee.EFFECTIVELY_ONCE : Guarantee.EXACTLY_ONCE;
        return Stream.concat(Stream.of(own), accept.stream().map(Shortcoming::guarantee))
                .min(Comparator.naturalOrder())
                .orElse(Guarantee.EXACTLY_ONCE);
    }
}
