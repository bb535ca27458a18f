package dev.sluice.table;

import dev.sluice.column.Change;
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

    private final Mapping mapping;
    private final List<Integer> columns;
    private final boolean positions;
    private final List<String> names = new ArrayList<>();
    private final List<String> casts = new ArrayList<>();
    private final List<String> arrays = new ArrayList<>();
    private final List<String> partitions = new ArrayList<>();
    private final List<Long> offsets = new ArrayList<>();
    private final List<Boolean> deleted = new ArrayList<>();
    private final List<List<@Nullable String>> values;
    private final Text value = new Text(64);

    /** {@code columns} are the places in the mapping of those that are written. */
    TextColumns(Mapping mapping, List<Integer> columns, boolean positions) {
        this.mapping = mapping;
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
            casts.add(written.type().castOf("v" + casts.size(), mapping.inKey(column)));
            arrays.add("?::text[]");
        }
    }

    /** Adds a row; of one that is deleted its key alone. */
    void add(String partition, long offset, RowReader reader) {
        boolean gone = reader.change() == Change.DELETE;
        partitions.add(partition);
        offsets.add(offset);
        deleted.add(gone);
        for (int i = 0; i < columns.size(); i++) {
            int column = columns.get(i);
            value.clear();
            boolean any = (!gone || mapping.inKey(column)) && reader.write(column, value);
            values.get(i).add(any ? value.toString() : null);
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

    /** Returns what is selected from {@link #from()}. */
    String castList() {
        return String.join(", ", casts);
    }

    /** Returns what is selected from {@link #from(String, String)}: of a row that is gone, no domain refuses null. */
    String castList(String gone) {
        List<String> list = new ArrayList<>(casts);
        int first = casts.size() - columns.size();
        for (int i = 0; i < columns.size(); i++) {
            if (!mapping.inKey(columns.get(i))
                    && mapping.columns().get(columns.get(i)).type().domain()) {
                list.set(first + i, "(select " + casts.get(first + i) + " where not " + gone + ")");
            }
        }
        return String.join(", ", list);
    }

    /** Returns the arrays, unfolded. */
    String from() {
        return "unnest(" + String.join(", ", arrays) + ") as u (" + list() + ")";
    }

    /** Returns the arrays, unfolded, with columns that say whether a row is gone and which one it is. */
    String from(String gone, String nth) {
        return "unnest(" + String.join(", ", arrays) + ", ?::boolean[]) with ordinality as u (" + list() + ", " + gone
                + ", " + nth + ")";
    }

    private String list() {
        return IntStream.range(0, names.size()).mapToObj(i -> "v" + i).collect(Collectors.joining(", "));
    }

    /** Sets the parameters of {@link #from()}. */
    int set(Connection connection, PreparedStatement statement) throws SQLException {
        int parameter = 1;
        if (positions) {
            statement.setArray(parameter++, connection.createArrayOf("text", partitions.toArray()));
            statement.setArray(parameter++, connection.createArrayOf("bigint", offsets.toArray()));
        }
        for (List<@Nullable String> column : values) {
            statement.setArray(parameter++, connection.createArrayOf("text", column.toArray()));
        }
        return parameter;
    }

    /** Sets the parameters of {@link #from(String, String)}. */
    void setAll(Connection connection, PreparedStatement statement) throws SQLException {
        int parameter = set(connection, statement);
        statement.setArray(parameter, connection.createArrayOf("boolean", deleted.toArray()));
    }
}
