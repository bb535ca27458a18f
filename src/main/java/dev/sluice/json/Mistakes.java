package dev.sluice.json;

import java.io.IOException;

/** Tells of what is often sent in place of JSON what to send instead. */
final class Mistakes {

    /** What the byte under the cursor should have begun. */
    enum Wanted {
        VALUE,
        NAME,
        /** What stands between values or behind them. */
        PUNCTUATION
    }

    private static final int NUL = 0x00;

    private Mistakes() {}

    /** Returns ": " and the advice, or nothing. Reads on by a few bytes at most, and only where they make a difference. */
    static String hint(ByteWindow window, Wanted wanted) throws IOException {
        String advice = advice(window, window.current(), wanted);
        return advice.isEmpty() ? "" : ": " + advice;
    }

    private static String advice(ByteWindow window, int found, Wanted wanted) throws IOException {
        String anywhere = anywhere(window, found);
        if (!anywhere.isEmpty() || wanted == Wanted.PUNCTUATION) {
            return anywhere;
        }
        if (wanted == Wanted.NAME) {
            return isLetter(found) ? "names stand in double quotes, like {\"id\": 7}" : "";
        }
        String atTheStart = window.offset() == 0 ? atTheStart(window, found) : "";
        return atTheStart.isEmpty() ? inPlaceOfAValue(found) : atTheStart;
    }

    private static String anywhere(ByteWindow window, int found) throws IOException {
        return switch (found) {
            case NUL -> "this may be UTF-16 or UTF-32; send UTF-8";
            case '\'' -> "strings and names stand in double quotes";
            case '/', '#' -> "JSON has no comments";
            case '\\' -> "a backslash stands inside strings only; the shell may have kept one before a quote";
            case 0xC2 -> follows(window, 0xA0) ? "this is a no-break space; send an ordinary one" : "";
            case 0xE2 ->
                follows(window, 0x80, 0x9C) || follows(window, 0x80, 0x9D) || follows(window, 0x80, 0x98)
                        ? "these are typographic quotes; strings and names stand in straight double quotes"
                        : "";
            default -> "";
        };
    }

    private static String atTheStart(ByteWindow window, int found) throws IOException {
        return switch (found) {
            case '<' -> "this may be XML or HTML; send JSON, like {\"id\": 7}";
            case '%' -> "this may be URL-encoded; send the body as it is, with curl by --data-binary";
            case 0x1E -> "these may be JSON text sequences; send a value on each line, without the separators 0x1E";
            case 0x1F -> follows(window, 0x8B) ? compressed("gzip") : "";
            case '(' -> follows(window, 0xB5, 0x2F, 0xFD) ? compressed("zstd") : "";
            case 0xFE -> follows(window, 0xFF) ? "this is UTF-16; send UTF-8" : "";
            case 0xFF -> follows(window, 0xFE) ? "this is UTF-16 or UTF-32; send UTF-8" : "";
            default -> isLetter(found) && found != 'N' && found != 'I' ? word(true) : "";
        };
    }

    private static String inPlaceOfAValue(int found) {
        return switch (found) {
            case 'N', 'I' -> "JSON has no NaN, Infinity or None: send null or a string";
            case '+' -> "a number has no plus sign";
            case '.' -> "a number has a digit before its decimal point, like 0.5";
            default -> isLetter(found) ? word(false) : "";
        };
    }

    /** Returns the advice for a word that is none of JSON's, perhaps the first of the body. */
    static String word(boolean first) {
        return "true, false and null, in small letters, are the only words; a text stands in double quotes"
                + (first ? ". CSV, YAML and forms are not understood: send JSON, like {\"id\": 7}" : "");
    }

    private static String compressed(String coding) {
        return "the body is compressed; add the header Content-Encoding: " + coding;
    }

    private static boolean isLetter(int found) {
        return (found >= 'a' && found <= 'z') || (found >= 'A' && found <= 'Z') || found == '_' || found == '$';
    }

    private static boolean follows(ByteWindow window, int... bytes) throws IOException {
        if (!window.has(bytes.length + 1)) {
            return false;
        }
        for (int i = 0; i < bytes.length; i++) {
            if ((window.buffer[window.cursor + 1 + i] & 0xFF) != bytes[i]) {
                return false;
            }
        }
        return true;
    }
}
