package dev.sluice.meter;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.config.MeterFilter;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.stereotype.Component;

/**
 * The values that the tag {@value #SINK} may have: the first hundred ids, {@value #OTHER} for all that come later, and
 * {@value #NONE} where there is no such sink. Whoever defines sinks must not be able to fill the memory of this service,
 * and of what collects its meters. Thread-safe.
 */
@Component
public class SinkTags implements MeterFilter {

    /** The tag's name. */
    public static final String SINK = "sink";

    /** Sinks beyond the first hundred. */
    public static final String OTHER = "other";

    /** No sink. */
    public static final String NONE = "none";

    static final int MOST = 100;

    private final Set<String> named = ConcurrentHashMap.newKeySet();

    /** Returns the tag's value for a sink. */
    public String of(String sink) {
        return named.contains(sink) || isAdmitted(sink) ? sink : OTHER;
    }

    /** Returns the tag's value for a name that a request has, which need not be a sink's: it takes no place. */
    public String known(String sink) {
        return named.contains(sink) ? sink : OTHER;
    }

    private synchronized boolean isAdmitted(String sink) {
        return sink.equals(NONE)
                || sink.equals(OTHER)
                || named.contains(sink)
                || (named.size() < MOST && named.add(sink));
    }

    synchronized void forget(Collection<String> sinks) {
        named.removeAll(sinks);
    }

    @Override
    public Meter.Id map(Meter.Id id) {
        String sink = id.getName().startsWith("sluice.") ? id.getTag(SINK) : null;
        String value = sink == null ? null : of(sink);
        if (value == null || value.equals(sink)) {
            return id;
        }
        List<Tag> tags = id.getTags().stream()
                .map(tag -> tag.getKey().equals(SINK) ? Tag.of(SINK, value) : tag)
                .toList();
        return id.replaceTags(tags);
    }
}
