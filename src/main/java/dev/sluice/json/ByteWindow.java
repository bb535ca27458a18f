package dev.sluice.json;

import dev.sluice.json.MalformedJson.Kind;
import java.io.IOException;
import java.io.InputStream;

/**
 * A window that moves over a body.
 *
 * <p>What lies between the mark and the cursor stays contiguous in the buffer, so that a value can be handed on without
 * being copied. The buffer grows with the largest marked value, never with the body. Not thread-safe: one request owns it.
 */
final class ByteWindow {

    static final int UNKNOWN_BYTES = 16 * 1024;
    private static final int LEAST_BYTES = 256;
    private static final int MOST_BYTES = 64 * 1024;

    /** Room beyond the largest value, so that near the bound each read still brings more than a few bytes. */
    static final int SLACK_BYTES = 8 * 1024;

    private static final int NO_MARK = -1;

    // Open to the scanners of this package: their inner loops run over the array itself.
    byte[] buffer;
    int cursor;
    int limit;
    long line = 1;

    private final InputStream body;
    private long discarded;
    private int filled;
    private boolean ended;
    private int mark = NO_MARK;
    private int maxMarkedBytes;
    private long markedLine;

    ByteWindow(InputStream body) {
        this(body, -1);
    }

    /** Begins as large as a body of that length needs; negative if it is unknown. */
    ByteWindow(InputStream body, long bodyBytes) {
        this.body = body;
        // One more: the end of the body shows in a read of its own.
        this.buffer = new byte
                [bodyBytes < 0 ? UNKNOWN_BYTES : (int) Math.max(LEAST_BYTES, Math.min(MOST_BYTES, bodyBytes + 1))];
    }

    /** The position of the cursor in the body. */
    long offset() {
        return discarded + cursor;
    }

    /** Keeps the bytes from the cursor on, until {@link #release}; reading more than {@code maxBytes} of them fails. */
    void mark(int maxBytes) {
        mark = cursor;
        maxMarkedBytes = maxBytes;
        markedLine = line;
        limit = visible();
    }

    /** Drops the mark and returns its index; the bytes stay where they are until the next refill. */
    int release() {
        if (cursor - mark > maxMarkedBytes) {
            throw tooLarge();
        }
        int start = mark;
        mark = NO_MARK;
        limit = filled;
        return start;
    }

    /** The byte under the cursor, or {@link MalformedJson#END}. */
    int current() throws IOException {
        while (cursor == limit) {
            if (!refill()) {
                return MalformedJson.END;
            }
        }
        return buffer[cursor] & 0xFF;
    }

    /** Reads on until {@code count} bytes are there from the cursor on; false where the body ends before. */
    boolean has(int count) throws IOException {
        while (limit - cursor < count) {
            if (!refill()) {
                return false;
            }
        }
        return true;
    }

    /** Reads more bytes, false at the end of the body. Moves the bytes: indexes into the buffer are stale afterwards. */
    boolean refill() throws IOException {
        if (mark != NO_MARK && limit - mark > maxMarkedBytes) {
            throw tooLarge();
        }
        if (ended) {
            return false;
        }
        if (filled == buffer.length) {
            makeRoom();
        }
        int count = body.read(buffer, filled, buffer.length - filled);
        ended = count < 0;
        filled += Math.max(count, 0);
        limit = visible();
        return !ended;
    }

    MalformedJson malformed(Kind kind, String message) {
        return new MalformedJson(kind, message, offset(), line);
    }

    // One byte more than allowed, and never more: what is found wrong must not depend on how the body was cut by the
    // network.
    private int visible() {
        return mark == NO_MARK ? filled : Math.min(filled, mark + maxMarkedBytes + 1);
    }

    private void makeRoom() {
        int keep = mark == NO_MARK ? cursor : mark;
        int kept = filled - keep;
        byte[] target = buffer;
        int bound = maxMarkedBytes + SLACK_BYTES;
        if (kept > buffer.length / 2 && buffer.length < bound) {
            target = new byte[(int) Math.min(2L * buffer.length, bound)];
        }
        System.arraycopy(buffer, keep, target, 0, kept);
        buffer = target;
        discarded += keep;
        cursor -= keep;
        filled = kept;
        if (mark != NO_MARK) {
            mark = 0;
        }
    }

    private MalformedJson tooLarge() {
        return new MalformedJson(
                Kind.RECORD_SIZE,
                "the value that starts here is longer than " + maxMarkedBytes + " bytes",
                discarded + mark,
                markedLine);
    }
}
