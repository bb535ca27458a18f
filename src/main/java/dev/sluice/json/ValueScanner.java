package dev.sluice.json;

import dev.sluice.json.MalformedJson.Kind;
import dev.sluice.json.Mistakes.Wanted;
import java.io.IOException;
import java.util.Arrays;

/** Walks one value after the other, and the white space between them; the nesting is on a stack of its own, not on Java's. */
final class ValueScanner {

    private final ByteWindow window;
    private final JsonLimits limits;
    private final boolean inLine;
    private final StringScanner strings;
    private final NumberScanner numbers;
    private byte[] closers = new byte[16];
    private int depth;

    ValueScanner(ByteWindow window, JsonLimits limits, boolean inLine) {
        this.window = window;
        this.limits = limits;
        this.inLine = inLine;
        this.strings = new StringScanner(window);
        this.numbers = new NumberScanner(window, limits);
    }

    /** Scans the value that starts under the cursor; what lies behind it is the caller's. */
    void scan() throws IOException {
        depth = 0;
        do {
            if (beginValue(skipBlanks())) {
                endValue();
            }
        } while (depth > 0);
    }

    /** Skips white space within what one value may span and returns the byte that follows without consuming it. */
    int skipBlanks() throws IOException {
        return skipBlanks(inLine);
    }

    /** Consumes a scalar or an empty container and returns true, or the start of another container. */
    private boolean beginValue(int first) throws IOException {
        switch (first) {
            case '"' -> strings.scan(limits.maxStringBytes());
            case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> numbers.scan();
            case '{' -> {
                open('}');
                if (skipBlanks() != '}') {
                    member("expected a member name in double quotes or '}'");
                    return false;
                }
                close();
            }
            case '[' -> {
                open(']');
                if (skipBlanks() != ']') {
                    return false;
                }
                close();
            }
            case 't' -> literal("true");
            case 'f' -> literal("false");
            case 'n' -> literal("null");
            case ']' ->
                // An array that was not closed at once stands behind a comma here.
                throw depth > 0 && closers[depth - 1] == ']'
                        ? trailingComma()
                        : unexpected("expected a value", Wanted.VALUE);
            default -> throw unexpected("expected a value", Wanted.VALUE);
        }
        return true;
    }

    /** Closes what ends behind a value and goes on to the next one in the innermost container that is still open. */
    private void endValue() throws IOException {
        while (depth > 0) {
            int found = skipBlanks(inLine);
            byte closer = closers[depth - 1];
            if (found == ',') {
                window.cursor++;
                if (closer == '}') {
                    if (skipBlanks() == closer) {
                        throw trailingComma();
                    }
                    member("expected a member name in double quotes");
                }
                return;
            }
            if (found != closer) {
                throw unexpected("expected ',' or '" + (char) closer + "' after a value", Wanted.PUNCTUATION);
            }
            close();
        }
    }

    private void member(String expected) throws IOException {
        if (skipBlanks() != '"') {
            throw unexpected(expected, Wanted.NAME);
        }
        strings.scan(limits.maxStringBytes());
        colon();
    }

    /** Consumes the colon behind a name. */
    void colon() throws IOException {
        if (skipBlanks() != ':') {
            throw unexpected("expected ':' after a member name", Wanted.PUNCTUATION);
        }
        window.cursor++;
    }

    private void open(char closer) {
        if (depth == limits.maxDepth()) {
            throw window.malformed(
                    Kind.DEPTH, "arrays and objects must not be nested deeper than " + limits.maxDepth());
        }
        if (depth == closers.length) {
            closers = Arrays.copyOf(closers, 2 * depth);
        }
        closers[depth] = (byte) closer;
        depth++;
        window.cursor++;
    }

    private void close() {
        depth--;
        window.cursor++;
    }

    private void literal(String word) throws IOException {
        for (int i = 0; i < word.length(); i++) {
            if (window.current() != word.charAt(i)) {
                throw unexpected("expected " + word, ": " + Mistakes.word(window.offset() == i));
            }
            window.cursor++;
        }
    }

    /** Skips white space, on request only up to a line feed. */
    int skipBlanks(boolean stopAtLineFeed) throws IOException {
        while (true) {
            byte[] bytes = window.buffer;
            int end = window.limit;
            for (int at = window.cursor; at < end; at++) {
                byte found = bytes[at];
                if (found == '\n' && !stopAtLineFeed) {
                    window.line++;
                } else if (found != ' ' && found != '\t' && found != '\r') {
                    window.cursor = at;
                    refuseByteOrderMark(found);
                    return found & 0xFF;
                }
            }
            window.cursor = end;
            if (!window.refill()) {
                return MalformedJson.END;
            }
        }
    }

    private void refuseByteOrderMark(byte found) throws IOException {
        if (found != (byte) 0xEF || !window.has(3)) {
            return;
        }
        if (window.buffer[window.cursor + 1] == (byte) 0xBB && window.buffer[window.cursor + 2] == (byte) 0xBF) {
            throw window.malformed(Kind.ENCODING, "found a byte order mark; send UTF-8 without one");
        }
    }

    /** Returns what to throw where a list or object is closed behind a comma. */
    MalformedJson trailingComma() throws IOException {
        return unexpected("expected another one after the comma", ": leave the last comma out");
    }

    /** Tells what is under the cursor instead of what should be. */
    MalformedJson unexpected(String expected, Wanted wanted) throws IOException {
        return unexpected(expected, Mistakes.hint(window, wanted));
    }

    private MalformedJson unexpected(String expected, String hint) throws IOException {
        int found = window.current();
        String message = expected + " but found " + MalformedJson.describe(found);
        if (found == MalformedJson.END) {
            return window.malformed(Kind.TRUNCATED, message);
        }
        return window.malformed(
                Kind.SYNTAX,
                found == '\n' && inLine
                        ? message + ": a value must end on the line it starts on; a document of many lines goes as"
                                + " application/json, and jq -c puts each value on a line of its own"
                        : message + hint);
    }
}
