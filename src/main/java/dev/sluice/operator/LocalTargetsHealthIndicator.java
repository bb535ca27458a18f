package dev.sluice.operator;

import dev.sluice.catalog.SinkCatalog;
import dev.sluice.catalog.SinkDefinition;
import dev.sluice.sink.LocalTarget;
import dev.sluice.sink.SinkException;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.stereotype.Component;

/** Whether the targets that this machine alone has can be written to; what replicas share is no part of it. */
@Component
class LocalTargetsHealthIndicator extends AbstractHealthIndicator {

    private final SinkCatalog catalog;

    LocalTargetsHealthIndicator(SinkCatalog catalog) {
        this.catalog = catalog;
    }

    @Override
    protected void doHealthCheck(Health.Builder builder) {
        builder.up();
        for (SinkDefinition sink : catalog.all()) {
            if (sink.sink() instanceof LocalTarget target) {
                verify(sink, target, builder);
            }
        }
    }

    private static void verify(SinkDefinition sink, LocalTarget target, Health.Builder builder) {
        try {
            target.verifyHere();
        } catch (SinkException e) {
            builder.down().withDetail(sink.id(), String.valueOf(e.getMessage()));
        }
    }
}
