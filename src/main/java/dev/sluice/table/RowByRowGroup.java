package dev.sluice.table;

import dev.sluice.column.Mapping;
import dev.sluice.column.RowReader;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/**
 * Rows in place of those of their keys, one after the other in their order: for engines that have to see where each of them
 * belongs, so that a statement cannot tell which of several of a key is the last one.
 */
final class RowByRowGroup implements RowGroup {

    private final TextRows rows;
    private final String write;
    private final String delete;
    private final String find;
    private final boolean marks;

    RowByRowGroup(
            TableName table,
            UpsertStatement statement,
            RowLayout layout,
            Mapping mapping,
            List<Integer> columns,
            Optional<SoftDelete> softDelete) {
        this.rows = new TextRows(mapping, columns, layout.positions());
        this.marks = softDelete.isPresent() && layout.positions();
        this.write = statement.one(rows.castList());
        String same = " where " + rows.isSameKey();
        this.delete = softDelete
                .map(soft -> "update " + table.quoted() + " as x set " + soft.column() + " = " + soft.deleted()
                        + (marks ? ", " + RowLayout.PARTITION + " = ?, " + RowLayout.OFFSET + " = ?" : "") + same)
                .orElseGet(() -> "delete from " + table.quoted() + " as x" + same);
        this.find = "select 1 from " + table.quoted() + " as x" + same;
    }

    @Override
    public boolean add(String partition, long offset, RowReader reader) {
        rows.add(partition, offset, reader);
        return true;
    }

    @Override
    public long write(Connection connection) throws SQLException {
        long kept = 0;
        try (PreparedStatement writing = connection.prepareStatement(write);
                PreparedStatement deleting = connection.prepareStatement(delete);
                PreparedStatement finding = connection.prepareStatement(find)) {
            for (int row = 0; row < rows.count(); row++) {
                if (rows.isGone(row)) {
                    rows.setKey(row, deleting, marks ? rows.setPosition(row, deleting, 1) : 1);
                    kept += deleting.executeUpdate() > 0 || !isThere(row, finding) ? 1 : 0;
                } else {
                    rows.set(row, writing, 1);
                    kept += writing.executeUpdate();
                }
            }
        }
        return kept;
    }

    private boolean isThere(int row, PreparedStatement finding) throws SQLException {
        rows.setKey(row, finding, 1);
        try (ResultSet found = finding.executeQuery()) {
            return found.next();
        }
    }
}
