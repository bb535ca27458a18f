package dev.sluice.meter;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Where meters by sink come from, and where they go when their sink is gone. Thread-safe. */
@Component
public class Meters {

    private final MeterRegistry registry;
    private final SinkTags tags;
    private final List<PerSink<?>> all = new CopyOnWriteArrayList<>();

    /** Makes meters in a registry whose ids pass through {@code tags}. */
    public Meters(MeterRegistry registry, SinkTags tags) {
        this.registry = registry;
        this.tags = tags;
    }

    /** Returns where all meters are registered. */
    public MeterRegistry registry() {
        return registry;
    }

    /** Returns meters that {@code make} registers when a sink first needs them, by the value of its tag. */
    public <M> PerSink<M> perSink(Function<String, M> make) {
        PerSink<M> meters = new PerSink<>(tags, make);
        all.add(meters);
        return meters;
    }

    /** Returns the value of a sink's tag. */
    public String tag(String sink) {
        return tags.of(sink);
    }

    /** Removes the meters of sinks that are gone: otherwise each id that was ever used would keep some. */
    public void forget(Collection<String> sinks) {
        tags.forget(sinks);
        all.forEach(meters -> meters.forget(sinks));
        registry.getMeters().stream()
                .filter(meter -> meter.getId().getName().startsWith("sluice."))
                .filter(meter -> isOfAny(meter.getId().getTag(SinkTags.SINK), sinks))
                .forEach(registry::remove);
    }

    private static boolean isOfAny(@Nullable String sink, Collection<String> sinks) {
        return sink != null && sinks.contains(sink) && !sink.equals(SinkTags.OTHER) && !sink.equals(SinkTags.NONE);
    }
}
