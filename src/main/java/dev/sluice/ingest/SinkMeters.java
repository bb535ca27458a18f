package dev.sluice.ingest;

import dev.sluice.catalog.SinkCatalog;
import dev.sluice.catalog.SinkDefinition;
import dev.sluice.catalog.SinksChanged;
import dev.sluice.meter.Meters;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.boot.context.event.ApplicationStartedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** Has meters for the sinks that there are, and for no others. */
@Component
class SinkMeters {

    private final Meters meters;
    private final WriteMeters writes;
    private final SinkCatalog catalog;

    SinkMeters(Meters meters, WriteMeters writes, SinkCatalog catalog) {
        this.meters = meters;
        this.writes = writes;
        this.catalog = catalog;
    }

    @EventListener(ApplicationStartedEvent.class)
    void prepare() {
        catalog.all().forEach(sink -> writes.prepare(sink.id()));
    }

    @EventListener
    void drop(SinksChanged changed) {
        Set<String> known = catalog.all().stream().map(SinkDefinition::id).collect(Collectors.toSet());
        meters.forget(
                changed.ids().stream().filter(sink -> !known.contains(sink)).toList());
        prepare();
    }
}
