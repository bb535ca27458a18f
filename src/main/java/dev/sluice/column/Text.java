package dev.sluice.column;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Bytes that grow at their end. One thread. */
public final class Text {

    private byte[] bytes;
    private int length;

    public Text(int capacity) {
        this.bytes = new byte[capacity];
    }

    /** Begins with an array, which belongs to it from now on. */
    public Text(byte[] bytes) {
        this.bytes = bytes;
    }

    /** Returns the array that the bytes lie in, from its beginning; another one after they have grown. */
    public byte[] bytes() {
        return bytes;
    }

    public int length() {
        return length;
    }

    public void clear() {
        length = 0;
    }

    /** Takes back all from a length on. */
    public void cut(int to) {
        length = to;
    }

    public void put(byte value) {
        room(1);
        bytes[length++] = value;
    }

    public void put(byte[] from, int start, int end) {
        room(end - start);
        System.arraycopy(from, start, bytes, length, end - start);
        length += end - start;
    }

    public void put(String text) {
        byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
        put(encoded, 0, encoded.length);
    }

    /** Puts two bytes, as all of these the higher one first. */
    public void putShort(int value) {
        room(Short.BYTES);
        BigEndian.putShort(bytes, length, (short) value);
        length += Short.BYTES;
    }

    /** Puts four bytes. */
    public void putInt(int value) {
        room(Integer.BYTES);
        BigEndian.putInt(bytes, length, value);
        length += Integer.BYTES;
    }

    /** Puts eight bytes. */
    public void putLong(long value) {
        room(Long.BYTES);
        BigEndian.putLong(bytes, length, value);
        length += Long.BYTES;
    }

    /** Writes four bytes over those that are there. */
    void setInt(int at, int value) {
        BigEndian.putInt(bytes, at, value);
    }

    /** Puts a number, at least 0, of at least so many digits. */
    public void put(long number, int leastDigits) {
        int digits = 1;
        for (long rest = number / 10; rest > 0; rest /= 10) {
            digits++;
        }
        digits = Math.max(digits, leastDigits);
        room(digits);
        long rest = number;
        for (int at = length + digits - 1; at >= length; at--) {
            bytes[at] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        length += digits;
    }

    private void room(int more) {
        if (bytes.length - length < more) {
            bytes = Arrays.copyOf(bytes, Math.max(length + more, 2 * bytes.length));
        }
    }

    @Override
    public String toString() {
        return new String(bytes, 0, length, StandardCharsets.UTF_8);
    }
}
