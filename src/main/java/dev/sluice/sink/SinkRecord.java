package dev.sluice.sink;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * One record: its offset and the raw bytes of one JSON value, exactly as the writer sent them (valid JSON in valid
 * UTF-8, without white space around it). Immutable.
 */
public final class SinkRecord {

    private final long offset;
    private final byte[] value;

    /** Takes ownership of {@code value}: the caller must not change it afterwards. */
    public SinkRecord(long offset, byte[] value) {
        this.offset = offset;
        this.value = value;
    }

    /** Returns the writer's position of this record in its partition: 0 … 2<sup>63</sup>−2. */
    public long offset() {
        return offset;
    }

    /** Returns the length of the value in bytes. */
    public int length() {
        return value.length;
    }

    /** Returns the byte at {@code index} of the value. */
    public byte byteAt(int index) {
        return value[index];
    }

    /** Writes the value's bytes. */
    public void writeTo(OutputStream out) throws IOException {
        out.write(value);
    }

    /** Returns a copy of the value's bytes. */
    public byte[] toByteArray() {
        return value.clone();
    }

    /** Returns the value as JSON text. */
    public String json() {
        return new String(value, StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return "SinkRecord[offset=" + offset + ", " + value.length + " bytes]";
    }
}
