package dev.sluice.catalog;

import dev.sluice.sink.SinkException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;

/** The sinks of this service, ready to be written to. Immutable after the start. */
@Component
public class SinkCatalog implements DisposableBean {

    private static final Logger log = LoggerFactory.getLogger(SinkCatalog.class);
    private static final ConfigurationPropertyName ROOT = ConfigurationPropertyName.of("sluice.sinks");

    /* So that the first curl of a newcomer works. */
    private static final Map<String, String> DEFAULT_SINK = Map.of(
            "sluice.sinks.events.type", "table",
            "sluice.sinks.events.partitions", "0,1,2,3");

    private final Map<String, SinkDefinition> definitions = new LinkedHashMap<>();

    SinkCatalog(Environment environment, DefinitionReader reader) {
        Iterable<ConfigurationPropertySource> sources = ConfigurationPropertySources.get(environment);
        Binder binder = Binder.get(environment);
        Set<String> ids = reader.ids(sources, ROOT);
        if (ids.isEmpty()) {
            MapConfigurationPropertySource source = new MapConfigurationPropertySource(DEFAULT_SINK);
            sources = List.of(source);
            binder = new Binder(source);
            ids = reader.ids(sources, ROOT);
            log.info("No sinks are configured: offering 'events', a table sink with partitions 0 to 3");
        }
        for (String id : ids) {
            definitions.put(id, reader.read(id, sources, binder, ROOT));
        }
        // Only once all of them make sense: a start that fails leaves nothing behind.
        definitions.values().forEach(SinkCatalog::prepare);
    }

    private static void prepare(SinkDefinition definition) {
        try {
            definition.sink().prepare();
        } catch (SinkException e) {
            throw new InvalidDefinitionException(ROOT + "." + definition.id(), String.valueOf(e.getMessage()), e);
        }
        log.info(
                "Sink {}: type {}, {} partitions, {}",
                definition.id(),
                definition.type(),
                definition.partitions().size(),
                definition.guarantee().text());
    }

    /** Returns all definitions, in the order of the configuration. */
    public List<SinkDefinition> all() {
        return List.copyOf(definitions.values());
    }

    /** Returns the definition with that id. */
    public Optional<SinkDefinition> find(String id) {
        return Optional.ofNullable(definitions.get(id));
    }

    @Override
    public void destroy() {
        definitions.values().forEach(definition -> definition.sink().close());
    }
}
