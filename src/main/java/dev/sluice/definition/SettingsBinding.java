package dev.sluice.definition;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.DataObjectPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.core.ResolvableType;

/** Values by property name, bound the way Spring binds {@code @ConfigurationProperties}. */
final class SettingsBinding {

    static final String ROOT = "settings";

    private static final Pattern NAMES_ITS_KEY = Pattern.compile("(?s)([a-z][a-z0-9-]*):? +(.+)");

    /**
     * What became of binding.
     *
     * @param field the key below that the problem is about, empty if it does not say
     */
    record Bound(
            @Nullable Object value, String field, @Nullable String problem) {}

    private final Map<String, Object> values = new LinkedHashMap<>();

    void put(String property, String value) {
        values.put(property, value);
    }

    Bound bind(ResolvableType type, String property) {
        ConfigurationPropertyName name = ConfigurationPropertyName.adapt(property, '.');
        try {
            Binder binder = new Binder(new MapConfigurationPropertySource(values));
            Object value = type.resolve(Object.class).isRecord() && !values.containsKey(property)
                    ? binder.bindOrCreate(name, Bindable.of(type), null)
                    : binder.bind(name, Bindable.of(type)).orElse(null);
            return new Bound(value, "", null);
        } catch (BindException e) {
            return failed(type.resolve(Object.class), e);
        }
    }

    private static Bound failed(Class<?> type, BindException e) {
        Throwable cause = e;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        String said = cause.getMessage() == null ? cause.toString() : cause.getMessage();
        if (type.isRecord()) {
            return ofConstructor(type, said);
        }
        Object value = e.getProperty() == null ? null : e.getProperty().getValue();
        return new Bound(
                null,
                "",
                type.isEnum()
                        ? "'" + value + "' is none of " + Expected.of(type).substring("one of ".length())
                        : "'" + value + "' is not a possible value, expected is " + Expected.of(type));
    }

    private static Bound ofConstructor(Class<?> type, String said) {
        return ofSentence(keys(type), said);
    }

    /** Whoever refuses settings names the key at the beginning of the sentence. */
    static Bound ofSentence(Set<String> keys, String said) {
        Matcher named = NAMES_ITS_KEY.matcher(said);
        return named.matches() && keys.contains(named.group(1))
                ? new Bound(null, named.group(1), named.group(2))
                : new Bound(null, "", said);
    }

    static Set<String> keys(Class<?> type) {
        return Arrays.stream(type.getRecordComponents())
                .map(component -> DataObjectPropertyName.toDashedForm(component.getName()))
                .collect(Collectors.toSet());
    }
}
