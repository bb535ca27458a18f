package dev.sluice.json;

import dev.sluice.json.MalformedJson.Kind;
import java.io.IOException;

/** Validates JSON numbers where they lie; it never computes one. */
final class NumberScanner {

    private final ByteWindow window;
    private final JsonLimits limits;

    NumberScanner(ByteWindow window, JsonLimits limits) {
        this.window = window;
        this.limits = limits;
    }

    /** Scans from the first byte of a number under the cursor to the first byte that cannot belong to it. */
    void scan() throws IOException {
        long start = window.offset();
        if (window.current() == '-') {
            window.cursor++;
        }
        if (window.current() == '0') {
            window.cursor++;
            if (isDigit(window.current())) {
                throw window.malformed(Kind.SYNTAX, "a number must not start with a zero and another digit");
            }
        } else {
            digits("after the minus sign");
        }
        if (window.current() == '.') {
            window.cursor++;
            digits("after the decimal point");
        }
        if ((window.current() | 0x20) == 'e') {
            window.cursor++;
            exponent(start);
        }
        if (window.offset() - start > limits.maxNumberLength()) {
            throw beyond(Kind.NUMBER_LENGTH, start, "is longer than " + limits.maxNumberLength() + " characters");
        }
    }

    private void digits(String where) throws IOException {
        requireDigit(where);
        do {
            byte[] bytes = window.buffer;
            int at = window.cursor;
            int end = window.limit;
            while (at < end && isDigit(bytes[at])) {
                at++;
            }
            window.cursor = at;
        } while (isDigit(window.current()));
    }

    private void exponent(long start) throws IOException {
        int sign = window.current();
        if (sign == '+' || sign == '-') {
            window.cursor++;
        }
        requireDigit("in the exponent");
        int exponent = 0;
        for (int digit = window.current(); isDigit(digit); digit = window.current()) {
            // Stops growing once too large, so that no number of digits overflows it.
            exponent = exponent > limits.maxExponent() ? exponent : exponent * 10 + digit - '0';
            window.cursor++;
        }
        if (exponent > limits.maxExponent()) {
            throw beyond(Kind.EXPONENT, start, "has an exponent beyond " + limits.maxExponent());
        }
    }

    private void requireDigit(String where) throws IOException {
        int found = window.current();
        if (!isDigit(found)) {
            throw window.malformed(
                    found == MalformedJson.END ? Kind.TRUNCATED : Kind.SYNTAX,
                    "expected a digit " + where + " but found " + MalformedJson.describe(found)
                            + (found == 'I' ? Mistakes.hint(window, Mistakes.Wanted.VALUE) : ""));
        }
    }

    private MalformedJson beyond(Kind kind, long start, String how) {
        return new MalformedJson(kind, "the number that starts here " + how, start, window.line);
    }

    private static boolean isDigit(int found) {
        return found >= '0' && found <= '9';
    }
}
