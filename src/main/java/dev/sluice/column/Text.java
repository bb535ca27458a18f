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
