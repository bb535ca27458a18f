package dev.sluice.meter;

import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** Meters of one kind for each sink, looked up by its tags when they are first needed. Thread-safe. */
public final class PerSink<M> {

    private final SinkTags tags;
    private final Function<String, M> make;
    private final Map<String, M> bySink = new ConcurrentHashMap<>();
    private final Map<String, M> byTag = new ConcurrentHashMap<>();

    PerSink(SinkTags tags, Function<String, M> make) {
        this.tags = tags;
        this.make = make;
    }

    /** Returns the meters of a sink; beyond the first hundred they are everybody else's, too. */
    public M of(String sink) {
        M known = bySink.get(sink);
        return known == null ? bySink.computeIfAbsent(sink, this::tagged) : known;
    }

    private M tagged(String sink) {
        return byTag.computeIfAbsent(tags.of(sink), make);
    }

    void forget(Collection<String> sinks) {
        bySink.keySet().removeAll(sinks);
        sinks.stream()
                .filter(sink -> !sink.equals(SinkTags.OTHER) && !sink.equals(SinkTags.NONE))
                .forEach(byTag::remove);
    }
}
