package dev.sluice.integer;

import java.io.ByteArrayOutputStream;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * Puts quotes around the offsets, fencing tokens and versions in an answer. Nothing else of its bytes changes, least of
 * all what belongs to a sink or to a writer: a state has to come back as it was given out.
 */
final class QuotedIntegers {

    /** The members that have such an integer, wherever they stand. */
    static final Set<String> NAMES = Set.of(
            "offset",
            "first",
            "end",
            "next",
            "nextOffset",
            "deliveredOffset",
            "expectedOffset",
            "fencingToken",
            "version",
            "from",
            "auditId",
            "to",
            "last",
            "countedFrom",
            "id");

    /* Their members have names that we did not give. */
    private static final Set<String> NOT_OURS =
            Set.of("state", "settings", "status", "row", "value", "data", "record", "edited");

    private static final JsonFactory JSON = new JsonFactory();

    private QuotedIntegers() {}

    static byte[] in(byte[] json) {
        ByteArrayOutputStream quoted = new ByteArrayOutputStream(json.length + 64);
        int copied = 0;
        try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), json)) {
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                if (token.isStructStart()
                        && isIn(NOT_OURS, parser.streamReadContext().getParent().currentName())) {
                    parser.skipChildren();
                } else if (token == JsonToken.VALUE_NUMBER_INT && isIn(NAMES, parser.currentName())) {
                    int start = (int) parser.currentTokenLocation().getByteOffset();
                    int end = start + parser.getStringLength();
                    quoted.write(json, copied, start - copied);
                    quoted.write('"');
                    quoted.write(json, start, end - start);
                    quoted.write('"');
                    copied = end;
                }
            }
        }
        quoted.write(json, copied, json.length - copied);
        return quoted.toByteArray();
    }

    private static boolean isIn(Set<String> names, @Nullable String name) {
        return name != null && names.contains(name);
    }
}
