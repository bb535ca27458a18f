package dev.sluice.definition;

import dev.sluice.sink.LocalOnly;
import dev.sluice.sink.Secret;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DataObjectPropertyName;
import org.springframework.core.ResolvableType;

/**
 * Reads settings into a record, strictly: names that no component has are refused, at any depth; where a component is
 * a map, its names are free. Goes on after an error, so that all of them are told at once. One use.
 */
public final class SettingsReader {

    /**
     * What was read.
     *
     * @param settings null if there were errors
     * @param shown the settings as they were given, without secrets
     * @param unclear what can be understood and may not be what was meant: stored definitions keep it, new ones do not
     */
    public record Result<P>(
            @Nullable P settings,
            Map<String, Object> shown,
            Secrets secrets,
            List<FieldError> errors,
            List<FieldError> unclear) {}

    private record Place(String field, String property, boolean secret) {
        Place named(String name, String bound, boolean isSecret) {
            return new Place(field.isEmpty() ? name : field + "." + name, property + bound, secret || isSecret);
        }

        Place at(int index) {
            return new Place(field + "[" + index + "]", property + "[" + index + "]", secret);
        }
    }

    /* Milliseconds to the binder, seconds to most people. */
    private static final Pattern WITHOUT_UNIT = Pattern.compile("[1-9][0-9]*");

    private final boolean local;
    private final List<FieldError> errors = new ArrayList<>();
    private final List<FieldError> unclear = new ArrayList<>();
    private final Secrets secrets = new Secrets();
    private final SettingsBinding binding = new SettingsBinding();

    private SettingsReader(boolean local) {
        this.local = local;
    }

    /**
     * Reads the settings of a definition.
     *
     * @param common names that are somebody else's
     * @param owner whose settings these are, for messages
     */
    public static <P> Result<P> read(StatedDefinition stated, Class<P> type, Set<String> common, String owner) {
        SettingsReader reader = new SettingsReader(stated.local());
        Place root = new Place("", SettingsBinding.ROOT, false);
        Map<String, Object> shown = reader.record(type, stated.settings(), common, root, owner);
        P settings = reader.errors.isEmpty()
                ? type.cast(reader.bind(ResolvableType.forClass(type), root).orElse(null))
                : null;
        return new Result<>(settings, shown, reader.secrets, List.copyOf(reader.errors), List.copyOf(reader.unclear));
    }

    /** Returns the error for what an {@link IllegalArgumentException} about these settings says. */
    public static FieldError blame(Class<?> type, Set<String> common, @Nullable String said, Secrets secrets) {
        Set<String> keys = new HashSet<>(SettingsBinding.keys(type));
        keys.addAll(common);
        SettingsBinding.Bound bound = SettingsBinding.ofSentence(keys, secrets.removedFrom(String.valueOf(said)));
        return FieldError.of(bound.field(), String.valueOf(bound.problem()));
    }

    private Map<String, Object> record(Class<?> type, Map<?, ?> given, Set<String> common, Place place, String owner) {
        Map<String, RecordComponent> components = new LinkedHashMap<>();
        for (RecordComponent component : type.getRecordComponents()) {
            components.put(DataObjectPropertyName.toDashedForm(component.getName()), component);
        }
        Map<String, Object> shown = new LinkedHashMap<>();
        given.forEach((key, value) -> {
            String name = String.valueOf(key);
            Optional<String> known = components.keySet().stream()
                    .filter(candidate -> StatedDefinition.matches(name, candidate, local))
                    .findFirst();
            if (known.isPresent()) {
                String dashed = known.get();
                component(components.get(dashed), value, place, dashed)
                        .ifPresent(visible -> shown.put(dashed, visible));
            } else if (common.stream().noneMatch(candidate -> StatedDefinition.matches(name, candidate, local))) {
                List<String> possible = new ArrayList<>(components.keySet());
                possible.addAll(common);
                errors.add(FieldError.unknown(
                        place.named(name, "", false).field(), "is not a setting of " + owner, possible));
            }
        });
        return shown;
    }

    private Optional<Object> component(@Nullable RecordComponent component, Object value, Place parent, String dashed) {
        if (component == null) {
            return Optional.empty();
        }
        Place place = parent.named(dashed, "." + dashed, component.isAnnotationPresent(Secret.class));
        if (!local && component.isAnnotationPresent(LocalOnly.class)) {
            errors.add(FieldError.of(place.field(), "can be set in the configuration of the service only"));
            return Optional.empty();
        }
        return Optional.of(value(ResolvableType.forType(component.getGenericType()), value, place));
    }

