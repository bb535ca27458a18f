package dev.sluice.definition;

import dev.sluice.sink.Bounds;
import dev.sluice.sink.Description;
import dev.sluice.sink.LocalOnly;
import dev.sluice.sink.Secret;
import java.lang.reflect.Parameter;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DataObjectPropertyName;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.core.ResolvableType;
import org.springframework.util.ClassUtils;
import org.springframework.util.unit.DataSize;

/** Describes settings by the records that they are bound to. */
public final class SettingDescriptions {

    private SettingDescriptions() {}

    /** Returns the settings that every definition may have; those of sinks made of others have no partitions. */
    public static List<SettingDescription> common(boolean composite) {
        return of(CommonSettings.class).stream()
                .filter(setting -> !composite
                        || !(CommonKeys.NOT_FOR_COMPOSITES.contains(setting.name())
                                || DeadLetterKeys.NAMES.contains(setting.name())))
                .toList();
    }

    /** Returns what the type of a settings record is for, empty if it does not say. */
    public static Optional<String> sentence(Class<?> type) {
        return Optional.ofNullable(type.getAnnotation(Description.class)).map(Description::value);
    }

    /** Returns the settings that a record has, in its order. */
    public static List<SettingDescription> of(Class<?> type) {
        RecordComponent[] components = type.getRecordComponents();
        Parameter[] parameters = parameters(type, components);
        return IntStream.range(0, components.length)
                .mapToObj(i -> setting(components[i], parameters[i].getAnnotation(DefaultValue.class)))
                .toList();
    }

    /* What is bound has its default there. */
    private static Parameter[] parameters(Class<?> type, RecordComponent[] components) {
        try {
            return type.getDeclaredConstructor(Arrays.stream(components)
                            .map(RecordComponent::getType)
                            .toArray(Class<?>[]::new))
                    .getParameters();
        } catch (NoSuchMethodException e) {
            throw new IllegalStateException(type + " is no record", e);
        }
    }

    private static SettingDescription setting(RecordComponent component, @Nullable DefaultValue usual) {
        Description sentence = component.getAnnotation(Description.class);
        Bounds bounds = component.getAnnotation(Bounds.class);
        SettingDescription value = value(ResolvableType.forType(component.getGenericType()));
        return new SettingDescription(
                DataObjectPropertyName.toDashedForm(component.getName()),
                value.type(),
                sentence == null ? null : sentence.value(),
                usual(usual, value.type()),
                usual == null && !component.getAnnotatedType().isAnnotationPresent(Nullable.class),
                component.isAnnotationPresent(Secret.class),
                component.isAnnotationPresent(LocalOnly.class),
                value.values(),
                bounds == null ? null : bounds.least(),
                bounds == null || bounds.most().isEmpty() ? null : bounds.most(),
                value.items(),
                value.entries(),
                value.settings(),
                value.orText());
    }

    private static @Nullable Object usual(@Nullable DefaultValue given, String type) {
        if (given == null) {
            return null;
        }
        return switch (type) {
            case "list" -> List.of(given.value());
            case "map", "object" -> given.value().length == 0 ? Map.of() : given.value()[0];
            default -> given.value()[0];
        };
    }

    private static SettingDescription value(ResolvableType type) {
        Class<?> raw = ClassUtils.resolvePrimitiveIfNecessary(type.resolve(Object.class));
        if (raw.isRecord()) {
            return value("object", null, null, null, of(raw), SettingsReader.hasShortForm(raw));
        }
        if (Map.class.isAssignableFrom(raw)) {
            return value("map", null, null, value(type.asMap().getGeneric(1)), null, null);
        }
        if (Collection.class.isAssignableFrom(raw)) {
            return value("list", null, value(type.asCollection().getGeneric(0)), null, null, null);
        }
        return raw.isEnum()
                ? value("choice", Expected.spellings(raw), null, null, null, null)
                : value(simple(raw), null, null, null, null, null);
    }

    private static String simple(Class<?> type) {
        if (type == Boolean.class) {
            return "boolean";
        }
        if (Number.class.isAssignableFrom(type)) {
            return type == Integer.class || type == Long.class || type == Short.class ? "integer" : "number";
        }
        if (type == Duration.class) {
            return "duration";
        }
        return type == DataSize.class ? "size" : "text";
    }

    private static SettingDescription value(
            String type,
            @Nullable List<String> values,
            @Nullable SettingDescription items,
            @Nullable SettingDescription entries,
            @Nullable List<SettingDescription> settings,
            @Nullable Boolean orText) {
        return new SettingDescription(
                null, type, null, null, null, null, null, values, null, null, items, entries, settings, orText);
    }
}
