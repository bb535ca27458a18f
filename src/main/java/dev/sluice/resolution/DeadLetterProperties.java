package dev.sluice.resolution;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How long it is known what has become of dead letters.
 *
 * @param retention those that were replayed or discarded longer ago are removed; open ones never are
 */
@ConfigurationProperties(prefix = "sluice.dead-letters", ignoreUnknownFields = false)
record DeadLetterProperties(@DefaultValue("30d") Duration retention) {

    DeadLetterProperties {
        if (retention.compareTo(Duration.ofHours(1)) < 0) {
            throw new IllegalArgumentException(
                    "sluice.dead-letters.retention must be a duration of an hour or more, like 30d, but is "
                            + retention);
        }
    }
}
