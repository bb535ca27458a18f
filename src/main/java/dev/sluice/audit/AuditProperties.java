package dev.sluice.audit;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How long it is known who did what.
 *
 * @param retention acts that are older are removed; at least a day
 */
@ConfigurationProperties(prefix = "sluice.audit", ignoreUnknownFields = false)
record AuditProperties(@DefaultValue("400d") Duration retention) {

    AuditProperties {
        if (retention.compareTo(Duration.ofDays(1)) < 0) {
            throw new IllegalArgumentException(
                    "sluice.audit.retention must be a duration of a day or more, like 400d, but is " + retention);
        }
    }
}
