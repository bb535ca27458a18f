package dev.sluice.body;

import dev.sluice.batch.Batch;
import dev.sluice.batch.BatchBuilder;
import dev.sluice.catalog.NearestNames;
import dev.sluice.json.JsonScanner;
import dev.sluice.json.MalformedJson;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One JSON document: an array of records, or an object of {@code records} with {@code offset}, or with
 * {@code offsets}, {@code first} and {@code end}, in any order.
 */
final class JsonBodyReader extends BodyReader {

    private static final Set<String> MEMBERS = Set.of("offset", "offsets", "first", "end", "records");

    private static final String LINES = "A value on each line goes with Content-Type: application/x-ndjson";

    private final Map<String, Long> numbers = new HashMap<>();
    private final Set<String> seen = new HashSet<>();
    private boolean inRecords;

    JsonBodyReader(
            JsonScanner scanner, BatchBuilder builder, WriteQuery query, Numbering numbering, LimitProperties limits) {
        super(scanner, builder, query, numbering, limits);
    }

    @Override
    Batch read() throws IOException {
        if (numbering == Numbering.NONE && query.numbers()) {
            throw unnumbered("some in the query");
        }
        if (query.offsets() != WriteQuery.Offsets.COUNTED || query.first() != null || query.end() != null) {
            throw malformed("offsets, first and end stand in the query of application/x-ndjson only;"
                    + " in application/json they are members of the body");
        }
        return switch (scanner.peek()) {
            case '[' -> array();
            case '{' -> object();
            case MalformedJson.END ->
                throw malformed("the body is empty; expected {\"offset\": n, \"records\": [...]}");
            default ->
                throw malformed("the body begins with " + MalformedJson.describe(scanner.peek()) + scanner.hint()
                        + "; expected {\"offset\": n, \"records\": [...]} or an array of records. " + LINES);
        };
    }

    private Batch array() throws IOException {
        Long offset = numbering == Numbering.NONE ? Long.valueOf(0) : query.offset();
        if (offset == null) {
            throw offsetRequired("add ?offset=n, the offset of the first record");
        }
        records();
        requireEnd();
        return builder.dense(offset);
    }

    private Batch object() throws IOException {
        if (query.offset() != null) {
            throw malformed("the offset stands in the query, so the body must be an array of records, like"
                    + " [{\"id\": 7}], even of a single one; or put \"offset\" into the object, like"
                    + " {\"offset\": " + query.offset() + ", \"records\": [{\"id\": 7}]}. " + LINES);
        }
        members();
        requireEnd();
        if (!seen.contains("records")) {
            throw malformed("the member 'records' is missing; expected {\"offset\": n, \"records\": [...]}");
        }
        Long offset = numbers.get("offset");
        Long first = numbers.get("first");
        Long end = numbers.get("end");
        boolean sparse = seen.contains("offsets") || first != null || end != null;
        if (numbering == Numbering.NONE) {
            if (sparse || offset != null) {
                throw unnumbered("the members " + seen.stream().sorted().toList());
            }
            return builder.dense(0);
        }
        if (!sparse) {
            if (offset == null) {
                throw offsetRequired("add the member \"offset\", the offset of the first record");
            }
            return builder.dense(offset);
        }
        if (numbering == Numbering.ANY_ORDER && offset == null && first == null && end == null) {
            return builder.scattered();
        }
        if (offset != null || !seen.contains("offsets") || first == null || end == null) {
            throw malformed("offsets, first and end go together and without offset; found "
                    + seen.stream().sorted().toList());
        }
        return builder.sparse(first, end);
    }

    private void members() throws IOException {
        scanner.expect('{');
        if (scanner.peek() == '}') {
            scanner.expect('}');
            return;
        }
        do {
            member(scanner.memberName());
        } while (another('}'));
    }

    private void member(String name) throws IOException {
        if (!MEMBERS.contains(name)) {
            if (seen.isEmpty()
                    && numbering != Numbering.NONE
                    && scanner.peek() != '['
                    && NearestNames.hint(name, MEMBERS).isEmpty()) {
                throw loneRecord();
            }
            throw malformed("the batch has an unknown member '" + name + "'" + NearestNames.hint(name, MEMBERS)
                    + "; known: offset, records, or offsets, first, end, records. "
                    + (scanner.peek() == '['
                            ? "A list of records is the member 'records', like {\"offset\": n, \"records\": [...]}. "
                            : "A record goes like {\"offset\": n, \"records\": [{\"" + name + "\": ...}]}. ")
                    + LINES);
        }
        if (!seen.add(name)) {
            throw malformed("the member '" + name + "' stands there twice");
        }
        switch (name) {
            case "records" -> records();
            case "offsets" -> offsets();
            default -> numbers.put(name, scanner.nonNegativeInteger());
        }
    }

    /*
     * What sends a single object often cannot count either, and is to hear of that first. Without a word of the body:
     * this is remembered among the recent problems.
     */
    private static RuntimeException loneRecord() {
        return offsetRequired("if the object is one record, send it with its offset, like {\"offset\": n, \"records\":"
                + " [{...}]}, or as a list of one, [{...}], with ?offset=n. " + LINES);
    }

    private void records() throws IOException {
        scanner.expect('[');
        inRecords = true;
        if (scanner.peek() == ']') {
            scanner.expect(']');
        } else {
            do {
                scanner.scanValue();
                addScanned();
            } while (another(']'));
        }
        inRecords = false;
    }

    private void offsets() throws IOException {
        scanner.expect('[');
        if (scanner.peek() == ']') {
            scanner.expect(']');
            return;
        }
        do {
            builder.addOffset(scanner.nonNegativeInteger());
        } while (another(']'));
    }

    private boolean another(char closing) throws IOException {
        betweenRecords = inRecords;
        boolean comma = scanner.comma(closing);
        if (!comma) {
            if (scanner.peek() != closing) {
                throw scanner.unexpected("expected ',' or '" + closing + "'");
            }
            scanner.expect(closing);
        }
        betweenRecords = false;
        return comma;
    }

    private void requireEnd() throws IOException {
        if (scanner.peek() != MalformedJson.END) {
            throw malformed("expected the end of the body but found " + MalformedJson.describe(scanner.peek())
                    + " at byte " + scanner.offset() + "; the body is one JSON document. " + LINES);
        }
    }

    @Override
    boolean inRecords() {
        return inRecords;
    }

    @Override
    @Nullable
    Long denseOffset() {
        return query.offset() == null ? numbers.get("offset") : query.offset();
    }
}
