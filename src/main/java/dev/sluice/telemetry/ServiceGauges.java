package dev.sluice.telemetry;

import dev.sluice.catalog.SinkCatalog;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.function.Supplier;
import org.springframework.stereotype.Component;

/** What is shown of the service as a whole. */
@Component
class ServiceGauges implements MeterBinder {

    private static final String BYTES = "bytes";

    private final SharedNumbers numbers;
    private final Growth growth;
    private final SinkCatalog catalog;

    ServiceGauges(SharedNumbers numbers, Growth growth, SinkCatalog catalog) {
        this.numbers = numbers;
        this.growth = growth;
        this.catalog = catalog;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        gauge(
                        "sluice.storage.up",
                        "1 while the database answers, 0 while it does not",
                        () -> numbers.now().isPresent() ? 1 : 0)
                .register(registry);
        gauge(
                        "sluice.replicas",
                        "Processes of this service that give signs of life",
                        () -> numbers.now()
                                .map(Numbers::replicas)
                                .map(Long::doubleValue)
                                .orElse(Double.NaN))
                .register(registry);
        gauge("sluice.definition.revision", "The revision of stored definitions that is in force", catalog::revision)
                .register(registry);
        gauge(
                        "sluice.sinks.unusable",
                        "Stored definitions that no sink can be made of",
                        () -> catalog.unusable().size())
                .register(registry);
        gauge("sluice.database.size", "The database", () -> growth.sizes().database())
                .baseUnit(BYTES)
                .register(registry);
        gauge(
                        "sluice.receipts.size",
                        "The receipts with their indexes",
                        () -> growth.sizes().receipts())
                .baseUnit(BYTES)
                .register(registry);
        gauge(
                        "sluice.receipts.oldest",
                        "The age of the oldest receipt",
                        () -> growth.sizes().oldestSeconds())
                .baseUnit("seconds")
                .register(registry);
    }

    private static Gauge.Builder<Supplier<Number>> gauge(String name, String description, Supplier<Number> value) {
        return Gauge.builder(name, value).description(description);
    }
}
