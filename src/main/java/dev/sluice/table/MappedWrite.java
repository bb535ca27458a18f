package dev.sluice.table;

import dev.sluice.sink.JointWrite;
import dev.sluice.sink.SinkRecord;
import java.sql.SQLException;

/** Records into columns of their own. */
record MappedWrite(MappedRows rows, TableStatements table) implements JointWrite {

    private static final long BYTES_AT_A_TIME = 4 << 20;
    private static final int GROUPS_AT_A_TIME = 200;

    @Override
    public void add(String forPart, SinkRecord record) {
        rows.add(forPart, record);
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
