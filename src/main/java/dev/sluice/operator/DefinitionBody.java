package dev.sluice.operator;

import dev.sluice.body.BatchParser;
import dev.sluice.body.BodyFormat;
import dev.sluice.body.Decompression;
import dev.sluice.body.LimitProperties;
import dev.sluice.problem.Problem;
import dev.sluice.problem.ProblemType;
import dev.sluice.sink.SinkRecord;
import jakarta.servlet.http.HttpServletRequest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads a definition: a JSON object with the keys that the configuration has, strictly. */
@Component
class DefinitionBody {

    private static final String EXAMPLE = "{\"type\": \"table\", \"partitions\": [\"0\", \"1\"]}";
    private static final int MOST_BYTES = 1 << 20;

    private static final int MOST_SAMPLES = 100;

    private final LimitProperties limits;
    private final BatchParser batches;

    private final JsonMapper json = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS, DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    DefinitionBody(LimitProperties limits, BatchParser batches) {
        this.limits = limits;
        this.batches = batches;
    }

    /**
     * A definition, and records to show what it would do.
     *
     * @param samples empty where there are none
     */
    record Sampled(Map<String, Object> settings, List<SinkRecord> samples) {}

    /** Reads a definition. */
    Map<String, Object> read(HttpServletRequest request) throws IOException {
        if (format(request) != BodyFormat.JSON) {
            throw unsupported();
        }
        return settings(bytes(request));
    }

    /** Reads a definition, or lines the first of which is one and the others are records. */
    Sampled readSampled(HttpServletRequest request) throws IOException {
        if (format(request) == BodyFormat.JSON) {
            return new Sampled(read(request), List.of());
        }
        byte[] bytes = bytes(request);
        int first = 0;
        while (first < bytes.length && bytes[first] <= ' ') {
            first++;
        }
        int end = first;
        while (end < bytes.length && bytes[end] != '\n') {
            end++;
        }
        Map<String, Object> settings = settings(Arrays.copyOfRange(bytes, first, end));
        List<SinkRecord> samples = end == bytes.length ? List.of() : samples(bytes, end + 1);
        if (samples.isEmpty()) {
            throw malformed("the definition is on the first line, and records are to follow, one a line");
        }
        return new Sampled(settings, samples);
    }

    private List<SinkRecord> samples(byte[] bytes, int from) {
        List<SinkRecord> samples =
                batches.parseSamples(new ByteArrayInputStream(bytes, from, bytes.length - from), BodyFormat.NDJSON);
        if (samples.size() > MOST_SAMPLES) {
            throw malformed("there are " + samples.size() + " records; at most " + MOST_SAMPLES + " are tried");
        }
        return samples;
    }

    /** Reads records that are to be looked at only. */
    List<SinkRecord> readSamples(HttpServletRequest request) throws IOException {
        return batches.parseSamples(
                new ByteArrayInputStream(bytes(request)), BodyFormat.of(request.getHeader(HttpHeaders.CONTENT_TYPE)));
    }

    private static BodyFormat format(HttpServletRequest request) {
        List<String> types = Collections.list(request.getHeaders(HttpHeaders.CONTENT_TYPE));
        if (types.size() != 1) {
            throw unsupported();
        }
        return BodyFormat.of(types.get(0));
    }

    private static RuntimeException unsupported() {
        return Problem.of(
                        ProblemType.UNSUPPORTED_MEDIA_TYPE,
                        "a definition is one JSON document, Content-Type: application/json, like " + EXAMPLE)
                .exception();
    }

    private byte[] bytes(HttpServletRequest request) throws IOException {
        try (InputStream body = Decompression.of(
                request.getInputStream(),
                request.getContentLengthLong(),
                request.getHeader(HttpHeaders.CONTENT_ENCODING),
                limits)) {
            byte[] bytes = body.readNBytes(MOST_BYTES + 1);
            if (bytes.length > MOST_BYTES) {
                throw Problem.of(ProblemType.TOO_LARGE, "the body has at most " + MOST_BYTES + " bytes")
                        .exception();
            }
            return bytes;
        }
    }

    private Map<String, Object> settings(byte[] bytes) {
        JsonNode root = parse(bytes);
        if (!root.isObject()) {
            throw malformed("a definition is an object, like " + EXAMPLE);
        }
        return object(root, "");
    }

    /* The message of the parser may repeat what it stumbled over, which may be a secret: only the place is told. */
    private JsonNode parse(byte[] body) {
        try {
            return json.readTree(body);
        } catch (JacksonException e) {
            throw malformed("the body is not JSON, or has a member twice: line "
                    + e.getLocation().getLineNr() + ", column "
                    + e.getLocation().getColumnNr()
                    + ". Here a definition is JSON, with names and texts in double quotes and without comments and"
                    + " trailing commas, like " + EXAMPLE + "; YAML is for the service's configuration");
        } catch (NumberFormatException e) {
            // The parser's own, of an exponent beyond 32 bits.
            throw malformed("the body has a number with an exponent beyond all bounds");
        }
    }

    private static Map<String, Object> object(JsonNode node, String path) {
        Map<String, Object> members = new LinkedHashMap<>();
        node.properties()
                .forEach(member -> members.put(
                        member.getKey(),
                        value(member.getValue(), path.isEmpty() ? member.getKey() : path + "." + member.getKey())));
        return members;
    }

    private static Object value(JsonNode node, String path) {
        if (node.isObject()) {
            return object(node, path);
        }
        if (node.isArray()) {
            List<Object> items = new ArrayList<>();
            for (int i = 0; i < node.size(); i++) {
                items.add(value(node.get(i), path + "[" + i + "]"));
            }
            return items;
        }
        if (node.isNull()) {
            throw malformed("'" + path + "' is null; leave it out instead");
        }
        if (node.isNumber()) {
            return node.numberValue();
        }
        return node.isBoolean() ? (Object) node.booleanValue() : node.stringValue();
    }

    private static RuntimeException malformed(String detail) {
        return Problem.of(ProblemType.MALFORMED_REQUEST, detail).exception();
    }
}
