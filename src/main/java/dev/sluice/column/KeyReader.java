package dev.sluice.column;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads the key of a keyed record as the key of a row: a JSON object of its members, alone or as the payload of what
 * Kafka Connect's JSON converter writes; or the text of the one column.
 */
final class KeyReader {

    private static final ObjectReader EXACT =
            JsonMapper.shared().reader().with(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);
    private static final String PAYLOAD = "payload";
    private static final String SCHEMA = "schema";

    private final List<Pointer> pointers;

    KeyReader(Mapping mapping) {
        this.pointers = IntStream.range(0, mapping.columns().size())
                .filter(mapping::inKey)
                .mapToObj(column ->
                        Pointer.parse(mapping.columns().get(column).source().from()))
                .toList();
    }

    /** Returns a record of nothing but the key, as JSON; null if the text is none. */
    byte @Nullable [] row(String key) {
        JsonNode object = object(key);
        if (object != null && hasAll(object)) {
            return key.getBytes(StandardCharsets.UTF_8);
        }
        JsonNode payload = object == null || !object.has(SCHEMA) ? null : object.path(PAYLOAD);
        if (payload != null && hasAll(payload)) {
            return payload.toString().getBytes(StandardCharsets.UTF_8);
        }
        if (pointers.size() != 1 || pointers.get(0).tokens().isEmpty()) {
            return null;
        }
        List<String> tokens = pointers.get(0).tokens();
        ObjectNode row = JsonNodeFactory.instance.objectNode();
        ObjectNode innermost = row;
        for (String token : tokens.subList(0, tokens.size() - 1)) {
            innermost = innermost.putObject(token);
        }
        innermost.put(tokens.get(tokens.size() - 1), key);
        return row.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static @Nullable JsonNode object(String key) {
        if (!key.stripLeading().startsWith("{")) {
            return null;
        }
        try {
            return EXACT.readTree(key);
        } catch (JacksonException e) {
            return null; // a text that begins so
        }
    }

    private boolean hasAll(JsonNode object) {
        return pointers.stream().allMatch(pointer -> {
            JsonNode found = object;
            for (String token : pointer.tokens()) {
                found = found.path(token);
            }
            return !found.isMissingNode() && !found.isNull();
        });
    }

    /** Returns what a key may look like. */
    String example() {
        return pointers.stream()
                .map(pointer -> "\"" + String.join("/", pointer.tokens()) + "\": …")
                .collect(Collectors.joining(", ", "{", "}"));
    }
}
