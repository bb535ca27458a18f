package dev.sluice.catalog;

import dev.sluice.definition.StatedDefinition;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;

/** The definitions below {@code sluice.sinks} in the service's configuration. */
@Component
class ConfiguredSinks {

    static final ConfigurationPropertyName ROOT = ConfigurationPropertyName.of("sluice.sinks");

    private static final Logger log = LoggerFactory.getLogger(ConfiguredSinks.class);

    /* So that the first curl of a newcomer works. */
    private static final StatedDefinition DEFAULT_SINK =
            StatedDefinition.configured("events", Map.of("type", "table", "partitions", List.of("0", "1", "2", "3")));

    private final Environment environment;

    ConfiguredSinks(Environment environment) {
        this.environment = environment;
    }

    /** Returns them in the order in which they are configured. */
    List<StatedDefinition> all() {
        Binder binder = Binder.get(environment);
        List<StatedDefinition> all = ids(ConfigurationPropertySources.get(environment)).stream()
                .map(id -> StatedDefinition.configured(id, settings(binder, id)))
                .toList();
        if (all.isEmpty()) {
            log.info("No sinks are configured: offering 'events', a table sink with partitions 0 to 3");
            return List.of(DEFAULT_SINK);
        }
        return all;
    }

    private static Map<String, Object> settings(Binder binder, String id) {
        try {
            return binder.bind(
                            ConfigurationPropertyName.adapt(ROOT + "." + id, '.'),
                            Bindable.mapOf(String.class, Object.class))
                    .orElse(Map.of());
        } catch (BindException e) {
            throw new InvalidDefinitionException(
                    ROOT + "." + id, "must have settings below it, like type and partitions");
        }
    }

    private static Set<String> ids(Iterable<ConfigurationPropertySource> sources) {
        Set<String> ids = new LinkedHashSet<>();
        for (ConfigurationPropertySource source : sources) {
            if (source instanceof IterableConfigurationPropertySource iterable) {
                iterable.stream()
                        .filter(ROOT::isAncestorOf)
                        .forEach(name -> ids.add(name.getElement(ROOT.getNumberOfElements(), Form.ORIGINAL)));
            }
        }
        return ids;
    }
}
