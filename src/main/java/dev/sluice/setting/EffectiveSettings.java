package dev.sluice.setting;

import dev.sluice.definition.SettingDescription;
import dev.sluice.definition.SettingDescriptions;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.stereotype.Component;

/** Finds out which settings below {@code sluice} there are, which hold, and where they come from. Thread-safe. */
@Component
class EffectiveSettings {

    private static final String ROOT = "sluice.";
    private static final ConfigurationPropertyName SINKS = ConfigurationPropertyName.of("sluice.sinks");
    private static final Set<String> STRUCTURES = Set.of("list", "map", "object");

    private final ConfigurableEnvironment environment;
    private final ListableBeanFactory beans;
    private final Masking masking;

    EffectiveSettings(ConfigurableEnvironment environment, ListableBeanFactory beans, Masking masking) {
        this.environment = environment;
        this.beans = beans;
        this.masking = masking;
    }

    /** Returns all that there are, and those that are given of lists, maps and sinks, by name. */
    List<EffectiveSetting> all() {
        Map<ConfigurationPropertyName, @Nullable String> known = new TreeMap<>();
        Set<ConfigurationPropertyName> open = new LinkedHashSet<>(Set.of(SINKS));
        for (String bean : beans.getBeanNamesForAnnotation(ConfigurationProperties.class)) {
            ConfigurationProperties annotation = beans.findAnnotationOnBean(bean, ConfigurationProperties.class);
            if (annotation != null && annotation.prefix().startsWith(ROOT)) {
                Class<?> type = AopUtils.getTargetClass(beans.getBean(bean));
                describe(SettingDescriptions.of(type), annotation.prefix(), known, open);
            }
        }
        Set<ConfigurationPropertyName> given = given(open);
        Map<ConfigurationPropertyName, EffectiveSetting> all = new TreeMap<>();
        known.forEach((name, usual) -> {
            // What is given of a list or map stands there by itself.
            if (given.stream().noneMatch(name::isAncestorOf)) {
                all.put(name, setting(name, usual));
            }
        });
        given.forEach(name -> all.computeIfAbsent(name, missing -> setting(missing, null)));
        return List.copyOf(all.values());
    }

    private static void describe(
            List<SettingDescription> settings,
            String prefix,
            Map<ConfigurationPropertyName, @Nullable String> known,
            Set<ConfigurationPropertyName> open) {
        for (SettingDescription setting : settings) {
            String name = prefix + "." + setting.name();
            List<SettingDescription> inner = setting.settings();
            if (inner != null && !Boolean.TRUE.equals(setting.orText())) {
                describe(inner, name, known, open);
                continue;
            }
            if (STRUCTURES.contains(setting.type())) {
                open.add(ConfigurationPropertyName.of(name));
            }
            known.put(ConfigurationPropertyName.of(name), usual(setting.usual()));
        }
    }

    private static @Nullable String usual(@Nullable Object usual) {
        if (usual instanceof List<?> list) {
            return list.isEmpty()
                    ? null
                    : String.join(",", list.stream().map(String::valueOf).toList());
        }
        return usual == null || usual instanceof Map ? null : usual.toString();
    }

    /* Of the environment, what merely begins with the same word may be somebody else's, and secret. */
    private Set<ConfigurationPropertyName> given(Set<ConfigurationPropertyName> open) {
        Set<ConfigurationPropertyName> given = new LinkedHashSet<>();
        for (ConfigurationPropertySource source : ConfigurationPropertySources.get(environment)) {
            if (source instanceof IterableConfigurationPropertySource iterable) {
                iterable.stream()
                        .filter(name -> open.stream().anyMatch(parent -> parent.isAncestorOf(name)))
                        .forEach(given::add);
            }
        }
        return given;
    }

    private EffectiveSetting setting(ConfigurationPropertyName name, @Nullable String usual) {
        ConfigurationProperty found = find(name);
        String value = found == null ? usual : resolved(found.getValue());
        Origins origin = found == null ? Origins.DEFAULT : Origins.of(found);
        return new EffectiveSetting(
                name.toString(),
                value == null ? null : masking.shown(name, value),
                usual,
                origin.kind(),
                origin.where());
    }

    private @Nullable ConfigurationProperty find(ConfigurationPropertyName name) {
        for (ConfigurationPropertySource source : ConfigurationPropertySources.get(environment)) {
            ConfigurationProperty found = source.getConfigurationProperty(name);
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    private String resolved(Object value) {
        return environment.resolvePlaceholders(String.valueOf(value));
    }
}
