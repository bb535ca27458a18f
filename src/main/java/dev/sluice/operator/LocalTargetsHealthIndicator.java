package dev.sluice.operator;

import dev.sluice.catalog.SinkCatalog;
import dev.sluice.catalog.SinkDefinition;
import dev.sluice.sink.LocalTarget;
import java.util.List;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.stereotype.Component;

/** Whether the targets that this machine alone has can be written to; what replicas share is no part of it. */
@Component
class LocalTargetsHealthIndicator extends AbstractHealthIndicator {

    private final SinkCatalog catalog;
    private final Verifications verifications;

    LocalTargetsHealthIndicator(SinkCatalog catalog, Verifications verifications) {
        this.catalog = catalog;
        this.verifications = verifications;
    }

    @Override
    protected void doHealthCheck(Health.Builder builder) {
        builder.up();
        List<SinkDefinition> local = catalog.all().stream()
                .filter(sink -> sink.sink() instanceof LocalTarget)
                .toList();
        long deadline = verifications.beginHere(local);
        for (SinkDefinition sink : local) {
            String problem = verifications.problemHere(sink, deadline);
            if (!problem.isEmpty()) {
                builder.down().withDetail(sink.id(), problem);
            }
        }
    }
}
