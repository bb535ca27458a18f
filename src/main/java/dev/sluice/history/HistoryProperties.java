package dev.sluice.history;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What is kept of each sink for charts.
 *
 * @param step from one point to the next; there are 360 of them
 */
@ConfigurationProperties(prefix = "sluice.history", ignoreUnknownFields = false)
record HistoryProperties(@DefaultValue("10s") Duration step) {

    private static final Duration LEAST = Duration.ofSeconds(1);
    private static final Duration MOST = Duration.ofMinutes(10);

    HistoryProperties {
        if (step.compareTo(LEAST) < 0 || step.compareTo(MOST) > 0 || step.toMillis() % 1000 != 0) {
            throw new IllegalArgumentException(
                    "sluice.history.step must be whole seconds from 1s to 10m, but is " + step);
        }
    }
}