    /** Notes a value for binding and returns what may be shown of it. */
    private Object value(ResolvableType type, Object value, Place place) {
        Class<?> raw = type.resolve(Object.class);
        if (raw.isRecord()) {
            if (value instanceof Map<?, ?> map) {
                return nested(type, raw, map, place);
            }
            return hasShortForm(raw) && !(value instanceof List)
                    ? scalar(type, String.valueOf(value), place)
                    : misshapen("an object", value, place);
        }
        if (Map.class.isAssignableFrom(raw) || (raw == Object.class && value instanceof Map)) {
            return value instanceof Map<?, ?> map
                    ? map(type.asMap().getGeneric(1), map, place)
                    : misshapen("an object", value, place);
        }
        if (Collection.class.isAssignableFrom(raw) || raw.isArray() || (raw == Object.class && value instanceof List)) {
            ResolvableType element = raw.isArray()
                    ? type.getComponentType()
                    : type.asCollection().getGeneric(0);
            return list(type, element, value, place);
        }
        return value instanceof Map || value instanceof List
                ? misshapen(Expected.of(raw), value, place)
                : scalar(type, String.valueOf(value), place);
    }

    /* As the container's conversion finds it. */
    static boolean hasShortForm(Class<?> type) {
        return Arrays.stream(type.getMethods())
                .anyMatch(method -> Modifier.isStatic(method.getModifiers())
                        && method.getName().equals("of")
                        && Arrays.equals(method.getParameterTypes(), new Class<?>[] {String.class}));
    }

    private Object nested(ResolvableType type, Class<?> raw, Map<?, ?> map, Place place) {
        int before = errors.size();
        Map<String, Object> shown = record(raw, map, Set.of(), place, "'" + place.field() + "'");
        if (errors.size() == before) {
            bind(type, place);
        }
        return shown;
    }

    private Object map(ResolvableType type, Map<?, ?> map, Place place) {
        Map<String, Object> shown = new LinkedHashMap<>();
        map.forEach((key, value) -> {
            String name = String.valueOf(key);
            Place entry = place.named(name, "[" + name + "]", false);
            if (name.isBlank() || name.contains("[") || name.contains("]")) {
                errors.add(
                        FieldError.of(entry.field(), "has no possible name: it must not be empty or contain [ or ]"));
            } else {
                shown.put(name, value(type, value, entry));
            }
        });
        return shown;
    }

    private Object list(ResolvableType type, ResolvableType element, Object value, Place place) {
        List<?> items;
        if (value instanceof List<?> list) {
            items = list;
        } else if (local && value instanceof Map<?, ?> map) {
            items = List.copyOf(map.values()); // what a list in YAML becomes
        } else {
            return local
                    ? scalar(type, String.valueOf(value), place)
                    : misshapen(
                            value instanceof Map || place.secret() ? "a list" : "a list, like [\"" + value + "\"]",
                            value,
                            place);
        }
        if (items.isEmpty()) {
            binding.put(place.property(), "");
        }
        List<Object> shown = new ArrayList<>();
        for (int i = 0; i < items.size(); i++) {
            shown.add(value(element, items.get(i), place.at(i)));
        }
        return shown;
    }

    private Object scalar(ResolvableType type, String value, Place place) {
        if (place.secret() && value.equals(Secrets.MASK)) {
            unclear.add(FieldError.of(
                    place.field(),
                    "is '" + value + "', which is shown in the place of a secret; write the secret itself"));
        } else if (place.secret()) {
            secrets.add(value);
        } else if (Secrets.isWithoutQuery(value)) {
            unclear.add(FieldError.of(
                    place.field(),
                    "has '" + Secrets.MASK + "', which is shown in the place of a query; write the query itself"));
        }
        if (type.resolve(Object.class) == Duration.class
                && WITHOUT_UNIT.matcher(value).matches()) {
            unclear.add(FieldError.of(
                    place.field(),
                    "is " + value + " without a unit; write \"" + value + "s\" for seconds, \"" + value
                            + "ms\" for milliseconds"));
        }
        binding.put(place.property(), value);
        bind(type, place);
        return place.secret() ? Secrets.MASK : Secrets.withoutQuery(value);
    }

    private Object misshapen(String expected, Object value, Place place) {
        String found = place.secret() ? "something else" : Expected.kind(value);
        errors.add(FieldError.of(place.field(), "must be " + expected + ", but is " + found));
        return Secrets.MASK;
    }

    private Optional<Object> bind(ResolvableType type, Place place) {
        SettingsBinding.Bound bound = binding.bind(type, place.property());
        if (bound.problem() != null) {
            errors.add(new FieldError(
                    bound.field().isEmpty() || place.field().isEmpty()
                            ? place.field() + bound.field()
                            : place.field() + "." + bound.field(),
                    place.secret()
                            ? "is not " + Expected.of(type.resolve(Object.class)) + " (it is secret, so not shown)"
                            : secrets.removedFrom(bound.problem()),
                    List.of()));
        }
        return Optional.ofNullable(bound.value());
    }
}
