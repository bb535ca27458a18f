package dev.sluice.table;

import dev.sluice.column.Mapping;
import dev.sluice.column.RowReader;
import dev.sluice.sink.Engine;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/** Rows as the VALUES of INSERT, for engines that have to see where each of them belongs. */
final class ValuesGroup implements RowGroup {

    private static final int MOST_PARAMETERS = 65_535;

    private final TableName table;
    private final TextRows rows;

    ValuesGroup(TableName table, Mapping mapping, List<Integer> columns, boolean positions) {
        this.table = table;
        this.rows = new TextRows(mapping, columns, positions);
    }

    @Override
    public boolean add(String partition, long offset, RowReader reader) {
        rows.add(partition, offset, reader);
        return true;
    }

    @Override
    public long write(Connection connection) throws SQLException {
        long kept = 0;
        if (rows.width() == 0) {
            try (Statement statement = connection.createStatement()) {
                for (int i = 0; i < rows.count(); i++) {
                    kept += statement.executeUpdate("insert into " + table.quoted() + " default values");
                }
            }
            return kept;
        }
        int most = Math.min(Engine.VALUES_AT_A_TIME, MOST_PARAMETERS / rows.width());
        for (int from = 0; from < rows.count(); from += most) {
            kept += write(connection, from, Math.min(most, rows.count() - from));
        }
        return kept;
    }

    private int write(Connection connection, int from, int count) throws SQLException {
        String sql = "insert into " + table.quoted() + " (" + rows.nameList() + ")"
                + Engine.values("(" + rows.castList() + ")", count);
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            int parameter = 1;
            for (int row = from; row < from + count; row++) {
                parameter = rows.set(row, statement, parameter);
            }
            return statement.executeUpdate();
        }
    }
}
