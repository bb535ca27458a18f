package dev.sluice.table;

import dev.sluice.column.Change;
import dev.sluice.column.Mapping;
import dev.sluice.column.RowReader;
import dev.sluice.column.Text;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Rows by COPY in its binary format, which the server reads faster: those all of whose values have a form that is certain.
 * See PostgreSQL's documentation of COPY, "Binary Format".
 */
final class BinaryCopyGroup implements RowGroup {

    private static final byte[] SIGNATURE = {'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xFF, '\r', '\n', 0};
    private static final int TRAILER = -1;
    private static final int NULL = -1;

    private final String sql;
    private final int[] columns;
    private final boolean positions;
    private final @Nullable Staging staging;
    private final int fields;
    private final CopyRows rows;
    private String lastPartition = "";
    private byte[] lastPartitionBytes = new byte[0];

    /** {@code table} is quoted; {@code staging} is null where rows go to where they stay. */
    BinaryCopyGroup(
            CopyBuffers buffers,
            String table,
            Mapping mapping,
            List<Integer> columns,
            boolean positions,
            @Nullable Staging staging) {
        this.rows = new CopyRows(buffers);
        this.columns = columns.stream().mapToInt(Integer::intValue).toArray();
        this.positions = positions;
        this.staging = staging;
        this.fields = columns.size() + (positions ? 2 : 0) + (staging == null ? 0 : 2);
        this.sql = Copy.sql(table, Copy.names(mapping, columns, positions), staging) + " (format binary)";
        Text header = rows.next();
        header.put(SIGNATURE, 0, SIGNATURE.length);
        header.putInt(0); // flags
        header.putInt(0); // no header extension
    }

    @Override
    public boolean add(String partition, long offset, RowReader reader) {
        Text row = rows.next();
        int before = row.length();
        row.putShort(fields);
        if (positions) {
            if (!partition.equals(lastPartition)) {
                lastPartition = partition;
                lastPartitionBytes = partition.getBytes(StandardCharsets.UTF_8);
            }
            row.putInt(lastPartitionBytes.length);
            row.put(lastPartitionBytes, 0, lastPartitionBytes.length);
            row.putInt(Long.BYTES);
            row.putLong(offset);
        }
        for (int column : columns) {
            if (staging != null && !staging.wants(column, reader)) {
                row.putInt(NULL);
            } else if (!reader.writeBinary(column, row)) {
                row.cut(before);
                return false;
            }
        }
        if (staging != null) {
            row.putInt(1);
            row.put((byte) (reader.change() == Change.DELETE ? 1 : 0));
            row.putInt(Long.BYTES);
            row.putLong(staging.number());
        }
        return true;
    }

    @Override
    public long write(Connection connection) throws SQLException {
        rows.next().putShort(TRAILER);
        return rows.send(connection, sql);
    }
}
