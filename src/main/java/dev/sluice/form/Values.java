package dev.sluice.form;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Values of settings, as JSON and as the texts of fields. */
final class Values {

    /** What stands in the place of a secret. */
    static final String MASK = "***";

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private Values() {}

    /** Returns an object of JSON; empty for what is none. */
    static Optional<ObjectNode> object(String text) {
        return parsed(text).filter(ObjectNode.class::isInstance).map(ObjectNode.class::cast);
    }

    private static Optional<JsonNode> parsed(String text) {
        try {
            return Optional.of(JSON.readTree(text));
        } catch (JacksonException e) {
            return Optional.empty();
        }
    }

    static String written(JsonNode node) {
        return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(node).replace("\r", "");
    }

    /** Returns what stands at a path; a missing node where nothing does. */
    static JsonNode at(JsonNode root, String path) {
        JsonNode found = root;
        for (String name : path.split("\\.", -1)) {
            found = found.path(name);
        }
        return found;
    }

    /** Puts a value at a path, or takes away what stands there, with the objects that have nothing else. */
    static void put(ObjectNode root, String path, @Nullable JsonNode value) {
        int dot = path.indexOf('.');
        if (dot < 0) {
            if (value == null) {
                root.remove(path);
            } else {
                root.set(path, value);
            }
            return;
        }
        String name = path.substring(0, dot);
        ObjectNode child = root.path(name) instanceof ObjectNode object ? object : JSON.createObjectNode();
        put(child, path.substring(dot + 1), value);
        put(root, name, child.isEmpty() ? null : child);
    }

    /** Returns the text of a field. */
    static String text(Setting setting, JsonNode value) {
        if (value.isMissingNode() || value.isNull()) {
            return "";
        }
        JsonNode shown = setting.secret() ? masked(value) : value;
        if (setting.kind().equals("lines") && shown instanceof ArrayNode items && hasScalarsOnly(items)) {
            return StreamSupport.stream(items.spliterator(), false)
                    .map(Values::scalar)
                    .collect(Collectors.joining("\n"));
        }
        return shown.isContainer() ? written(shown) : scalar(shown);
    }

    private static boolean hasScalarsOnly(ArrayNode items) {
        return StreamSupport.stream(items.spliterator(), false).noneMatch(JsonNode::isContainer);
    }

    private static String scalar(JsonNode value) {
        return value.isString() ? value.stringValue() : value.toString();
    }

    /** Returns the value that the text of a field means; null for none. What makes no sense is left to the API. */
    static @Nullable JsonNode value(Setting setting, String text) {
        if (text.isBlank()) {
            return null;
        }
        return switch (setting.kind()) {
            case "lines" -> lines(setting, text);
            case "json" -> parsed(text).orElseGet(() -> string(text));
            case "choice" -> setting.described().text("type").equals("boolean") ? flag(text) : string(text);
            case "number" -> number(text.strip());
            default -> string(text);
        };
    }

    private static JsonNode lines(Setting setting, String text) {
        boolean numbers = setting.described().at("items").text("type").equals("integer");
        ArrayNode items = JSON.createArrayNode();
        Arrays.stream(text.split("\n", -1))
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .forEach(line -> items.add(numbers ? number(line) : string(line)));
        return items;
    }

    private static JsonNode flag(String text) {
        return text.equals("true") || text.equals("false")
                ? JSON.getNodeFactory().booleanNode(text.equals("true"))
                : string(text);
    }

    private static JsonNode number(String text) {
        if (text.matches("-?(0|[1-9][0-9]{0,30})")) {
            return JSON.getNodeFactory().numberNode(new BigInteger(text));
        }
        return text.matches("-?(0|[1-9][0-9]{0,30})\\.[0-9]{1,30}")
                ? parsed(text).orElseGet(() -> string(text))
                : string(text);
    }

    private static JsonNode string(String text) {
        return JSON.getNodeFactory().stringNode(text);
    }

    /** Returns the same with a mask in the place of each value. */
    static JsonNode masked(JsonNode value) {
        if (value instanceof ObjectNode object) {
            ObjectNode masked = JSON.createObjectNode();
            for (Map.Entry<String, JsonNode> member : object.properties()) {
                masked.set(member.getKey(), masked(member.getValue()));
            }
            return masked;
        }
        if (value instanceof ArrayNode items) {
            ArrayNode masked = JSON.createArrayNode();
            items.forEach(item -> masked.add(masked(item)));
            return masked;
        }
        return value.isMissingNode() || value.isNull() ? value : string(MASK);
    }

    /** Whether a secret stands there that is not written out. */
    static boolean isMasked(JsonNode value) {
        return value.isMissingNode() || value.toString().contains("\"" + MASK + "\"");
    }
}
