package dev.sluice.column;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;
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

    private static final Pattern NUMBER = Pattern.compile("-?\\d{1,20}(\\.\\d{1,9})?");

    private final List<MappedColumn> columns;

    KeyReader(Mapping mapping) {
        this.columns = IntStream.range(0, mapping.columns().size())
                .filter(mapping::inKey)
                .mapToObj(mapping.columns()::get)
                .toList();
    }

    /** Returns a record of nothing but the key, as JSON; null if the text is none. */
    byte @Nullable [] row(String key) {
        JsonNode object = object(key);
        if (object == null) {
            return ofOneColumn(key);
        }
        if (hasAll(object)) {
            return bytes(key);
        }
        JsonNode payload = object.has(SCHEMA) ? object.path(PAYLOAD) : object.path("");
        if (payload.isObject()) {
            return hasAll(payload) ? bytes(payload.toString()) : null;
        }
        return payload.isString() || payload.isNumber() ? ofOneColumn(payload.asString()) : null;
    }

    private byte @Nullable [] ofOneColumn(String value) {
        if (columns.size() != 1) {
            return null;
        }
        List<String> tokens = pointer(columns.get(0)).tokens();
        if (tokens.isEmpty()) {
            return null;
        }
        ObjectNode row = JsonNodeFactory.instance.objectNode();
        ObjectNode innermost = row;
        for (String token : tokens.subList(0, tokens.size() - 1)) {
            innermost = innermost.putObject(token);
        }
        String name = tokens.get(tokens.size() - 1);
        // What counts time is told by its being a number.
        if (columns.get(0).source().unit() != null && NUMBER.matcher(value).matches()) {
            innermost.put(name, new BigDecimal(value));
        } else {
            innermost.put(name, value);
        }
        return bytes(row.toString());
    }

    /* Half a character would become another one, and another row's key. */
    private static byte @Nullable [] bytes(String json) {
        return StandardCharsets.UTF_8.newEncoder().canEncode(json) ? json.getBytes(StandardCharsets.UTF_8) : null;
    }

    private static @Nullable JsonNode object(String key) {
        if (!key.startsWith("{")) {
            return null;
        }
        try {
            return EXACT.readTree(key);
        } catch (JacksonException | NumberFormatException e) {
            return null; // a text that begins so, or a number with an exponent beyond 32 bits
        }
    }

    private static Pointer pointer(MappedColumn column) {
        return Pointer.parse(column.source().from());
    }

    private boolean hasAll(JsonNode object) {
        return columns.stream().allMatch(column -> {
            JsonNode found = object;
            for (String token : pointer(column).tokens()) {
                found = found.path(token);
            }
            return !found.isMissingNode() && !found.isNull();
        });
    }

    /** Returns what a key may look like. */
    String example() {
        return columns.stream()
                .map(column -> "\"" + String.join("/", pointer(column).tokens()) + "\": …")
                .collect(Collectors.joining(", ", "{", "}"));
    }
}
