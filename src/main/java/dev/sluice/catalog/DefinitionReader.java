package dev.sluice.catalog;

import dev.sluice.sink.Guarantee;
import dev.sluice.sink.SinkException;
import dev.sluice.sink.SinkType;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.DataObjectPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.stereotype.Component;

/** Turns what is configured below a name into a definition, or says which property is wrong and why. */
@Component
class DefinitionReader {

    private static final Pattern SINK_ID = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9_-]{0,62}");
    private static final Pattern PARTITION = Pattern.compile("[a-zA-Z0-9_][a-zA-Z0-9._:@=+-]{0,127}");
    private static final int MOST_PARTITIONS = 100_000;
    private static final Set<String> COMMON_KEYS = Set.of("type", "partitions", "guarantee");

    private final SinkTypes types;

    DefinitionReader(SinkTypes types) {
        this.types = types;
    }

    /** Returns the ids that have settings below {@code root}, in the order in which they are configured. */
    Set<String> ids(Iterable<ConfigurationPropertySource> sources, ConfigurationPropertyName root) {
        return namesBelow(sources, root).keySet();
    }

    SinkDefinition read(
            String id, Iterable<ConfigurationPropertySource> sources, Binder binder, ConfigurationPropertyName root) {
        if (!SINK_ID.matcher(id).matches()) {
            throw new InvalidDefinitionException(
                    root + "." + id,
                    "a sink's id is 1 to 63 letters, digits, '_' and '-', and begins with a letter or digit",
                    null);
        }
        ConfigurationPropertyName name = ConfigurationPropertyName.adapt(root + "." + id, '.');
        String typeName = binder.bind(name.append("type"), Bindable.of(String.class))
                .orElseThrow(() -> new InvalidDefinitionException(name + ".type", "is missing", null));
        SinkType<?> type = types.named(typeName, name + ".type");
        refuseUnknownKeys(namesBelow(sources, root).getOrDefault(id, Map.of()), type, name);
        return define(id, type, partitions(binder, name), binder, name);
    }

    private <P> SinkDefinition define(
            String id, SinkType<P> type, List<String> partitions, Binder binder, ConfigurationPropertyName name) {
        try {
            P settings = binder.bindOrCreate(name, Bindable.of(type.settingsType()), null);
            Guarantee guarantee = type.guarantee(settings);
            refuseHigherClaim(claimed(binder, name), guarantee, name);
            return new SinkDefinition(
                    new SinkDefinition.Common(
                            id,
                            type.name(),
                            partitions,
                            guarantee,
                            0,
                            List.of(),
                            SinkDefinition.Source.CONFIGURATION,
                            Map.of()),
                    type.create(id, partitions, settings));
        } catch (BindException e) {
            throw new InvalidDefinitionException(String.valueOf(e.getName()), reason(e), e);
        } catch (IllegalArgumentException | SinkException e) {
            throw new InvalidDefinitionException(name.toString(), String.valueOf(e.getMessage()), e);
        }
    }

    private static @Nullable String claimed(Binder binder, ConfigurationPropertyName name) {
        return binder.bind(name.append("guarantee"), Bindable.of(String.class)).orElse(null);
    }

    private static void refuseHigherClaim(
            @Nullable String claimed, Guarantee computed, ConfigurationPropertyName name) {
        if (claimed == null) {
            return;
        }
        Guarantee claim = Arrays.stream(Guarantee.values())
                .filter(known -> known.text().equals(claimed))
                .findFirst()
                .orElseThrow(() -> new InvalidDefinitionException(
                        name + ".guarantee",
                        "'" + claimed + "' is none of at-least-once, effectively-once, exactly-once",
                        null));
        if (claim.compareTo(computed) > 0) {
            throw new InvalidDefinitionException(
                    name + ".guarantee",
                    "claims " + claim.text() + ", but with these settings this sink is " + computed.text(),
                    null);
        }
    }

    private static List<String> partitions(Binder binder, ConfigurationPropertyName name) {
        String property = name + ".partitions";
        List<String> partitions;
        try {
            partitions = binder.bind(name.append("partitions"), Bindable.listOf(String.class))
                    .orElse(List.of());
        } catch (BindException e) {
            throw new InvalidDefinitionException(property, "must be a list of names, like [\"0\", \"1\"]", e);
        }
        if (partitions.isEmpty() || partitions.size() > MOST_PARTITIONS) {
            throw new InvalidDefinitionException(
                    property,
                    "must list 1 to " + MOST_PARTITIONS + " partitions, like [\"0\", \"1\"], but lists "
                            + partitions.size(),
                    null);
        }
        Set<String> seen = new HashSet<>();
        for (String partition : partitions) {
            if (!PARTITION.matcher(partition).matches()) {
                throw new InvalidDefinitionException(
                        property,
                        "'" + partition + "' is not a partition's name: 1 to 128 of a-z, A-Z, 0-9 and ._:@=+-,"
                                + " beginning with a letter, a digit or '_'",
                        null);
            }
            if (!seen.add(partition)) {
                throw new InvalidDefinitionException(property, "'" + partition + "' stands there twice", null);
            }
        }
        return List.copyOf(partitions);
    }

    private static void refuseUnknownKeys(Map<String, String> keys, SinkType<?> type, ConfigurationPropertyName name) {
        Set<String> known = new TreeSet<>(COMMON_KEYS);
        for (RecordComponent component : type.settingsType().getRecordComponents()) {
            known.add(DataObjectPropertyName.toDashedForm(component.getName()));
        }
        Set<String> knownUniform = new HashSet<>();
        known.forEach(key -> knownUniform.add(key.replace("-", "")));
        keys.forEach((uniform, original) -> {
            if (!knownUniform.contains(uniform)) {
                throw new InvalidDefinitionException(
                        name + "." + original,
                        "is not a setting of a sink of type '" + type.name() + "'" + NearestNames.hint(original, known)
                                + "; known are " + String.join(", ", known),
                        null);
            }
        });
    }

    /** Maps id → key in uniform form → key as written. */
    private static Map<String, Map<String, String>> namesBelow(
            Iterable<ConfigurationPropertySource> sources, ConfigurationPropertyName root) {
        Map<String, Map<String, String>> found = new LinkedHashMap<>();
        int depth = root.getNumberOfElements();
        for (ConfigurationPropertySource source : sources) {
            if (source instanceof IterableConfigurationPropertySource iterable) {
                iterable.stream().filter(name -> root.isAncestorOf(name)).forEach(name -> {
                    Map<String, String> keys =
                            found.computeIfAbsent(name.getElement(depth, Form.ORIGINAL), id -> new LinkedHashMap<>());
                    if (name.getNumberOfElements() > depth + 1) {
                        keys.put(name.getElement(depth + 1, Form.UNIFORM), name.getElement(depth + 1, Form.ORIGINAL));
                    }
                });
            }
        }
        return found;
    }

    private static String reason(BindException e) {
        Throwable cause = e;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        Class<?> target = e.getTarget().getType().resolve();
        if (target != null && target.isEnum() && e.getProperty() != null) {
            return "'" + e.getProperty().getValue() + "' is none of "
                    + Arrays.stream(target.getEnumConstants())
                            .map(constant -> constant.toString().toLowerCase(Locale.ROOT))
                            .collect(Collectors.joining(", "));
        }
        Object value = e.getProperty() == null ? null : e.getProperty().getValue();
        String what = cause.getMessage() == null ? cause.toString() : cause.getMessage();
        return value == null ? what : "'" + value + "' is not a possible value: " + what;
    }
}
