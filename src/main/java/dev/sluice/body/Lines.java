package dev.sluice.body;

import dev.sluice.json.JsonScanner;
import dev.sluice.json.MalformedJson;
import java.io.IOException;

/** The ends of lines, and how they get lost. */
final class Lines {

    private static final String ONE = "expected a line feed behind the value, for a line holds one";

    private Lines() {}

    /** Goes past the end of a line; nothing but blanks may stand before it. */
    static void end(JsonScanner scanner) throws IOException {
        switch (scanner.peekInLine()) {
            case MalformedJson.END -> {}
            case '\n' -> scanner.expect('\n');
            case ',' ->
                throw scanner.unexpected(ONE + " and no comma separates them (a line of CSV is no JSON either),");
            case '{', '[', '"', '-', 't', 'f', 'n', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' ->
                throw scanner.unexpected(ONE + " (curl -d @file and --data @file strip line feeds, --data-binary @file"
                        + " keeps them),");
            default -> throw scanner.unexpected(ONE + ",");
        }
    }
}
