package dev.sluice.column;

import dev.sluice.json.JsonScanner;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * Writes JSON values as the text that the input function of a column's type reads. What the text means is PostgreSQL's to
 * decide.
 */
final class ValueWriter {

    /* A number of so many bytes is a time, unless it has an exponent. */
    private static final int MOST_CERTAIN_BYTES = 12;
    private static final int MOST_CERTAIN_BYTES_OF_DAYS = 6;
    private static final String WRONG_TYPE = "42804";
    private static final String NOT_IN_TEXT = "22021";
    private static final String HALF_PAIR = "22P02";
    private static final String NO_BYTES = "22P03";
    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    private ValueWriter() {}

    /** Writes the value, which is not null, at {@code from} up to {@code to}; throws {@link MisfitException}. */
    static void write(byte[] bytes, int from, int to, MappedColumn column, Text out) {
        ColumnType type = column.type();
        if (type.json() && (bytes[from] != '"' || column.source().encoding() == null)) {
            out.put(bytes, from, to);
            return;
        }
        switch (bytes[from]) {
            case '"' -> string(bytes, from + 1, to - 1, column, out);
            case '[' -> {
                if (type.array()) {
                    array(bytes, from, to, type.arrayOfJson(), out);
                } else {
                    whole("an array", bytes, from, to, column, out);
                }
            }
            case '{' -> whole("an object", bytes, from, to, column, out);
            case 't', 'f' -> out.put(bytes, from, to);
            default -> number(bytes, from, to, column, out);
        }
    }

    private static void whole(String kind, byte[] bytes, int from, int to, MappedColumn column, Text out) {
        if (!column.type().takesAnyJson()) {
            throw new MisfitException(
                    WRONG_TYPE,
                    kind + " is no value of type " + column.type().name() + ": " + shown(bytes, from, to),
                    "name a member of it, like " + column.source().from() + "/name, or make the column jsonb");
        }
        out.put(bytes, from, to);
    }

    private static String shown(byte[] bytes, int from, int to) {
        String text = new String(bytes, from, Math.min(to - from, 100), StandardCharsets.UTF_8);
        return to - from > 100 ? text + "…" : text;
    }

    private static void string(byte[] bytes, int from, int to, MappedColumn column, Text out) {
        StringEncoding encoding = column.source().encoding();
        if (encoding == null || encoding == StringEncoding.JSON) {
            unescape(bytes, from, to, out);
            return;
        }
        String text = JsonScanner.unescaped(bytes, from, to - from);
        out.put("\\x");
        if (encoding == StringEncoding.HEX) {
            out.put(text);
            return;
        }
        for (byte value : base64(text)) {
            out.put(HEX[value >> 4 & 0xF]);
            out.put(HEX[value & 0xF]);
        }
    }

    private static byte[] base64(String text) {
        try {
            boolean forUrls = text.indexOf('-') >= 0 || text.indexOf('_') >= 0;
            return (forUrls ? Base64.getUrlDecoder() : Base64.getDecoder()).decode(text);
        } catch (IllegalArgumentException e) {
            throw new MisfitException(NO_BYTES, "the string is not base64: " + e.getMessage(), null);
        }
    }

    /** Writes the text of a string without its quotes. */
    static void unescape(byte[] bytes, int from, int to, Text out) {
        if (JsonText.scanString(bytes, from - 1) >= 0) {
            out.put(bytes, from, to); // none at all
            return;
        }
        int plain = from;
        int at = from;
        while (at < to) {
            if (bytes[at] != '\\') {
                at++;
                continue;
            }
            out.put(bytes, plain, at);
            if (bytes[at + 1] == 'u') {
                at = codePoint(bytes, at, to, out);
            } else {
                out.put(plain(bytes[at + 1]));
                at += 2;
            }
            plain = at;
        }
        out.put(bytes, plain, to);
    }

