package dev.sluice.body;

import dev.sluice.batch.Batch;
import dev.sluice.batch.BatchBuilder;
import dev.sluice.json.JsonScanner;
import dev.sluice.json.MalformedJson;
import dev.sluice.problem.Problem;
import dev.sluice.problem.ProblemType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Keyed records: {@code {"offset": n, "records": [{"key": k, "value": v}, …]}}, or {@code {"key": k, "value": v}} a
 * line. One use, one thread.
 */
final class KeyedBodyReader {

    private static final String RECORD = "{\"key\": \"...\", \"value\": v}";
    private static final String BATCH = "{\"offset\": n, \"records\": [" + RECORD + ", ...]}";

    private final JsonScanner scanner;
    private final List<BatchBuilder> builders;
    private final ToIntFunction<String> partitioner;
    private final boolean keysOfTombstones;
    private final LimitProperties limits;
    private long count;

    KeyedBodyReader(
            JsonScanner scanner,
            List<BatchBuilder> builders,
            ToIntFunction<String> partitioner,
            boolean keysOfTombstones,
            LimitProperties limits) {
        this.scanner = scanner;
        this.builders = builders;
        this.partitioner = partitioner;
        this.keysOfTombstones = keysOfTombstones;
        this.limits = limits;
    }

    /** Returns the index of the record that is being read. */
    long indexAtFault() {
        return count;
    }

    KeyedBatch lines(@Nullable Long offset) throws IOException {
        if (offset == null) {
            throw offsetRequired("add ?offset=n, the offset of the first line in the keyed stream");
        }
        while (scanner.peek() != MalformedJson.END) {
            if (scanner.peek() == '[') {
                throw BodyReader.malformed("line " + scanner.line() + " is an array; a line is " + RECORD
                        + ". A list of them goes with Content-Type: application/json, as it is");
            }
            record();
            Lines.end(scanner);
        }
        if (count == 0) {
            throw BodyReader.malformed("the body has no record; expected " + RECORD + " on each line");
        }
        return finish(offset);
    }

    KeyedBatch document(@Nullable Long queryOffset) throws IOException {
        if (scanner.peek() == '[') {
            if (queryOffset == null) {
                throw offsetRequired("add ?offset=n, the offset of the first record in the keyed stream");
            }
            records();
            requireEnd();
            return finish(queryOffset);
        }
        if (scanner.peek() == MalformedJson.END) {
            throw BodyReader.malformed("the body is empty; expected " + BATCH);
        }
        if (queryOffset != null) {
            throw BodyReader.malformed("the offset stands in the query, so the body must be an array of records, like ["
                    + RECORD + "]; a record on each line goes with Content-Type: application/x-ndjson");
        }
        Long offset = null;
        boolean recordsSeen = false;
        scanner.expect('{');
        boolean another = scanner.peek() != '}';
        while (another) {
            String name = scanner.memberName();
            if (name.equals("offset") && offset == null) {
                offset = scanner.nonNegativeInteger();
            } else if (name.equals("records") && !recordsSeen) {
                recordsSeen = true;
                records();
            } else {
                throw BodyReader.malformed("a keyed batch is " + BATCH + ", each member once, but found a member '"
                        + name + "'. A record on each line goes with Content-Type: application/x-ndjson");
            }
            another = scanner.comma('}');
        }
        scanner.expect('}');
        requireEnd();
        if (!recordsSeen) {
            throw BodyReader.malformed("the member 'records' is missing; expected " + BATCH);
        }
        if (offset == null) {
            throw offsetRequired("add the member \"offset\", the offset of the first record in the keyed stream");
        }
        return finish(offset);
    }

    private void records() throws IOException {
        scanner.expect('[');
        boolean another = scanner.peek() != ']';
        while (another) {
            record();
            another = scanner.comma(']');
        }
        scanner.expect(']');
    }

    private void record() throws IOException {
        if (count >= limits.records()) {
            throw Problem.of(
                            ProblemType.TOO_LARGE,
                            "the batch has more than sluice.limits.records=" + limits.records()
                                    + " records; nothing was written. Send smaller batches")
                    .with("index", count)
                    .exception();
        }
        String key = null;
        byte[] value = null;
        scanner.expect('{');
        boolean another = true;
        while (another) {
            String name = scanner.memberName();
            if (name.equals("key") && key == null) {
                key = scanner.text();
                if (!StandardCharsets.UTF_8.newEncoder().canEncode(key)) {
                    throw malformedRecord(
                            "has half a character (a lone surrogate) in its key, which has no UTF-8 form");
                }
            } else if (name.equals("value") && value == null) {
                scanner.scanValue();
                value = Arrays.copyOfRange(scanner.buffer(), scanner.start(), scanner.start() + scanner.length());
            } else {
                throw malformedRecord("has a member '" + name + "'; expected " + RECORD + ", each member once");
            }
            another = scanner.comma('}');
        }
        scanner.expect('}');
        if (key == null || value == null) {
            throw malformedRecord("has no member '" + (key == null ? "key" : "value") + "'");
        }
        if (keysOfTombstones && value[0] == '"') {
            throw malformedRecord("has a string for its value; this sink takes rows, and null for one that is gone");
        }
        if (keysOfTombstones && value[0] == 'n') {
            value = JsonMapper.shared().writeValueAsBytes(key);
        }
        builders.get(partitioner.applyAsInt(key)).add(count, value, 0, value.length);
        count++;
    }

    private RuntimeException malformedRecord(String what) {
        return Problem.of(
                        ProblemType.MALFORMED_BATCH,
                        "the keyed record at index " + count + " (line " + scanner.line() + ") " + what
                                + "; nothing was written")
                .with("index", count)
                .exception();
    }

    private static RuntimeException offsetRequired(String how) {
        return Problem.of(
                        ProblemType.OFFSET_REQUIRED,
                        "the batch does not say where it begins; " + how + ". GET the sink's partitions: the lowest of"
                                + " their nextOffset is where the stream stands")
                .exception();
    }

    private void requireEnd() throws IOException {
        if (scanner.peek() != MalformedJson.END) {
            throw BodyReader.malformed("expected the end of the body but found "
                    + MalformedJson.describe(scanner.peek()) + " at byte " + scanner.offset()
                    + "; the body is one JSON document. A record on each line goes with Content-Type:"
                    + " application/x-ndjson");
        }
    }

    private KeyedBatch finish(long offset) {
        List<Batch> batches = new ArrayList<>(builders.size());
        for (BatchBuilder builder : builders) {
            batches.add(builder.moved(offset, count));
        }
        return new KeyedBatch(offset, offset + count, count, batches);
    }
}
