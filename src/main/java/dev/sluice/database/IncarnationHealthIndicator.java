package dev.sluice.database;

import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;

/** Which incarnation of the database this is, and why it began. Always up: it is told, and nothing is wrong with it. */
final class IncarnationHealthIndicator extends AbstractHealthIndicator {

    private final Incarnations incarnations;

    IncarnationHealthIndicator(Incarnations incarnations) {
        this.incarnations = incarnations;
    }

    @Override
    protected void doHealthCheck(Health.Builder builder) {
        builder.up();
        incarnations
                .current()
                .ifPresent(incarnation -> builder.withDetail("number", incarnation.number())
                        .withDetail("since", incarnation.since().toString())
                        .withDetail("reason", incarnation.reason()));
    }
}
