package dev.sluice.definition;

import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.springframework.util.ClassUtils;
import org.springframework.util.unit.DataSize;

/** Says in a few words what a setting of some type looks like. */
final class Expected {

    private Expected() {}

    static String of(Class<?> type) {
        Class<?> wanted = ClassUtils.resolvePrimitiveIfNecessary(type);
        if (wanted.isEnum()) {
            return "one of "
                    + Arrays.stream(wanted.getEnumConstants())
                            .map(constant -> constant.toString().toLowerCase(Locale.ROOT))
                            .collect(Collectors.joining(", "));
        }
        if (wanted == Boolean.class) {
            return "true or false";
        }
        if (wanted == Integer.class || wanted == Long.class || wanted == Short.class) {
            return "a whole number";
        }
        if (Number.class.isAssignableFrom(wanted)) {
            return "a number";
        }
        if (wanted == Duration.class) {
            return "a duration, like 30s";
        }
        if (wanted == DataSize.class) {
            return "a size, like 1MB";
        }
        return wanted == URI.class ? "a URI" : "a text";
    }

    /** Returns the values of an enum as definitions write them. */
    static List<String> spellings(Class<?> type) {
        return Arrays.stream(type.getEnumConstants())
                .map(constant ->
                        ((Enum<?>) constant).name().toLowerCase(Locale.ROOT).replace('_', '-'))
                .toList();
    }

    static String kind(Object value) {
        if (value instanceof Map) {
            return "an object";
        }
        return value instanceof List ? "a list" : "'" + value + "'";
    }
}
