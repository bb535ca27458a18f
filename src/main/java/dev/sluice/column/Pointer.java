package dev.sluice.column;

import java.util.ArrayList;
import java.util.List;

/** A JSON Pointer (RFC 6901) as the list of its reference tokens. */
record Pointer(List<String> tokens) {

    private static final String ARRAY_INDEX = "0|[1-9][0-9]{0,8}";

    Pointer {
        tokens = List.copyOf(tokens);
    }

    /** Reads a pointer; throws {@link IllegalArgumentException} for what is none. */
    static Pointer parse(String text) {
        if (text.isEmpty()) {
            return new Pointer(List.of());
        }
        if (text.charAt(0) != '/') {
            throw new IllegalArgumentException("from: '" + text + "' is not a JSON Pointer: it begins with '/', like /"
                    + text + ", or is empty for the whole record");
        }
        List<String> tokens = new ArrayList<>();
        for (String token : text.substring(1).split("/", -1)) {
            if (token.replace("~0", "").replace("~1", "").contains("~")) {
                throw new IllegalArgumentException(
                        "from: '" + text + "' is not a JSON Pointer: write ~0 for '~' and ~1 for '/' in a name");
            }
            tokens.add(token.replace("~1", "/").replace("~0", "~"));
        }
        return new Pointer(tokens);
    }

    /** Returns the place in an array that a token names, −1 if it names none. */
    static int index(String token) {
        return token.matches(ARRAY_INDEX) ? Integer.parseInt(token) : -1;
    }
}
