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

    private static final int LEAST_BYTES = 1024;
    private static final byte[] SIGNATURE = {'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xFF, '\r', '\n', 0};
    private static final int TRAILER = -1;
    private static final int NULL = -1;

    private final String sql;
    private final int[] columns;
    private final boolean positions;
    private final @Nullable Staging staging;
    private final int fields;
    private final Text rows = new Text(LEAST_BYTES);
    private String lastPartition = "";
    private byte[] lastPartitionBytes = new byte[0];

    /** {@code table} is quoted; {@code staging} is null where rows go to where they stay. */
    BinaryCopyGroup(
            String table, Mapping mapping, List<Integer> columns, boolean positions, @Nullable Staging staging) {
        this.columns = columns.stream().mapToInt(Integer::intValue).toArray();
        this.positions = positions;
        this.staging = staging;
        this.fields = columns.size() + (positions ? 2 : 0) + (staging == null ? 0 : 2);
        this.sql = Copy.sql(table, Copy.names(mapping, columns, positions), staging) + " (format binary)";
        rows.put(SIGNATURE, 0, SIGNATURE.length);
        rows.putInt(0); // flags
        rows.putInt(0); // no header extension
    }

    @Override
    public boolean add(String partition, long offset, RowReader reader) {
        int before = rows.length();
        rows.putShort(fields);
        if (positions) {
            if (!partition.equals(lastPartition)) {
                lastPartition = partition;
                lastPartitionBytes = partition.getBytes(StandardCharsets.UTF_8);
            }
            rows.putInt(lastPartitionBytes.length);
            rows.put(lastPartitionBytes, 0, lastPartitionBytes.length);
            rows.putInt(Long.BYTES);
            rows.putLong(offset);
        }
        for (int column : columns) {
            if (staging != null && !staging.wants(column, reader)) {
                rows.putInt(NULL);
            } else if (!reader.writeBinary(column, rows)) {
                rows.cut(before);
                return false;
            }
        }
        if (staging != null) {
            rows.putInt(1);
            rows.put((byte) (reader.change() == Change.DELETE ? 1 : 0));
            rows.putInt(Long.BYTES);
            rows.putLong(staging.number());
        }
        return true;
    }

    @Override
    public long write(Connection connection) throws SQLException {
        rows.putShort(TRAILER);
        return Copy.send(connection, sql, rows);
    }
}
