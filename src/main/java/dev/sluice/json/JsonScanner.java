package dev.sluice.json;

import dev.sluice.json.MalformedJson.Kind;
import dev.sluice.json.Mistakes.Wanted;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/**
 * Reads a body of JSON as a stream: validates values strictly (RFC 8259) and hands out their bytes, never a tree.
 *
 * <p>The bytes of the last value are valid until the next call. After a {@link MalformedJson} the scanner is of no more use.
 * Not thread-safe: one request owns it.
 */
public final class JsonScanner {

    /** How line feeds are taken. */
    public enum Form {
        /** White space like any other. */
        DOCUMENT,
        /** The end of a value: {@link #peek} alone goes past it. */
        LINES
    }

    private static final int MAX_NAME_BYTES = 256;
    private static final int MAX_QUOTED_CHARACTERS = 40;
    private static final int LEAST_ENVELOPE_BYTES = 1024;
    private static final Pattern DIGITS = Pattern.compile("\"[0-9]{1,19}\"");

    private final ByteWindow window;
    private final JsonLimits limits;
    private final StringScanner strings;
    private final ValueScanner values;
    private int start;
    private int length;

    /** Starts at the beginning of {@code body}. */
    public JsonScanner(InputStream body, JsonLimits limits, Form form) {
        this(new ByteWindow(body), limits, form);
    }

    /** Starts at the beginning of {@code body}, which has so many bytes; negative if that is unknown. */
    public JsonScanner(InputStream body, long bodyBytes, JsonLimits limits, Form form) {
        this(new ByteWindow(body, bodyBytes), limits, form);
    }

    JsonScanner(ByteWindow window, JsonLimits limits, Form form) {
        this.window = window;
        this.limits = limits;
        this.strings = new StringScanner(window);
        this.values = new ValueScanner(window, limits, form == Form.LINES);
    }

    /** Skips white space and returns the byte that follows without consuming it, or {@link MalformedJson#END}. */
    public int peek() throws IOException {
        return values.skipBlanks(false);
    }

    /** Like {@link #peek}, but stops at a line feed. */
    public int peekInLine() throws IOException {
        return values.skipBlanks(true);
    }

    /** Consumes this byte, which must be the next one after white space. */
    public void expect(char wanted) throws IOException {
        if (values.skipBlanks() != wanted) {
            throw values.unexpected(
                    "expected " + MalformedJson.describe(wanted),
                    wanted == '{' || wanted == '[' ? Wanted.VALUE : Wanted.PUNCTUATION);
        }
        if (wanted == '\n') {
            window.line++;
        }
        window.cursor++;
    }

    /** Consumes the comma that is next, and returns whether there was one; {@code closing} must not follow it. */
    public boolean comma(char closing) throws IOException {
        if (values.skipBlanks() != ',') {
            return false;
        }
        window.cursor++;
        if (values.skipBlanks() == closing) {
            throw values.trailingComma();
        }
        return true;
    }

    /** Returns what to throw where the next byte is none of those that may separate or end values. */
    public MalformedJson unexpected(String expected) throws IOException {
        return values.unexpected(expected, Wanted.PUNCTUATION);
    }

    /** Returns what to do about the next byte, which is not the beginning of a value: ": " and the advice, or nothing. */
    public String hint() throws IOException {
        return Mistakes.hint(window, Wanted.VALUE);
    }

    /** Validates the value that comes next and makes its bytes available. */
    public void scanValue() throws IOException {
        scanValue(limits.maxRecordBytes());
    }

    /** Reads the name of a member and the colon behind it. */
    public String memberName() throws IOException {
        if (values.skipBlanks() != '"') {
            throw values.unexpected("expected a member name in double quotes", Wanted.NAME);
        }
        window.mark(MAX_NAME_BYTES * 2);
        strings.scan(MAX_NAME_BYTES);
        int end = window.cursor;
        int from = window.release();
        String name = StringScanner.decode(window.buffer, from + 1, end - from - 2);
        values.colon();
        return name;
    }

    /**
     * Reads a value that must be an integer, at least 0, that fits a {@code long}; or a string of its digits, from
     * clients whose numbers are doubles.
     */
    public long nonNegativeInteger() throws IOException {
        int first = values.skipBlanks();
        if (first == MalformedJson.END || first == '{' || first == '[') {
            throw values.unexpected("expected an integer", Wanted.PUNCTUATION);
        }
        long offset = window.offset();
        scanValue(Math.max(limits.maxRecordBytes(), LEAST_ENVELOPE_BYTES));
        String text = lastText();
        try {
            if (first == '"' && DIGITS.matcher(text).matches()) {
                return Long.parseLong(text, 1, text.length() - 1, 10);
            }
            if (first >= '0' && first <= '9') {
                return Long.parseLong(text);
            }
        } catch (NumberFormatException e) {
            // Told below, in words that are not Java's.
        }
        String quoted = text.length() > MAX_QUOTED_CHARACTERS ? text.substring(0, MAX_QUOTED_CHARACTERS) + "…" : text;
        throw new MalformedJson(
                Kind.SYNTAX,
                "expected an integer from 0 to " + Long.MAX_VALUE + ", in digits, but found " + quoted,
                offset,
                window.line);
    }

    /** Reads a value that must be a string. */
    public String text() throws IOException {
        if (values.skipBlanks() != '"') {
            throw values.unexpected("expected a string", Wanted.VALUE);
        }
        scanValue();
        return StringScanner.decode(window.buffer, start + 1, length - 2);
    }

    /**
     * Returns the text of a string that was found valid, given without its quotes; halves of surrogate pairs stay what they
     * are.
     */
    public static String unescaped(byte[] bytes, int start, int length) {
        return StringScanner.decode(bytes, start, length);
    }

    /** The array that holds the last value; it changes from call to call. */
    public byte[] buffer() {
        return window.buffer;
    }

    /** Where in {@link #buffer} the last value starts. */
    public int start() {
        return start;
    }

    /** How many bytes the last value has. */
    public int length() {
        return length;
    }

    /** The position in the body of the next byte. */
    public long offset() {
        return window.offset();
    }

    /** The line, from 1, of the next byte. */
    public long line() {
        return window.line;
    }

    private void scanValue(int maxBytes) throws IOException {
        values.skipBlanks();
        window.mark(maxBytes);
        values.scan();
        start = window.release();
        length = window.cursor - start;
    }

    private String lastText() {
        int end = Math.min(length, MAX_QUOTED_CHARACTERS + 1);
        return new String(window.buffer, start, end, StandardCharsets.UTF_8);
    }
}
