package dev.sluice.table;

import dev.sluice.column.Mapping;
import dev.sluice.column.Text;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/** COPY of rows that wait in memory. */
final class Copy {

    private Copy() {}

    /** Returns the statement; {@code columns} are places in the mapping. */
    static String sql(TableName table, Mapping mapping, List<Integer> columns, boolean positions) {
        return "copy " + table.quoted() + " ("
                + Stream.concat(
                                positions ? Stream.of(RowLayout.PARTITION, RowLayout.OFFSET) : Stream.of(),
                                columns.stream()
                                        .map(column ->
                                                mapping.columns().get(column).name()))
                        .map(TableName::quote)
                        .collect(Collectors.joining(", "))
                + ") from stdin";
    }

    /** Runs it; returns how many rows the table has kept. */
    static long send(Connection connection, String sql, Text rows) throws SQLException {
        CopyIn copy = null;
        try {
            copy = connection.unwrap(PGConnection.class).getCopyAPI().copyIn(sql);
            copy.writeToCopy(rows.bytes(), 0, rows.length());
            return copy.endCopy();
        } catch (SQLException e) {
            if (!LostCopy.closes(connection, e) && copy != null && copy.isActive()) {
                cancel(copy, e);
            }
            throw e;
        }
    }

    private static void cancel(CopyIn copy, SQLException e) {
        try {
            copy.cancelCopy();
        } catch (SQLException notCancelled) {
            e.addSuppressed(notCancelled);
        }
    }
}
