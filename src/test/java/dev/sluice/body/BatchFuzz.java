package dev.sluice.body;

import dev.sluice.batch.Batch;
import dev.sluice.batch.BatchReader;
import dev.sluice.fuzz.Refusal;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Batches in each form; the first byte says which. What is taken has the records that Jackson finds, as they were sent. */
public final class BatchFuzz {

    private static final JsonMapper JSON = new JsonMapper();
    private static final String[] QUERIES = {"", "offset=7", "offsets=inline&first=0&end=100", "dryRun=true", "first=3"
    };

    private static final List<Numbering> NUMBERINGS = List.of(Numbering.IN_ORDER, Numbering.ANY_ORDER, Numbering.NONE);

    private BatchFuzz() {}

    /* A record as it was sent, and where. */
    private record At(long offset, String bytes) {}

    public static void fuzzerTestOneInput(byte[] data) {
        if (data.length == 0) {
            return;
        }
        int how = data[0] & 0xFF;
        byte[] body = Arrays.copyOfRange(data, 1, data.length);
        BodyFormat format = how % 2 == 0 ? BodyFormat.JSON : BodyFormat.NDJSON;
        WriteQuery query = WriteQuery.parse(QUERIES[how / 2 % QUERIES.length]);
        Numbering numbering = NUMBERINGS.get(how / 16 % NUMBERINGS.size());
        List<At> whole = Refusal.orNull(() -> read(body, body.length, format, query, numbering));
        List<At> pieces = Refusal.orNull(() -> read(body, 1 + how % 5, format, query, numbering));
        Refusal.require(
                whole == null ? pieces == null : whole.equals(pieces),
                "in pieces it is something else: " + whole + pieces);
        if (whole != null) {
            check(whole, new String(body, StandardCharsets.UTF_8), format, query, numbering);
        }
    }

    private static List<At> read(byte[] body, int pieces, BodyFormat format, WriteQuery query, Numbering numbering) {
        ByteArrayInputStream in = new ByteArrayInputStream(body) {
            @Override
            public synchronized int read(byte[] into, int from, int length) {
                return super.read(into, from, Math.min(length, Math.max(1, pieces)));
            }
        };
        try (Batch batch = Parsers.BATCHES.parse(in, format, query, numbering)) {
            List<At> records = new ArrayList<>();
            BatchReader reader = batch.reader();
            while (reader.next()) {
                records.add(new At(reader.offset(), new String(reader.record().toByteArray(), StandardCharsets.UTF_8)));
            }
            Refusal.require(records.size() == batch.count(), "the batch counts " + batch.count());
            return records;
        }
    }

    private static void check(List<At> records, String body, BodyFormat format, WriteQuery query, Numbering numbering) {
        List<JsonNode> expected = new ArrayList<>();
        if (format == BodyFormat.NDJSON) {
            for (String line : body.split("\n", -1)) {
                if (!line.isBlank()) {
                    expected.add(node(line));
                }
            }
        } else {
            JsonNode root = node(body);
            (root.isArray() ? root : root.path("records")).forEach(expected::add);
        }
        Refusal.require(expected.size() == records.size(), "Jackson finds " + expected.size() + " records: " + records);
        List<JsonNode> sent = expected.stream()
                .map(record -> query.inline() ? record.path("value") : record)
                .toList();
        List<JsonNode> read =
                records.stream().map(record -> node(record.bytes())).toList();
        // Where offsets come in any order, records are sorted by them.
        boolean same =
                numbering == Numbering.ANY_ORDER ? read.containsAll(sent) && sent.containsAll(read) : read.equals(sent);
        Refusal.require(same, "Jackson finds other records: " + sent);
    }

    private static JsonNode node(String text) {
        return JSON.readTree(text);
    }
}
