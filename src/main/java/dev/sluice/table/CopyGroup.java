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

/** Rows by COPY in its text format: PostgreSQL's documentation of COPY, "Text Format". */
final class CopyGroup implements RowGroup {

    private static final byte DELIMITER = '\t';
    private static final byte END = '\n';
    private static final byte ESCAPE = '\\';

    private final String sql;
    private final List<Integer> columns;
    private final boolean positions;
    private final @Nullable Staging staging;
    private final CopyRows rows;
    private final Text value = new Text(64);
    private String lastPartition = "";
    private byte[] lastPartitionBytes = new byte[0];

    /** {@code table} is quoted; {@code staging} is null where rows go to where they stay. */
    CopyGroup(
            CopyBuffers buffers,
            String table,
            Mapping mapping,
            List<Integer> columns,
            boolean positions,
            @Nullable Staging staging) {
        this.rows = new CopyRows(buffers);
        this.columns = columns;
        this.positions = positions;
        this.staging = staging;
        this.sql = Copy.sql(table, Copy.names(mapping, columns, positions), staging);
    }

    @Override
    public boolean add(String partition, long offset, RowReader reader) {
        Text row = rows.next();
        boolean first = true;
        if (positions) {
            if (!partition.equals(lastPartition)) {
                lastPartition = partition;
                lastPartitionBytes = partition.getBytes(StandardCharsets.UTF_8);
            }
            row.put(lastPartitionBytes, 0, lastPartitionBytes.length);
            row.put(DELIMITER);
            row.put(offset, 1);
            first = false;
        }
        for (int column : columns) {
            if (!first) {
                row.put(DELIMITER);
            }
            first = false;
            value.clear();
            if ((staging == null || staging.wants(column, reader)) && reader.write(column, value)) {
                escape(value.bytes(), value.length(), row);
            } else {
                row.put(ESCAPE);
                row.put((byte) 'N');
            }
        }
        if (staging != null) {
            row.put(DELIMITER);
            row.put((byte) (reader.change() == Change.DELETE ? 't' : 'f'));
            row.put(DELIMITER);
            row.put(Long.toString(staging.number()));
        }
        row.put(END);
        return true;
    }

    private static void escape(byte[] bytes, int length, Text row) {
        int plain = 0;
        for (int i = 0; i < length; i++) {
            byte found = bytes[i];
            if (found == ESCAPE || found == END || found == DELIMITER || found == '\r') {
                row.put(bytes, plain, i);
                row.put(ESCAPE);
                row.put(letter(found));
                plain = i + 1;
            }
        }
        row.put(bytes, plain, length);
    }

    private static byte letter(byte found) {
        return switch (found) {
            case END -> (byte) 'n';
            case DELIMITER -> (byte) 't';
            case '\r' -> (byte) 'r';
            default -> found;
        };
    }

    @Override
    public long write(Connection connection) throws SQLException {
        return rows.send(connection, sql);
    }
}
