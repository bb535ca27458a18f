package dev.sluice.ingest;

import dev.sluice.catalog.SinkCatalog;
import dev.sluice.catalog.SinkDefinition;
import dev.sluice.catalog.SinksChanged;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** Removes the meters of sinks that are gone: otherwise each id that was ever used would keep some. */
@Component
class SinkMeters {

    private final MeterRegistry meters;
    private final SinkCatalog catalog;

    SinkMeters(MeterRegistry meters, SinkCatalog catalog) {
        this.meters = meters;
        this.catalog = catalog;
    }

    @EventListener
    void drop(SinksChanged changed) {
        Set<String> known = catalog.all().stream().map(SinkDefinition::id).collect(Collectors.toSet());
        meters.getMeters().stream()
                .filter(meter -> meter.getId().getName().startsWith("sluice."))
                .filter(meter -> isGone(meter.getId().getTag("sink"), changed.ids(), known))
                .forEach(meters::remove);
    }

    private static boolean isGone(@Nullable String sink, Set<String> changed, Set<String> known) {
        return sink != null && changed.contains(sink) && !known.contains(sink);
    }
}
