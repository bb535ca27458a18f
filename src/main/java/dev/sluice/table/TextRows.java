package dev.sluice.table;

import dev.sluice.column.Change;
import dev.sluice.column.Mapping;
import dev.sluice.column.RowReader;
import dev.sluice.column.Text;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Rows as texts, which the server casts one by one. One thread. */
final class TextRows {

    /** A row; of one that is gone the key alone. */
    private record Row(String partition, long offset, boolean gone, List<@Nullable String> values) {}

    private final Mapping mapping;
    private final List<Integer> columns;
    private final boolean positions;
    private final List<String> names;
    private final List<Row> rows = new ArrayList<>();
    private final Text value = new Text(64);

    /** {@code columns} are the places in the mapping of those that are written. */
    TextRows(Mapping mapping, List<Integer> columns, boolean positions) {
        this.mapping = mapping;
        this.columns = columns;
        this.positions = positions;
        this.names = Copy.names(mapping, columns, positions);
    }

    void add(String partition, long offset, RowReader reader) {
        boolean gone = reader.change() == Change.DELETE;
        List<@Nullable String> values = new ArrayList<>(columns.size());
        for (int column : columns) {
            value.clear();
            boolean any = (!gone || mapping.inKey(column)) && reader.write(column, value);
            values.add(any ? value.toString() : null);
        }
        rows.add(new Row(partition, offset, gone, values));
    }

    int count() {
        return rows.size();
    }

    boolean isGone(int row) {
        return rows.get(row).gone();
    }

    /** Returns how many parameters a row has. */
    int width() {
        return names.size();
    }

    /** Returns the columns as a list in SQL. */
    String nameList() {
        return String.join(", ", names);
    }

    /** Returns the values of a row as a list in SQL, with a parameter for each. */
    String castList() {
        String own = columns.stream().map(column -> cast(column, false)).collect(Collectors.joining(", "));
        return positions ? own.isEmpty() ? "?, ?" : "?, ?, " + own : own;
    }

    /** Returns what is true of the row that has the key, with a parameter for each of its columns. */
    String isSameKey() {
        return IntStream.range(0, columns.size())
                .filter(i -> mapping.inKey(columns.get(i)))
                .mapToObj(i -> "x." + names.get(i + names.size() - columns.size()) + " = " + cast(columns.get(i), true))
                .collect(Collectors.joining(" and "));
    }

    private String cast(int column, boolean exactly) {
        return mapping.columns().get(column).type().castOf("?::text", exactly || mapping.inKey(column));
    }

    /** Sets the parameters of {@link #castList}, and returns the number of the next one. */
    int set(int row, PreparedStatement statement, int first) throws SQLException {
        int parameter = positions ? setPosition(row, statement, first) : first;
        for (String text : rows.get(row).values()) {
            set(text, statement, parameter++);
        }
        return parameter;
    }

    /** Sets where the row is from, and returns the number of the next parameter. */
    int setPosition(int row, PreparedStatement statement, int first) throws SQLException {
        statement.setString(first, rows.get(row).partition());
        statement.setLong(first + 1, rows.get(row).offset());
        return first + 2;
    }

    /** Sets the parameters of {@link #isSameKey}. */
    void setKey(int row, PreparedStatement statement, int first) throws SQLException {
        int parameter = first;
        for (int i = 0; i < columns.size(); i++) {
            if (mapping.inKey(columns.get(i))) {
                set(rows.get(row).values().get(i), statement, parameter++);
            }
        }
    }

    private static void set(@Nullable String text, PreparedStatement statement, int parameter) throws SQLException {
        if (text == null) {
            statement.setNull(parameter, Types.VARCHAR);
        } else {
            statement.setString(parameter, text);
        }
    }
}
