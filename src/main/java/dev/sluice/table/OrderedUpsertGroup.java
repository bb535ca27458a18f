package dev.sluice.table;

import dev.sluice.column.RowReader;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;

/**
 * Rows in place of those of their keys, in a table that has other unique keys, too: by one statement, which takes them in
 * the order of the key. Where a row needs what another one gives up before it, they go one by one.
 */
final class OrderedUpsertGroup implements RowGroup {

    private final RowGroup together;
    private final RowGroup inOrder;

    OrderedUpsertGroup(RowGroup together, RowGroup inOrder) {
        this.together = together;
        this.inOrder = inOrder;
    }

    @Override
    public boolean add(String partition, long offset, RowReader reader) {
        return together.add(partition, offset, reader) && inOrder.add(partition, offset, reader);
    }

    @Override
    public long write(Connection connection) throws SQLException {
        Savepoint before = connection.setSavepoint();
        try {
            long kept = together.write(connection);
            connection.releaseSavepoint(before);
            return kept;
        } catch (SQLException e) {
            if (!SqlFailure.conflicts(e)) {
                throw e;
            }
            connection.rollback(before);
            return inOrder.write(connection);
        }
    }
}
