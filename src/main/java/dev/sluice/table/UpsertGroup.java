package dev.sluice.table;

import dev.sluice.column.Change;
import dev.sluice.column.Mapping;
import dev.sluice.column.RowReader;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rows in place of those of their keys, as arrays of texts in one round trip. */
final class UpsertGroup implements RowGroup {

    private final UpsertStatement statement;
    private final UpsertStatement.Source source;
    private final TextColumns rows;
    private boolean deletes;

    UpsertGroup(UpsertStatement statement, RowLayout layout, Mapping mapping, List<Integer> columns) {
        this.statement = statement;
        this.rows = new TextColumns(mapping, columns, layout.positions());
        String gone = statement.nameOfNone("gone");
        String nth = statement.nameOfNone("nth");
        this.source = new UpsertStatement.Source(rows.from(gone, nth), rows.castList(gone), gone, nth);
    }

    @Override
    public boolean add(String partition, long offset, RowReader reader) {
        deletes |= reader.change() == Change.DELETE;
        rows.add(partition, offset, reader);
        return true;
    }

    /** Returns the number of all rows if the table has kept one for each key, and none of those deleted; otherwise fewer. */
    @Override
    public long write(Connection connection) throws SQLException {
        try (PreparedStatement upsert = connection.prepareStatement(statement.sql(source, deletes))) {
            rows.setAll(connection, upsert);
            try (ResultSet row = upsert.executeQuery()) {
                row.next();
                return rows.rows() - row.getLong(1);
            }
        }
    }

    /** Writes the one row; returns it as JSON, null if it is deleted. */
    @Nullable
    String preview(Connection connection) throws SQLException {
        try (PreparedStatement upsert = connection.prepareStatement(statement.preview(source))) {
            rows.setAll(connection, upsert);
            try (ResultSet row = upsert.executeQuery()) {
                row.next();
                return row.getString(2);
            }
        }
    }
}
