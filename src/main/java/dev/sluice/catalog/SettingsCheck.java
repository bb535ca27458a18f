package dev.sluice.catalog;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.boot.context.properties.source.UnboundElementsSourceFilter;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;

/**
 * Refuses settings below {@code sluice} that belong to nothing, as each group of settings does for its own: a
 * misspelled limit must not silently be none. Environment variables and system properties may be somebody else's.
 */
@Component
class SettingsCheck implements SmartInitializingSingleton {

    private static final ConfigurationPropertyName ROOT = ConfigurationPropertyName.of("sluice");

    private final Environment environment;
    private final ListableBeanFactory beans;

    SettingsCheck(Environment environment, ListableBeanFactory beans) {
        this.environment = environment;
        this.beans = beans;
    }

    @Override
    public void afterSingletonsInstantiated() {
        Set<String> known = new TreeSet<>(Set.of("sinks"));
        for (Map.Entry<String, Object> bean :
                beans.getBeansWithAnnotation(ConfigurationProperties.class).entrySet()) {
            ConfigurationProperties annotation =
                    beans.findAnnotationOnBean(bean.getKey(), ConfigurationProperties.class);
            if (annotation != null && annotation.prefix().startsWith("sluice.")) {
                known.add(annotation.prefix().substring("sluice.".length()));
            }
        }
        UnboundElementsSourceFilter ours = new UnboundElementsSourceFilter();
        ConfigurationPropertySources.get(environment).forEach(source -> {
            if (source instanceof IterableConfigurationPropertySource iterable && ours.apply(source)) {
                iterable.stream().filter(ROOT::isAncestorOf).forEach(name -> check(name, known));
            }
        });
    }

    private static void check(ConfigurationPropertyName name, Set<String> known) {
        String group = name.getElement(1, Form.ORIGINAL);
        if (!known.contains(group)) {
            throw new InvalidDefinitionException(
                    name.toString(),
                    "is not a setting" + NearestNames.hint(group, known) + "; below sluice there are "
                            + String.join(", ", known));
        }
    }
}
