package dev.sluice.table;

import dev.sluice.column.MappedColumn;
import dev.sluice.column.Mapping;
import dev.sluice.column.RowReader;
import dev.sluice.column.Text;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Rows as arrays of texts, one for each column, which the server unfolds and casts. One thread. */
final class TextColumns {

    private final List<Integer> columns;
    private final boolean positions;
    private final List<String> names = new ArrayList<>();
    private final List<String> casts = new ArrayList<>();
    private final List<String> arrays = new ArrayList<>();
    private final List<String> partitions = new ArrayList<>();
    private final List<Long> offsets = new ArrayList<>();
    private final List<List<@Nullable String>> values;
    private final Text value = new Text(64);

    /** {@code columns} are the places in the mapping of those that are written. */
    TextColumns(Mapping mapping, List<Integer> columns, boolean positions) {
        this.columns = columns;
        this.positions = positions;
        this.values = IntStream.range(0, columns.size())
                .<List<@Nullable String>>mapToObj(i -> new ArrayList<>())
                .toList();
        if (positions) {
            names.addAll(List.of(RowLayout.PARTITION, RowLayout.OFFSET));
            casts.addAll(List.of("v0", "v1"));
            arrays.addAll(List.of("?::text[]", "?::bigint[]"));
        }
        for (int column : columns) {
            MappedColumn written = mapping.columns().get(column);
            names.add(TableName.quote(written.name()));
            // Without the column's length, which an explicit cast would cut to; the assignment refuses what is longer.
            casts.add("v" + casts.size() + "::" + written.type().name());
            arrays.add("?::text[]");
        }
    }

    void add(String partition, long offset, RowReader reader) {
        partitions.add(partition);
        offsets.add(offset);
        for (int i = 0; i < columns.size(); i++) {
            value.clear();
            values.get(i).add(reader.write(columns.get(i), value) ? value.toString() : null);
        }
    }

    int rows() {
        return partitions.size();
    }

    /** Returns the columns that are written, quoted. */
    List<String> names() {
        return names;
    }

    /** Returns them as a list in SQL. */
    String nameList() {
        return String.join(", ", names);
    }

    /** Returns what is selected from {@link #from}. */
    String castList() {
        return String.join(", ", casts);
    }

    /** Returns the arrays, unfolded; {@code more} stands behind the call, and {@code alias} behind the columns. */
    String from(String more, String alias) {
        String list = IntStream.range(0, names.size()).mapToObj(i -> "v" + i).collect(Collectors.joining(", "));
        return "unnest(" + String.join(", ", arrays) + ")" + more + " as u (" + list + alias + ")";
    }

    /** Sets the parameters of {@link #from}, which are the first ones. */
    void set(Connection connection, PreparedStatement statement) throws SQLException {
        int parameter = 1;
        if (positions) {
            statement.setArray(parameter++, connection.createArrayOf("text", partitions.toArray()));
            statement.setArray(parameter++, connection.createArrayOf("bigint", offsets.toArray()));
        }
        for (List<@Nullable String> column : values) {
            statement.setArray(parameter++, connection.createArrayOf("text", column.toArray()));
        }
    }
}
