package dev.sluice.catalog;

import dev.sluice.catalog.Assembly.Assembled;
import dev.sluice.catalog.DefinitionLoader.Current;
import dev.sluice.sink.Disposition;
import dev.sluice.sink.SinkException;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
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
     * Returns the revision of a sink's definition as the database has it now, 0 if it stands in the configuration; in
     * the caller's transaction, where there is one.
     */
    public long revision(SinkDefinition sink) {
        return sink.source() == SinkDefinition.Source.DATABASE ? loader.revisionOf(sink.id()) : 0;
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
     * missing. Positions stay. {@code told} runs in the transaction that accepts.
     *
     * @return what {@code told} returns, empty if there was no loss
     * @throws dev.sluice.sink.LostTargetException if it is another loss than that
     */
    public Optional<Long> accept(SinkDefinition sink, String loss, Supplier<Long> told) {
        return targets.accept(sink, loss, told);
    }

    @Override
    public void destroy() {
        all().forEach(definition -> definition.sink().close());
    }
}
