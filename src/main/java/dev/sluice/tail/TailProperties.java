package dev.sluice.tail;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How partitions are watched.
 *
 * @param most how many may watch at a time, all partitions together
 * @param heartbeat after how long without an event a viewer is sent a comment; one that has gone is noticed by the second
 */
@ConfigurationProperties("sluice.tails")
record TailProperties(
        @DefaultValue("20") int most, @DefaultValue("15s") Duration heartbeat) {

    TailProperties {
        if (most < 0 || most > 200) {
            throw new IllegalArgumentException("sluice.tails.most must be from 0 to 200, but is " + most);
        }
        if (heartbeat.toMillis() < 1) {
            throw new IllegalArgumentException("sluice.tails.heartbeat must be at least 1ms, but is " + heartbeat);
        }
    }
}
