package dev.sluice.table;

import java.sql.Connection;
import java.sql.SQLException;
import org.postgresql.util.PSQLException;

/**
 * A COPY whose connection is lost or silent. Where an INSERT is broken off so, the driver closes the connection; in a COPY
 * it does not, and the answer that was not waited for would be taken for that of the next statement.
 */
final class LostCopy {

    private static final String CONNECTION_LOST = "08";

    private LostCopy() {}

    /** Closes the connection if a failure of COPY says that it is lost; returns whether it does. */
    static boolean closes(Connection connection, SQLException e) {
        boolean lost = e.getSQLState() != null && e.getSQLState().startsWith(CONNECTION_LOST) && !isTheServers(e);
        if (lost) {
            try {
                connection.abort(Runnable::run);
            } catch (SQLException | RuntimeException notAborted) {
                e.addSuppressed(notAborted);
            }
        }
        return lost;
    }

    /* The server says so of binary values, too, that are too short for a column of another type. */
    private static boolean isTheServers(SQLException e) {
        return e instanceof PSQLException postgres && postgres.getServerErrorMessage() != null;
    }
}
