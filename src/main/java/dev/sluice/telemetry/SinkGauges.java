package dev.sluice.telemetry;

import dev.sluice.catalog.SinkCatalog;
import dev.sluice.catalog.SinkDefinition;
import dev.sluice.catalog.SinksChanged;
import dev.sluice.meter.Meters;
import io.micrometer.core.instrument.Meter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.boot.context.event.ApplicationStartedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** Has gauges for the sinks that there are, for those beyond the first hundred together. Guarded by the monitor. */
@Component
class SinkGauges {

    private final Meters meters;
    private final SinkCatalog catalog;
    private final SinkValues values;
    private final List<Meter> registered = new ArrayList<>();

    SinkGauges(Meters meters, SinkCatalog catalog, SinkValues values) {
        this.meters = meters;
        this.catalog = catalog;
        this.values = values;
    }

    /** Registers all of them anew: a sink may have become one of another type. */
    @EventListener({ApplicationStartedEvent.class, SinksChanged.class})
    synchronized void register() {
        registered.forEach(meters.registry()::remove);
        registered.clear();
        Map<String, List<SinkDefinition>> byTag = new LinkedHashMap<>();
        for (SinkDefinition sink : catalog.all()) {
            byTag.computeIfAbsent(meters.tag(sink.id()), tag -> new ArrayList<>())
                    .add(sink);
        }
        byTag.forEach((tag, sinks) -> {
            TaggedGauges gauges = new TaggedGauges(meters.registry(), tag, sinks);
            values.register(gauges);
            registered.addAll(gauges.registered());
        });
    }
}