    private static int codePoint(byte[] bytes, int at, int to, Text out) {
        char unit = unit(bytes, at + 2);
        if (unit == 0) {
            throw new MisfitException(
                    NOT_IN_TEXT, "\\u0000 cannot be stored in a column other than json, text included", "remove it");
        }
        if (!Character.isSurrogate(unit)) {
            out.put(String.valueOf(unit));
            return at + 6;
        }
        boolean paired =
                Character.isHighSurrogate(unit) && at + 12 <= to && bytes[at + 6] == '\\' && bytes[at + 7] == 'u';
        char low = paired ? unit(bytes, at + 8) : 0;
        if (!Character.isLowSurrogate(low)) {
            throw new MisfitException(
                    HALF_PAIR,
                    "the escape " + new String(bytes, at, 6, StandardCharsets.US_ASCII) + " is half a surrogate pair",
                    "write the character itself or both halves");
        }
        out.put(new String(new char[] {unit, low}));
        return at + 12;
    }

    private static byte plain(byte kind) {
        return switch (kind) {
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            default -> kind;
        };
    }

    private static char unit(byte[] bytes, int at) {
        int unit = 0;
        for (int i = at; i < at + 4; i++) {
            unit = unit << 4 | Character.digit(bytes[i], 16);
        }
        return (char) unit;
    }

    private static void number(byte[] bytes, int from, int to, MappedColumn column, Text out) {
        EpochUnit unit = column.source().unit();
        if (unit == null) {
            out.put(bytes, from, to);
        } else {
            EpochTime.write(bytes, from, to, unit, column.type(), out);
        }
    }

    private static void array(byte[] bytes, int from, int to, boolean json, Text out) {
        out.put((byte) '{');
        int next = JsonText.skipBlanks(bytes, from + 1);
        while (bytes[next] != ']') {
            int end = JsonText.endOfValue(bytes, next, to);
            element(bytes, next, end, json, out);
            next = JsonText.skipBlanks(bytes, end);
            if (bytes[next] == ',') {
                out.put((byte) ',');
                next = JsonText.skipBlanks(bytes, next + 1);
            }
        }
        out.put((byte) '}');
    }

    private static void element(byte[] bytes, int from, int to, boolean json, Text out) {
        byte first = bytes[from];
        if (first == 'n') {
            out.put("NULL");
        } else if (json || first == '{') {
            quoted(bytes, from, to, out);
        } else if (first == '[') {
            array(bytes, from, to, false, out);
        } else if (first == '"') {
            Text text = new Text(to - from);
            unescape(bytes, from + 1, to - 1, text);
            quoted(text.bytes(), 0, text.length(), out);
        } else {
            out.put(bytes, from, to);
        }
    }

    private static void quoted(byte[] bytes, int from, int to, Text out) {
        out.put((byte) '"');
        for (int i = from; i < to; i++) {
            if (bytes[i] == '"' || bytes[i] == '\\') {
                out.put((byte) '\\');
            }
            out.put(bytes[i]);
        }
        out.put((byte) '"');
    }

    /**
     * Returns what is wrong with a value, null if PostgreSQL is to be asked. Most values are seen to be right without
     * being written.
     */
    static @Nullable MisfitException misfit(byte[] bytes, int from, int to, MappedColumn column, Text scratch) {
        if (!mayBeMisfit(bytes, from, to, column)) {
            return null;
        }
        try {
            scratch.clear();
            write(bytes, from, to, column, scratch);
            return null;
        } catch (MisfitException e) {
            return e;
        }
    }

    private static boolean mayBeMisfit(byte[] bytes, int from, int to, MappedColumn column) {
        if (column.type().json() && column.source().encoding() == null) {
            return false;
        }
        return switch (bytes[from]) {
            case '"' -> column.source().encoding() != null || hasEscapedUnit(bytes, from, to);
            case '[' -> !column.type().array() || hasEscapedUnit(bytes, from, to);
            case '{' -> true;
            default -> mayBeNoTime(bytes, from, to, column);
        };
    }

    private static boolean mayBeNoTime(byte[] bytes, int from, int to, MappedColumn column) {
        EpochUnit unit = column.source().unit();
        if (unit == null) {
            return false;
        }
        int certain = unit == EpochUnit.D ? MOST_CERTAIN_BYTES_OF_DAYS : MOST_CERTAIN_BYTES;
        return column.type().timeOfDay() || to - from > certain || hasExponent(bytes, from, to);
    }

    private static boolean hasExponent(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            if ((bytes[i] | 0x20) == 'e') {
                return true;
            }
        }
        return false;
    }

    private static boolean hasEscapedUnit(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            if (bytes[i] == '\\' && bytes[++i] == 'u') {
                return true;
            }
        }
        return false;
    }
}
