package dev.sluice.body;

import dev.sluice.batch.Batch;
import dev.sluice.batch.BatchBuilder;
import dev.sluice.json.JsonScanner;
import dev.sluice.json.MalformedJson;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One value a line, or {@code {"offset": n, "value": v}} a line. Blank lines are no records. With {@code offsets=bytes} a
 * value's offset is where it begins in the body, so that a file's positions are offsets.
 */
final class NdjsonBodyReader extends BodyReader {

    NdjsonBodyReader(
            JsonScanner scanner, BatchBuilder builder, WriteQuery query, Numbering numbering, LimitProperties limits) {
        super(scanner, builder, query, numbering, limits);
    }

    @Override
    Batch read() throws IOException {
        if (numbering == Numbering.NONE && query.numbers()) {
            throw unnumbered("some in the query");
        }
        Batch batch = query.inline() ? inline() : dense();
        if (batch.count() == 0) {
            // A body that got lost on its way must not look like a success, or settle offsets as holes.
            batch.close();
            throw malformed("the body has no record; to advance over offsets without records send application/json:"
                    + " {\"first\": n, \"end\": m, \"offsets\": [], \"records\": []}");
        }
        return batch;
    }

    private Batch dense() throws IOException {
        Long offset = numbering == Numbering.NONE ? Long.valueOf(0) : query.offset();
        if (query.first() != null || query.end() != null) {
            throw malformed("first and end go with offsets=inline only");
        }
        if (offset == null) {
            throw offsetRequired("add ?offset=n, the offset of the first line");
        }
        LoneLine lone = null;
        while (scanner.peek() != MalformedJson.END) {
            scanner.scanValue();
            // Who counts bytes sends lines, also where one is alone.
            lone = builder.count() == 0 && !query.bytes() ? LoneLine.of(scanner) : null;
            if (query.bytes()) {
                addScannedAt(scanner.offset() - scanner.length());
            } else {
                addScanned();
            }
            endOfLine();
        }
        if (lone != null) {
            throw lone.refusal(query.offset());
        }
        return query.bytes() ? builder.moved(offset, scanner.offset()) : builder.dense(offset);
    }

    private Batch inline() throws IOException {
        Long first = query.first();
        Long end = query.end();
        if (query.offset() != null) {
            throw malformed("offset and offsets=inline contradict each other");
        }
        boolean scattered = first == null && end == null && numbering == Numbering.ANY_ORDER;
        if ((first == null || end == null) && !scattered) {
            throw malformed("offsets=inline needs first and end too: the range of offsets that the batch covers");
        }
        while (scanner.peek() != MalformedJson.END) {
            numberedValue();
            endOfLine();
        }
        return first == null || end == null ? builder.scattered() : builder.sparse(first, end);
    }

    private void numberedValue() throws IOException {
        requireRoom();
        long offset = -1;
        byte @Nullable [] early = null;
        boolean valueSeen = false;
        if (scanner.peek() == '[') {
            throw malformed("line " + scanner.line() + " is an array; with offsets=inline a line is"
                    + " {\"offset\": n, \"value\": v}");
        }
        scanner.expect('{');
        do {
            String name = scanner.memberName();
            if (name.equals("offset") && offset < 0) {
                offset = scanner.nonNegativeInteger();
            } else if (name.equals("value") && !valueSeen) {
                valueSeen = true;
                scanner.scanValue();
                if (offset >= 0) {
                    builder.add(offset, scanner.buffer(), scanner.start(), scanner.length());
                } else {
                    early = Arrays.copyOfRange(scanner.buffer(), scanner.start(), scanner.start() + scanner.length());
                }
            } else {
                throw malformed(
                        "line " + scanner.line() + ": with offsets=inline a line is {\"offset\": n, \"value\": v},"
                                + " each once, but found a member '" + name + "'");
            }
        } while (another());
        if (offset < 0 || !valueSeen) {
            throw malformed("line " + scanner.line() + " has no member '" + (valueSeen ? "offset" : "value") + "'");
        }
        if (early != null) {
            builder.add(offset, early, 0, early.length);
        }
    }

    private boolean another() throws IOException {
        boolean comma = scanner.peekInLine() == ',';
        scanner.expect(comma ? ',' : '}');
        return comma;
    }

    private void endOfLine() throws IOException {
        betweenRecords = true;
        Lines.end(scanner);
        betweenRecords = false;
    }

    @Override
    boolean inRecords() {
        return true;
    }

    @Override
    @Nullable
    Long denseOffset() {
        return query.bytes() ? null : query.offset();
    }
}
