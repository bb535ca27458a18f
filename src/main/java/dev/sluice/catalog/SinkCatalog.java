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
    private final Targets targets;

    SinkCatalog(DefinitionLoader loader, DefinitionPoll poll, Targets targets) {
        this.loader = loader;
        this.poll = poll;
        this.targets = targets;
    }

    /** Returns all definitions that can be used, those of the configuration first. */
    public List<SinkDefinition> all() {
        return loader.current().sinks().values().stream().map(Assembled::sink).toList();
    }

    /** Returns the stored definitions that cannot be used, and why. */
    public List<UnusableSink> unusable() {
        return List.copyOf(loader.current().unusable().values());
    }

    /** Returns the revision of the stored definitions that this process goes by. */
    public long revision() {
        return loader.current().revision();
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

    /**
     * Looks at the target of a sink again: it may have been brought back, or its loss accepted at another replica.
     *
     * @throws SinkException if it is not as it should be
     */
    public void recognise(String id) {
        find(id).filter(sink -> !sink.stateless()).ifPresent(targets::recognise);
    }

    /**
     * Accepts, by its name, that a sink's target is lost: what is there now takes its place, and is made where it is
     * missing. Positions stay.
     *
     * @return whether there was a loss
     * @throws dev.sluice.sink.LostTargetException if it is another loss than that
     */
    public boolean accept(SinkDefinition sink, String loss) {
        return targets.accept(sink, loss);
    }

    @Override
    public void destroy() {
        all().forEach(definition -> definition.sink().close());
    }
}
