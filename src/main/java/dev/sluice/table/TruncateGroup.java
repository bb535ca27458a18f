package dev.sluice.table;

import dev.sluice.column.RowReader;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;

/** The deletion of all rows. By DELETE: TRUNCATE would take a lock that nobody reads or writes beside. */
final class TruncateGroup implements RowGroup {

    private final String sql;

    TruncateGroup(TableName table, Optional<SoftDelete> softDelete) {
        this.sql = softDelete
                .map(soft -> "update " + table.quoted() + " as x set " + soft.column() + " = " + soft.deleted())
                .orElse("delete from " + table.quoted());
    }

    @Override
    public boolean add(String partition, long offset, RowReader reader) {
        return true; // one is as good as many
    }

    /** Returns 1, for the one change that this is. */
    @Override
    public long write(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
            return 1;
        }
    }
}
