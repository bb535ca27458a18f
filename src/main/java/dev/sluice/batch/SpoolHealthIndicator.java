package dev.sluice.batch;

import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.stereotype.Component;

/** Whether large batches have a place to wait in; without one this process should not be sent any. */
@Component
class SpoolHealthIndicator extends AbstractHealthIndicator {

    private final SpoolProperties properties;

    SpoolHealthIndicator(SpoolProperties properties) {
        this.properties = properties;
    }

    @Override
    protected void doHealthCheck(Health.Builder builder) {
        properties
                .problem()
                .ifPresentOrElse(
                        problem -> builder.down()
                                .withDetail("problem", problem + "; bring it back, or correct its owner or its mode"),
                        builder::up);
    }
}
