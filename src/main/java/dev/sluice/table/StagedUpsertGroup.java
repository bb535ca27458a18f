package dev.sluice.table;

import dev.sluice.column.Change;
import dev.sluice.column.Mapping;
import dev.sluice.column.RowReader;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Many rows in place of those of their keys: by COPY into a temporary table, and from there. */
final class StagedUpsertGroup implements RowGroup {

    private final UpsertStatement statement;
    private final Staging staging;
    private final @Nullable RowGroup binary;
    private final RowGroup text;
    private boolean deletes;
    private boolean texts;

    StagedUpsertGroup(
            CopyBuffers buffers,
            UpsertStatement statement,
            Staging staging,
            Mapping mapping,
            List<Integer> columns,
            boolean positions) {
        this.statement = statement;
        this.staging = staging;
        this.binary = columns.stream().allMatch(mapping::binary)
                ? new BinaryCopyGroup(buffers, staging.copyTo(), mapping, columns, positions, staging)
                : null;
        this.text = new CopyGroup(buffers, staging.copyTo(), mapping, columns, positions, staging);
    }

    @Override
    public boolean add(String partition, long offset, RowReader reader) {
        deletes |= reader.change() == Change.DELETE;
        if (binary == null || !binary.add(partition, offset, reader)) {
            texts = true;
            text.add(partition, offset, reader);
        }
        return true;
    }

    /** Returns the number of all rows if the table has kept one for each key, and none of those deleted; otherwise fewer. */
    @Override
    public long write(Connection connection) throws SQLException {
        try (Statement upsert = connection.createStatement()) {
            upsert.execute(staging.create());
            if (binary != null) {
                binary.write(connection);
            }
            if (texts) {
                text.write(connection);
            }
            try (ResultSet row = upsert.executeQuery(statement.sql(staging.source(), deletes))) {
                row.next();
                return staging.rows() - row.getLong(1);
            }
        }
    }
}
