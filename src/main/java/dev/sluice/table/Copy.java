package dev.sluice.table;

import dev.sluice.column.Mapping;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The text of COPY. */
final class Copy {

    private Copy() {}

    /** Returns the columns that are written, quoted; {@code columns} are places in the mapping. */
    static List<String> names(Mapping mapping, List<Integer> columns, boolean positions) {
        return Stream.concat(
                        positions ? Stream.of(RowLayout.PARTITION, RowLayout.OFFSET) : Stream.of(),
                        columns.stream()
                                .map(column -> mapping.columns().get(column).name()))
                .map(TableName::quote)
                .toList();
    }

    /** Returns the statement; with the columns of {@code staging} where rows go there. */
    static String sql(String table, List<String> names, @Nullable Staging staging) {
        String more = staging == null ? "" : ", " + staging.gone() + ", " + staging.nth();
        return "copy " + table + " (" + String.join(", ", names) + more + ") from stdin";
    }
}
