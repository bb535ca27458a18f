package dev.sluice.column;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Walks over the bytes of valid JSON. What is not valid was refused before. The arrays have {@link #SPARE} bytes more than
 * the JSON has.
 */
final class JsonText {

    /** How many bytes are read at once. */
    static final int SPARE = Long.BYTES;

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGHEST = 0x8080808080808080L;
    private static final long QUOTES = '"' * ONES;
    private static final long BACKSLASHES = '\\' * ONES;

    private JsonText() {}

    /** Returns where the blanks from {@code at} on end. */
    static int skipBlanks(byte[] bytes, int at) {
        int next = at;
        while (bytes[next] == ' ' || bytes[next] == '\n' || bytes[next] == '\r' || bytes[next] == '\t') {
            next++;
        }
        return next;
    }

    /** Returns where the string that begins at {@code at} ends: behind its closing quote. */
    static int endOfString(byte[] bytes, int at) {
        int end = scanString(bytes, at);
        return end < 0 ? ~end : end;
    }

    /** Returns the same; where the string has escapes, its bitwise complement. */
    static int scanString(byte[] bytes, int at) {
        int next = at + 1;
        boolean escaped = false;
        while (true) {
            long eight = (long) LONGS.get(bytes, next);
            long found = zeros(eight ^ QUOTES) | zeros(eight ^ BACKSLASHES);
            if (found == 0) {
                next += Long.BYTES;
                continue;
            }
            next += Long.numberOfTrailingZeros(found) / Byte.SIZE;
            if (bytes[next] == '"') {
                return escaped ? ~(next + 1) : next + 1;
            }
            escaped = true;
            next += 2;
        }
    }

    /* The highest bit of bytes that are zero; and perhaps of some above the lowest of them. */
    private static long zeros(long eight) {
        return (eight - ONES) & ~eight & HIGHEST;
    }

    /** Returns where the value that begins at {@code at} ends; {@code most} is the end of all bytes. */
    static int endOfValue(byte[] bytes, int at, int most) {
        return switch (bytes[at]) {
            case '"' -> endOfString(bytes, at);
            case '{', '[' -> endOfContainer(bytes, at);
            default -> endOfWord(bytes, at, most);
        };
    }

    private static int endOfContainer(byte[] bytes, int at) {
        int depth = 0;
        int next = at;
        do {
            switch (bytes[next]) {
                case '"' -> next = endOfString(bytes, next) - 1;
                case '{', '[' -> depth++;
                case '}', ']' -> depth--;
                default -> {
                    // between the values
                }
            }
            next++;
        } while (depth > 0);
        return next;
    }

    private static int endOfWord(byte[] bytes, int at, int most) {
        int next = at;
        while (next < most) {
            byte found = bytes[next];
            if (found == ',' || found == '}' || found == ']' || found <= ' ') {
                break;
            }
            next++;
        }
        return next;
    }
}
