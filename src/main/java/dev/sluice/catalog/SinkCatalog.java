package dev.sluice.catalog;

import dev.sluice.catalog.Assembly.Assembled;
import dev.sluice.catalog.DefinitionLoader.Current;
import dev.sluice.sink.Disposition;
import dev.sluice.sink.SinkException;
import java.util.List;
import java.util.Optional;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.stereotype.Component;

/**
 * The sinks of this service, ready to be written to. Those that are stored in the database may come, go and change
 * while it runs: ask again rather than keep an answer. Thread-safe.
 */
@Component
public class SinkCatalog implements DisposableBean {

    private final DefinitionLoader loader;
    private final DefinitionPoll poll;

    SinkCatalog(DefinitionLoader loader, DefinitionPoll poll) {
        this.loader = loader;
        this.poll = poll;
    }

    /** Returns all definitions that can be used, those of the configuration first. */
    public List<SinkDefinition> all() {
        return loader.current().sinks().values().stream().map(Assembled::sink).toList();
    }

    /** Returns the stored definitions that cannot be used, and why. */
    public List<UnusableSink> unusable() {
        return List.copyOf(loader.current().unusable().values());
    }

    /**
     * Returns the definition with that id. One that was put at another replica a moment ago is found, too. Throws
     * {@link SinkException} if there is one that cannot be used.
     */
    public Optional<SinkDefinition> find(String id) {
        Current current = loader.current();
        if (!current.sinks().containsKey(id) && !current.unusable().containsKey(id)) {
            poll.lookAgain();
            current = loader.current();
        }
        UnusableSink unusable = current.unusable().get(id);
        if (unusable != null) {
            throw new SinkException(
                    Disposition.UNAVAILABLE, "the sink '" + id + "' cannot be used: " + unusable.reason(), null);
        }
        return Optional.ofNullable(current.sinks().get(id)).map(Assembled::sink);
    }

    @Override
    public void destroy() {
        all().forEach(definition -> definition.sink().close());
    }
}
