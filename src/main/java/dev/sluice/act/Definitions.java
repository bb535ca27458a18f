package dev.sluice.act;

import dev.sluice.call.Facts;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** Writes definitions as they are put, from what the API tells of a sink or of a type. */
final class Definitions {

    private static final JsonMapper JSON = new JsonMapper();

    private Definitions() {}

    /** Returns the definition of a sink; its secrets are not in it. */
    static String of(Facts sink) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("type", sink.text("type"));
        if (sink.has("workers")) {
            members.put("workers", sink.number("workers"));
        } else if (sink.size("targets") == 0 && sink.has("partitions")) {
            members.put("partitions", sink.at("partitions").value());
        }
        if (sink.text("order").equals("any")) {
            members.put("order", "any");
            members.put("max-ranges", sink.number("maxRanges"));
        }
        sink.at("settings").members().forEach((name, value) -> members.put(name, value.value()));
        return written(members);
    }

    /** Returns the beginning of a definition: what has to be in it. */
    static String begun(Facts type) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("type", type.text("type"));
        if (!type.is("madeOfSinks")) {
            members.put("partitions", new String[] {"0"});
        }
        type.list("settings").stream()
                .filter(setting -> setting.is("required"))
                .forEach(setting -> members.put(setting.text("name"), empty(setting.text("type"))));
        return written(members);
    }

    private static Object empty(String type) {
        return switch (type) {
            case "list" -> new String[0];
            case "map", "object" -> Map.of();
            case "integer", "number" -> 0;
            case "boolean" -> false;
            default -> "";
        };
    }

    private static String written(Map<String, Object> members) {
        return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(members);
    }
}
