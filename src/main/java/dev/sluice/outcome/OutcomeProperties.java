package dev.sluice.outcome;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * When failures count as lasting.
 *
 * @param failingAfter how long a sink, or a partition, has had nothing but failures
 */
@ConfigurationProperties(prefix = "sluice.health", ignoreUnknownFields = false)
record OutcomeProperties(@DefaultValue("5s") Duration failingAfter) {

    OutcomeProperties {
        if (failingAfter.isNegative() || failingAfter.compareTo(Duration.ofHours(1)) > 0) {
            throw new IllegalArgumentException("sluice.health.failing-after must be 0s to 1h, not " + failingAfter);
        }
    }
}
