package dev.sluice.table;

import dev.sluice.column.Mapping;
import dev.sluice.column.RowReader;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;

/** Rows by INSERT of texts that are cast: one round trip for a few, and the only way past rules and row-level security. */
final class InsertGroup implements RowGroup {

    private final TableName table;
    private final TextColumns rows;

    InsertGroup(TableName table, Mapping mapping, List<Integer> columns, boolean positions) {
        this.table = table;
        this.rows = new TextColumns(mapping, columns, positions);
    }

    @Override
    public void add(String partition, long offset, RowReader reader) {
        rows.add(partition, offset, reader);
    }

    @Override
    public long write(Connection connection) throws SQLException {
        boolean any = !rows.names().isEmpty();
        String sql = any
                ? "insert into " + table.quoted() + " (" + rows.nameList() + ") select " + rows.castList() + " from "
                        + rows.from("", "")
                : "insert into " + table.quoted() + " select from generate_series(1, ?)";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            if (any) {
                rows.set(connection, statement);
            } else {
                statement.setInt(1, rows.rows());
            }
            return statement.executeUpdate();
        }
    }
}
