package dev.sluice.table;

import dev.sluice.sink.JointWrite;
import dev.sluice.sink.SinkException;
import dev.sluice.sink.SinkRecord;
import java.sql.SQLException;

/**
 * Records into columns of their own.
 *
 * @param whenRefused is told of a record that can be no row
 */
record MappedWrite(MappedRows rows, TableStatements table, Runnable whenRefused) implements JointWrite {

    private static final long BYTES_AT_A_TIME = 4 << 20;
    private static final int GROUPS_AT_A_TIME = 200;

    @Override
    public void add(String forPart, SinkRecord record) {
        try {
            rows.add(forPart, record);
        } catch (SinkException e) {
            whenRefused.run();
            throw e;
        }
        if (rows.bytes() >= BYTES_AT_A_TIME || rows.groups() >= GROUPS_AT_A_TIME) {
            flush();
        }
    }

    @Override
    public void flush() {
        try {
            long sent = rows.count();
            table.requireStored(rows.write(), sent);
        } catch (SQLException e) {
            throw table.failed(e, table.copy());
        }
    }

    @Override
    public void close() {
        // Holds nothing but memory.
    }
}
