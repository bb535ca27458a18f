package dev.sluice.table;

import dev.sluice.column.Mapping;
import dev.sluice.column.Text;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/** COPY of rows that wait in memory. */
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
