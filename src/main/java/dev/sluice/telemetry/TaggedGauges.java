package dev.sluice.telemetry;

import dev.sluice.catalog.SinkDefinition;
import dev.sluice.meter.SinkTags;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;

/** The gauges of one value of the tag for sinks: of one sink, or of all those beyond the first hundred. */
final class TaggedGauges {

    /** How the values of several sinks become one. */
    enum Together {
        SUM,
        LARGEST,
        SMALLEST;

        private double of(DoubleStream values) {
            return switch (this) {
                case SUM -> values.sum();
                case LARGEST -> values.max().orElse(Double.NaN);
                case SMALLEST -> values.min().orElse(Double.NaN);
            };
        }
    }

    /**
     * What a gauge shows.
     *
     * @param unit empty for a number of things
     * @param tags besides the sink
     * @param of sinks that have such a value
     */
    record Shown(String name, String description, String unit, Predicate<SinkDefinition> of, Tags tags) {

        Shown(String name, String description, String unit, Predicate<SinkDefinition> of) {
            this(name, description, unit, of, Tags.empty());
        }
    }

    private final MeterRegistry registry;
    private final String tag;
    private final List<SinkDefinition> sinks;
    private final List<Meter> gauges = new ArrayList<>();

    TaggedGauges(MeterRegistry registry, String tag, List<SinkDefinition> sinks) {
        this.registry = registry;
        this.tag = tag;
        this.sinks = sinks;
    }

    List<Meter> registered() {
        return gauges;
    }

    void add(Shown shown, Together together, ToDoubleFunction<SinkDefinition> value) {
        List<SinkDefinition> those = sinks.stream().filter(shown.of()).toList();
        if (!those.isEmpty()) {
            gauges.add(
                    Gauge.builder(shown.name(), () -> together.of(those.stream().mapToDouble(value)))
                            .description(shown.description())
                            .baseUnit(shown.unit().isEmpty() ? null : shown.unit())
                            .tag(SinkTags.SINK, tag)
                            .tags(shown.tags())
                            .register(registry));
        }
    }
}
