package dev.sluice.table;

import dev.sluice.column.MappedColumn;
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

/** Rows by INSERT of texts that are cast: one round trip for a few, and the only way past rules and row-level security. */
final class InsertGroup implements RowGroup {

    private final String sql;
    private final List<Integer> columns;
    private final boolean positions;
    private final List<String> partitions = new ArrayList<>();
    private final List<Long> offsets = new ArrayList<>();
    private final List<List<@Nullable String>> values;
    private final Text value = new Text(64);

    InsertGroup(TableName table, List<MappedColumn> written, List<Integer> columns, boolean positions) {
        this.columns = columns;
        this.positions = positions;
        this.values = IntStream.range(0, columns.size())
                .<List<@Nullable String>>mapToObj(i -> new ArrayList<>())
                .toList();
        this.sql = sql(table, written, positions);
    }

    private static String sql(TableName table, List<MappedColumn> written, boolean positions) {
        List<String> names = new ArrayList<>();
        List<String> casts = new ArrayList<>();
        List<String> arrays = new ArrayList<>();
        if (positions) {
            names.addAll(List.of(RowLayout.PARTITION, RowLayout.OFFSET));
            casts.addAll(List.of("v0", "v1"));
            arrays.addAll(List.of("?::text[]", "?::bigint[]"));
        }
        for (MappedColumn column : written) {
            names.add(TableName.quote(column.name()));
            casts.add("v" + casts.size() + "::" + column.type().name());
            arrays.add("?::text[]");
        }
        if (names.isEmpty()) {
            return "insert into " + table.quoted() + " select from generate_series(1, ?)";
        }
        String aliases =
                IntStream.range(0, arrays.size()).mapToObj(i -> "v" + i).collect(Collectors.joining(", "));
        return "insert into " + table.quoted() + " (" + String.join(", ", names) + ") select "
                + String.join(", ", casts) + " from unnest(" + String.join(", ", arrays) + ") as r (" + aliases + ")";
    }

    @Override
    public void add(String partition, long offset, RowReader reader) {
        partitions.add(partition);
        offsets.add(offset);
        for (int i = 0; i < columns.size(); i++) {
            value.clear();
            values.get(i).add(reader.write(columns.get(i), value) ? value.toString() : null);
        }
    }

    @Override
    public long write(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            int parameter = 1;
            if (positions) {
                statement.setArray(parameter++, connection.createArrayOf("text", partitions.toArray()));
                statement.setArray(parameter++, connection.createArrayOf("bigint", offsets.toArray()));
            }
            for (List<@Nullable String> column : values) {
                statement.setArray(parameter++, connection.createArrayOf("text", column.toArray()));
            }
            if (parameter == 1) {
                statement.setInt(1, partitions.size());
            }
            return statement.executeUpdate();
        }
    }
}
