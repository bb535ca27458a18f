package dev.sluice.definition;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A definition as it was given: texts, numbers, booleans, lists and maps by name, not yet understood.
 *
 * @param local whether it stands in the service's configuration, where names may be spelled more loosely
 * @param revision rises with every change of any stored definition; 0 in the configuration
 * @param updatedAt when it was stored, null in the configuration
 */
public record StatedDefinition(
        String id,
        boolean local,
        Map<String, Object> settings,
        long revision,
        @Nullable Instant updatedAt) {

    /** Makes the definition of a sink that stands in the configuration. */
    public static StatedDefinition configured(String id, Map<String, Object> settings) {
        return new StatedDefinition(id, true, settings, 0, null);
    }

    /** Returns what was given for {@code key}, null if nothing was. */
    public @Nullable Object value(String key) {
        return settings.entrySet().stream()
                .filter(entry -> matches(entry.getKey(), key, local))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(null);
    }

    /** Returns the path of the first field that has {@code text} as its value, empty if there is none. */
    public String fieldWith(String text) {
        return find("", settings, text);
    }

    private static String find(String path, Object value, String text) {
        if (value instanceof Map<?, ?> map) {
            return map.entrySet().stream()
                    .map(entry -> find(
                            path.isEmpty() ? entry.getKey().toString() : path + "." + entry.getKey(),
                            entry.getValue(),
                            text))
                    .filter(found -> !found.isEmpty())
                    .findFirst()
                    .orElse("");
        }
        if (value instanceof List<?> list) {
            return IntStream.range(0, list.size())
                    .mapToObj(i -> find(path + "[" + i + "]", list.get(i), text))
                    .filter(found -> !found.isEmpty())
                    .findFirst()
                    .orElse("");
        }
        return text.equals(value) ? path : "";
    }

    /** Whether a name as it was given means {@code key}, which is in lower case with dashes. */
    static boolean matches(String given, String key, boolean local) {
        return given.equals(key) || (local && uniform(given).equals(uniform(key)));
    }

    private static String uniform(String name) {
        return name.replace("-", "").replace("_", "").toLowerCase(Locale.ROOT);
    }

    /** Returns the id only: among the settings there may be secrets. */
    @Override
    public String toString() {
        return "definition of " + id;
    }
}
