package dev.sluice.table;

import dev.sluice.column.Mapping;
import dev.sluice.column.RowReader;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rows by INSERT of texts that are cast: one round trip for a few, and the only way past rules and row-level security. */
final class InsertGroup implements RowGroup {

    private final TableName table;
    private final TextColumns rows;

    InsertGroup(TableName table, Mapping mapping, List<Integer> columns, boolean positions) {
        this.table = table;
        this.rows = new TextColumns(mapping, columns, positions);
    }

    @Override
    public boolean add(String partition, long offset, RowReader reader) {
        rows.add(partition, offset, reader);
        return true;
    }

    @Override
    public long write(Connection connection) throws SQLException {
        try (PreparedStatement statement = prepared(connection, "")) {
            return statement.executeUpdate();
        }
    }

    /** Writes the one row; returns it as JSON, null if the table did not keep it. */
    @Nullable
    String preview(Connection connection) throws SQLException {
        try (PreparedStatement statement = prepared(connection, " returning row_to_json(x.*)::text");
                ResultSet row = statement.executeQuery()) {
            return row.next() ? row.getString(1) : null;
        }
    }

    private PreparedStatement prepared(Connection connection, String returning) throws SQLException {
        boolean any = !rows.names().isEmpty();
        String sql = any
                ? " (" + rows.nameList() + ") select " + rows.castList() + " from " + rows.from()
                : " select from generate_series(1, ?)";
        PreparedStatement statement =
                connection.prepareStatement("insert into " + table.quoted() + " as x" + sql + returning);
        if (any) {
            rows.set(connection, statement);
        } else {
            statement.setInt(1, rows.rows());
        }
        return statement;
    }
}
