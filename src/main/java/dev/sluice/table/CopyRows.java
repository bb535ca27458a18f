package dev.sluice.table;

import dev.sluice.column.Text;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/** Rows that wait in memory for one COPY, in pieces that the garbage collector does not mind. One thread. */
final class CopyRows {

    private static final int LEAST_BYTES = 1024;

    private final CopyBuffers buffers;
    private final List<Text> full = new ArrayList<>();
    private Text rows = new Text(LEAST_BYTES);

    CopyRows(CopyBuffers buffers) {
        this.buffers = buffers;
    }

    /** Returns what takes the next row. */
    Text next() {
        if (rows.length() > CopyBuffers.BYTES / 8 * 7) {
            full.add(rows);
            rows = new Text(buffers.take());
        }
        return rows;
    }

    /** Runs the statement; returns how many rows the table has kept. */
    long send(Connection connection, String sql) throws SQLException {
        CopyIn copy = null;
        try {
            copy = connection.unwrap(PGConnection.class).getCopyAPI().copyIn(sql);
            full.add(rows);
            for (Text piece : full) {
                copy.writeToCopy(piece.bytes(), 0, piece.length());
                buffers.giveBack(piece.bytes());
            }
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
