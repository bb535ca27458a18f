package dev.sluice.body;

import dev.sluice.json.JsonLimits;
import dev.sluice.json.JsonScanner;
import dev.sluice.json.JsonScanner.Form;
import dev.sluice.json.MalformedJson;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The only line of a body of NDJSON, where it looks like a whole batch: an array, or an object with an offset and
 * records. As one record it would be written in place of many, and no later answer would tell.
 */
enum LoneLine {
    ARRAY(
            "the body's only line is an array, which may be a list of records or a single record. A list of records"
                    + " goes with Content-Type: application/json, as it is",
            "[[...]]"),
    ENVELOPE(
            "the body's only line is an object with \"records\" and their offset, which may be a batch or a single"
                    + " record. A batch goes with Content-Type: application/json and without a query, as it is",
            "[{...}]");

    private static final Set<String> NUMBERS = Set.of("offset", "offsets", "first", "end");
    private static final String RECORDS = "records";
    private static final Pattern BEGINS = Pattern.compile("\\{[ \t\r]*\"(offset|offsets|first|end|records)\"");
    private static final int LONGEST_BEGINNING = 64;

    private final String found;
    private final String asOneRecord;

    LoneLine(String found, String asOneRecord) {
        this.found = found;
        this.asOneRecord = asOneRecord;
    }

    /** Returns what the value that was scanned last looks like, null if it is just a record. */
    static @Nullable LoneLine of(JsonScanner scanner) {
        return switch (scanner.buffer()[scanner.start()]) {
            case '[' -> ARRAY;
            case '{' -> isEnvelope(scanner.buffer(), scanner.start(), scanner.length()) ? ENVELOPE : null;
            default -> null;
        };
    }

    private static boolean isEnvelope(byte[] bytes, int start, int length) {
        String beginning = new String(bytes, start, Math.min(LONGEST_BEGINNING, length), StandardCharsets.ISO_8859_1);
        if (!BEGINS.matcher(beginning).lookingAt()) {
            return false;
        }
        JsonScanner members = new JsonScanner(
                new ByteArrayInputStream(bytes, start, length), JsonLimits.ofRecordBytes(length), Form.DOCUMENT);
        try {
            return hasMembersOfABatch(members);
        } catch (MalformedJson | IOException e) {
            return false; // a member's name is longer than any of ours
        }
    }

    private static boolean hasMembersOfABatch(JsonScanner members) throws IOException {
        Set<String> names = new HashSet<>();
        members.expect('{');
        do {
            String name = members.memberName();
            boolean list = members.peek() == '[';
            if (!names.add(name) || (name.equals(RECORDS) ? !list : !NUMBERS.contains(name))) {
                return false;
            }
            members.scanValue();
        } while (members.comma('}'));
        return names.contains(RECORDS) && names.size() > 1;
    }

    /** Returns the refusal of the line, which says how to send it as either of the two things that it may be. */
    RuntimeException refusal(@Nullable Long offset) {
        return BodyReader.malformed(found + ". A single record goes with Content-Type: application/json"
                + (offset == null ? "" : " and ?offset=" + offset) + " in a list of one: " + asOneRecord);
    }
}
