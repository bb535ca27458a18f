package dev.sluice.watch;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How pages are kept up to date.
 *
 * @param most how many tabs this process keeps up to date at a time
 * @param heartbeat after how long without a change a tab is sent a comment
 */
@ConfigurationProperties(prefix = "sluice.watch", ignoreUnknownFields = false)
record WatchProperties(
        @DefaultValue("200") int most, @DefaultValue("15s") Duration heartbeat) {

    WatchProperties {
        if (most < 0 || most > 200) {
            throw new IllegalArgumentException("sluice.watch.most must be from 0 to 200, but is " + most);
        }
        if (heartbeat.toMillis() < 1) {
            throw new IllegalArgumentException("sluice.watch.heartbeat must be at least 1ms, but is " + heartbeat);
        }
    }
}
