package dev.sluice.database;

import dev.sluice.outcome.StorageProbe;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;

/** Whether the database answers within a moment, and if not, why. */
final class StorageHealthIndicator extends AbstractHealthIndicator {

    private final StorageProbe probe;

    StorageHealthIndicator(StorageProbe probe) {
        super("The database does not answer");
        this.probe = probe;
    }

    @Override
    protected void doHealthCheck(Health.Builder builder) {
        String problem = probe.problem();
        if (problem.isEmpty()) {
            builder.up();
        } else {
            builder.down().withDetail("problem", problem);
        }
    }
}
