package dev.sluice.json;

import dev.sluice.json.MalformedJson.Kind;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Validates JSON strings where they lie, down to the UTF-8 of each character. */
final class StringScanner {

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGHEST = 0x8080808080808080L;
    private static final long SPACES = ' ' * ONES;
    private static final long QUOTES = '"' * ONES;
    private static final long BACKSLASHES = '\\' * ONES;

    private static final boolean[] PLAIN = new boolean[256];

    static {
        for (int i = ' '; i < 0x80; i++) {
            PLAIN[i] = i != '"' && i != '\\';
        }
    }

    private final ByteWindow window;

    StringScanner(ByteWindow window) {
        this.window = window;
    }

    /** Scans from the opening quote under the cursor to behind the closing one. */
    void scan(int maxBytes) throws IOException {
        long opening = window.offset();
        long lastClosing = opening + 1 + maxBytes;
        window.cursor++;
        while (true) {
            byte[] bytes = window.buffer;
            int at = window.cursor;
            int end = window.limit;
            at = plainUntil(bytes, at, end);
            window.cursor = at;
            if (window.offset() > lastClosing) {
                throw new MalformedJson(
                        Kind.STRING_LENGTH,
                        "the string that starts here is longer than " + maxBytes + " bytes",
                        opening,
                        window.line);
            }
            if (at == end) {
                if (!window.refill()) {
                    throw truncated();
                }
            } else if (bytes[at] == '"') {
                window.cursor++;
                return;
            } else if (bytes[at] == '\\') {
                escape();
            } else if (bytes[at] < 0) {
                multibyteRun();
            } else {
                throw window.malformed(
                        Kind.SYNTAX,
                        "a string must not contain control characters unescaped, found "
                                + MalformedJson.describe(bytes[at]));
            }
        }
    }

    /** Returns the index of the first byte that is not plain. */
    private static int plainUntil(byte[] bytes, int from, int end) {
        int at = from;
        while (end - at >= Long.BYTES) {
            long eight = (long) LONGS.get(bytes, at);
            long found = below(eight ^ QUOTES, ONES)
                    | below(eight ^ BACKSLASHES, ONES)
                    | below(eight, SPACES)
                    | (eight & HIGHEST);
            if (found != 0) {
                return at + Long.numberOfTrailingZeros(found) / Byte.SIZE;
            }
            at += Long.BYTES;
        }
        while (at < end && PLAIN[bytes[at] & 0xFF]) {
            at++;
        }
        return at;
    }

    /* The highest bit of each byte below that of the other; perhaps of some above the lowest of them, too. */
    private static long below(long eight, long most) {
        return (eight - most) & ~eight & HIGHEST;
    }

    private void escape() throws IOException {
        window.cursor++;
        int kind = window.current();
        switch (kind) {
            case '"', '\\', '/', 'b', 'f', 'n', 'r', 't' -> window.cursor++;
            case 'u' -> {
                window.cursor++;
                for (int i = 0; i < 4; i++) {
                    if (Character.digit(asciiOrEnd(window.current()), 16) < 0) {
                        throw unexpected("expected four hexadecimal digits after \\u");
                    }
                    window.cursor++;
                }
            }
            default -> throw unexpected("expected one of \" \\ / b f n r t u after a backslash");
        }
    }

    private static int asciiOrEnd(int found) {
        return found < 0x80 ? found : MalformedJson.END;
    }

    private void multibyteRun() throws IOException {
        byte[] bytes = window.buffer;
        int at = window.cursor;
        int end = window.limit;
        while (at < end && bytes[at] < 0) {
            int lead = bytes[at] & 0xFF;
            int width = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
            if (end - at < width) {
                window.cursor = at;
                if (!window.has(width)) {
                    throw endsWithinCharacter();
                }
                bytes = window.buffer;
                at = window.cursor;
                end = window.limit;
            }
            if (!isWellFormed(bytes, at, lead)) {
                window.cursor = at;
                throw notUtf8();
            }
            at += width;
        }
        window.cursor = at;
    }

    // Table 3-7 of the Unicode standard: the second byte rules out overlong forms, surrogates and what is beyond
    // U+10FFFF.
    private static boolean isWellFormed(byte[] bytes, int at, int lead) {
        int second = bytes[at + 1] & 0xFF;
        if (lead < 0xE0) {
            return lead >= 0xC2 && second >= 0x80 && second <= 0xBF;
        }
        if (lead < 0xF0) {
            int least = lead == 0xE0 ? 0xA0 : 0x80;
            int most = lead == 0xED ? 0x9F : 0xBF;
            return second >= least && second <= most && isContinuation(bytes[at + 2]);
        }
        int least = lead == 0xF0 ? 0x90 : 0x80;
        int most = lead == 0xF4 ? 0x8F : 0xBF;
        return lead <= 0xF4
                && second >= least
                && second <= most
                && isContinuation(bytes[at + 2])
                && isContinuation(bytes[at + 3]);
    }

    private static boolean isContinuation(byte value) {
        return (value & 0xC0) == 0x80;
    }

    // A body in Latin-1 that ends right behind a letter with an accent is no truncated body.
    private MalformedJson endsWithinCharacter() {
        for (int i = window.cursor + 1; i < window.limit; i++) {
            if (!isContinuation(window.buffer[i])) {
                return notUtf8();
            }
        }
        return truncated();
    }

    private MalformedJson notUtf8() {
        return window.malformed(
                Kind.ENCODING,
                "a string must be valid UTF-8, but no character starts with "
                        + MalformedJson.describe(window.buffer[window.cursor] & 0xFF) + " and what follows it");
    }

    private MalformedJson truncated() {
        return window.malformed(Kind.TRUNCATED, "the body ends inside a string");
    }

    private MalformedJson unexpected(String expected) throws IOException {
        int found = window.current();
        return found == MalformedJson.END
                ? truncated()
                : window.malformed(Kind.SYNTAX, expected + " but found " + MalformedJson.describe(found));
    }

    /** The text of a scanned string, given without its quotes. */
    static String decode(byte[] bytes, int start, int length) {
        String raw = new String(bytes, start, length, StandardCharsets.UTF_8);
        if (raw.indexOf('\\') < 0) {
            return raw;
        }
        StringBuilder text = new StringBuilder(raw.length());
        int at = 0;
        while (at < raw.length()) {
            char c = raw.charAt(at++);
            if (c != '\\') {
                text.append(c);
                continue;
            }
            char escaped = raw.charAt(at++);
            switch (escaped) {
                case 'b' -> text.append('\b');
                case 'f' -> text.append('\f');
                case 'n' -> text.append('\n');
                case 'r' -> text.append('\r');
                case 't' -> text.append('\t');
                case 'u' -> {
                    text.append((char) Integer.parseInt(raw, at, at + 4, 16));
                    at += 4;
                }
                default -> text.append(escaped);
            }
        }
        return text.toString();
    }
}
