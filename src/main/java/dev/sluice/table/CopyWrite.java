package dev.sluice.table;

import dev.sluice.column.BigEndian;
import dev.sluice.sink.JointWrite;
import dev.sluice.sink.SinkRecord;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Rows by binary COPY, from the records' bytes without a string or an object for each: the fastest way into a table.
 * The format is that of PostgreSQL's documentation of COPY, "Binary Format".
 */
final class CopyWrite implements JointWrite {

    private static final Logger log = LoggerFactory.getLogger(CopyWrite.class);

    private static final byte[] SIGNATURE = {'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xFF, '\r', '\n', 0};
    private static final short FIELDS = 3;
    private static final short TRAILER = -1;
    private static final byte JSONB_VERSION = 1;

    /*
     * The statement timeout counts the time that the data takes to come. And the driver reads nothing before the end: the
     * notices of a trigger for so many rows must fit into the buffers of the connection.
     */
    private static final long BYTES_AT_A_TIME = 4 << 20;

    private final Connection connection;
    private final TableStatements table;
    private final CopyBuffers buffers;
    private byte[] buffer;
    private int used;
    private @Nullable CopyIn copy;
    private long rows;
    private long bytes;
    private String partition = "";
    private byte[] partitionBytes = new byte[0];

    CopyWrite(Connection connection, TableStatements table, CopyBuffers buffers) {
        this.connection = connection;
        this.table = table;
        this.buffers = buffers;
        this.buffer = buffers.take();
    }

    @Override
    public void add(String forPart, SinkRecord record) {
        if (!forPart.equals(partition)) {
            partition = forPart;
            partitionBytes = forPart.getBytes(StandardCharsets.UTF_8);
        }
        try {
            row(copy == null ? begin() : copy, record);
            if (bytes >= BYTES_AT_A_TIME) {
                end();
            }
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    private RuntimeException failed(SQLException e) {
        if (LostCopy.closes(connection, e)) {
            copy = null;
        }
        return table.failed(e, table.copy());
    }

    private CopyIn begin() throws SQLException {
        CopyIn begun = connection.unwrap(PGConnection.class).getCopyAPI().copyIn(table.copy());
        copy = begun;
        rows = 0;
        bytes = 0;
        System.arraycopy(SIGNATURE, 0, buffer, 0, SIGNATURE.length);
        used = SIGNATURE.length;
        putInt(0); // flags
        putInt(0); // no header extension
        return begun;
    }

    private void row(CopyIn to, SinkRecord record) throws SQLException {
        int version = table.dataType() == DataType.JSONB ? 1 : 0;
        int size = Short.BYTES + 3 * Integer.BYTES + partitionBytes.length + Long.BYTES + version + record.length();
        if (buffer.length - used < size) {
            send(to);
        }
        if (buffer.length < size) {
            buffers.giveBack(buffer);
            buffer = new byte[size];
        }
        putShort(FIELDS);
        putInt(partitionBytes.length);
        System.arraycopy(partitionBytes, 0, buffer, used, partitionBytes.length);
        used += partitionBytes.length;
        putInt(Long.BYTES);
        BigEndian.putLong(buffer, used, record.offset());
        used += Long.BYTES;
        putInt(version + record.length());
        if (version > 0) {
            buffer[used++] = JSONB_VERSION;
        }
        record.copyTo(buffer, used);
        used += record.length();
        rows++;
        bytes += size;
    }

    private void putInt(int value) {
        BigEndian.putInt(buffer, used, value);
        used += Integer.BYTES;
    }

    private void putShort(short value) {
        BigEndian.putShort(buffer, used, value);
        used += Short.BYTES;
    }

    private void send(CopyIn to) throws SQLException {
        to.writeToCopy(buffer, 0, used);
        used = 0;
    }

    @Override
    public void flush() {
        try {
            end();
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    private void end() throws SQLException {
        CopyIn ending = copy;
        if (ending == null) {
            return;
        }
        if (buffer.length - used < Short.BYTES) {
            send(ending);
        }
        putShort(TRAILER);
        send(ending);
        copy = null;
        table.requireStored(ending.endCopy(), rows);
    }

    @Override
    public void close() {
        buffers.giveBack(buffer);
        buffer = new byte[0];
        CopyIn left = copy;
        copy = null;
        if (left != null && left.isActive()) {
            try {
                left.cancelCopy();
            } catch (SQLException e) {
                failed(e);
                log.debug("A COPY could not be taken back; its transaction is rolled back anyway", e);
            }
        }
    }
}
