package dev.sluice.sink;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;

/**
 * One record: its offset and the raw bytes of one JSON value, exactly as the writer sent them (valid JSON in valid
 * UTF-8, without white space around it). Immutable.
 */
public final class SinkRecord {

    private final long offset;
    private final byte[] buffer;
    private final int start;
    private final int length;

    /** Takes ownership of {@code value}: the caller must not change it afterwards. */
    public SinkRecord(long offset, byte[] value) {
        this(offset, value, 0, value.length);
    }

    /** Makes a record of a part of {@code buffer}, which nobody may change afterwards. */
    public SinkRecord(long offset, byte[] buffer, int start, int length) {
        Objects.checkFromIndexSize(start, length, buffer.length);
        this.offset = offset;
        this.buffer = buffer;
        this.start = start;
        this.length = length;
    }

    /** Returns the writer's position of this record in its partition: 0 … 2<sup>63</sup>−2. */
    public long offset() {
        return offset;
    }

    /** Returns the length of the value in bytes. */
    public int length() {
        return length;
    }

    /** Returns the byte at {@code index} of the value. */
    public byte byteAt(int index) {
        return buffer[start + Objects.checkIndex(index, length)];
    }

    /** Writes the value's bytes. */
    public void writeTo(OutputStream out) throws IOException {
        out.write(buffer, start, length);
    }

    /** Copies the value's bytes to {@code target}, from index {@code at} on. */
    public void copyTo(byte[] target, int at) {
        System.arraycopy(buffer, start, target, at, length);
    }

    /** Returns the index of the first {@code wanted} byte at or after {@code from}, −1 if there is none. */
    public int indexOf(byte wanted, int from) {
        int end = start + length;
        for (int i = start + from; i < end; i++) {
            if (buffer[i] == wanted) {
                return i - start;
            }
        }
        return -1;
    }

    /** Returns a copy of the value's bytes. */
    public byte[] toByteArray() {
        return Arrays.copyOfRange(buffer, start, start + length);
    }

    /** Returns the value as JSON text. */
    public String json() {
        return new String(buffer, start, length, StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return "SinkRecord[offset=" + offset + ", " + length + " bytes]";
    }
}
