package dev.sluice.catalog;

import dev.sluice.catalog.Assembly.Assembled;
import dev.sluice.catalog.DefinitionReader.Draft;
import dev.sluice.definition.FieldError;
import dev.sluice.definition.StatedDefinition;
import dev.sluice.sink.SinkException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.stereotype.Component;

/** The sinks of this service, ready to be written to. Immutable after the start. */
@Component
public class SinkCatalog implements DisposableBean {

    private static final Logger log = LoggerFactory.getLogger(SinkCatalog.class);

    private final Map<String, Assembled> sinks;

    SinkCatalog(ConfiguredSinks configured, DefinitionReader reader) {
        List<FieldError> errors = new ArrayList<>();
        List<Draft> drafts = new ArrayList<>();
        for (StatedDefinition stated : configured.all()) {
            try {
                drafts.add(reader.read(stated));
            } catch (InvalidDefinitionException e) {
                collect(stated.id(), e, errors);
            }
        }
        Assembly assembly = new Assembly(drafts, Map.of()).run();
        assembly.refused().forEach((id, e) -> collect(id, e, errors));
        if (!errors.isEmpty()) {
            throw new InvalidDefinitionException(errors);
        }
        sinks = assembly.assembled();
        // Only once all of them make sense: a start that fails leaves nothing behind.
        assembly.fresh().forEach(SinkCatalog::prepare);
    }

    private static void collect(String id, InvalidDefinitionException e, List<FieldError> errors) {
        e.errors().forEach(error -> errors.add(error.below(ConfiguredSinks.ROOT + "." + id)));
    }

    private static void prepare(SinkDefinition definition) {
        try {
            definition.sink().prepare();
        } catch (SinkException e) {
            throw new InvalidDefinitionException(
                    ConfiguredSinks.ROOT + "." + definition.id(), String.valueOf(e.getMessage()));
        }
        log.info(
                "Sink {}: type {}, {} {}, {}",
                definition.id(),
                definition.type(),
                definition.partitions().size(),
                definition.stateless() ? "workers" : "partitions",
                definition.guarantee().text());
    }

    /** Returns all definitions, in the order of the configuration. */
    public List<SinkDefinition> all() {
        return sinks.values().stream().map(Assembled::sink).toList();
    }

    /** Returns the definition with that id. */
    public Optional<SinkDefinition> find(String id) {
        return Optional.ofNullable(sinks.get(id)).map(Assembled::sink);
    }

    @Override
    public void destroy() {
        all().forEach(definition -> definition.sink().close());
    }
}
