package dev.sluice.session;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The pages for people.
 *
 * @param enabled whether there are any
 * @param port of its own, at the address of the service, where pages are served and nothing else; null for none; 0 for
 *     any that is free
 * @param idleEnd after how long without a request whoever has signed in has to do so again
 * @param sessionEnd after how long whoever has signed in has to do so again in any case
 */
@ConfigurationProperties(prefix = "sluice.console", ignoreUnknownFields = false)
public record ConsoleProperties(
        @DefaultValue("true") boolean enabled,
        @Nullable Integer port,
        @DefaultValue("30m") Duration idleEnd,
        @DefaultValue("12h") Duration sessionEnd) {

    private static final int HIGHEST_PORT = 65_535;
    private static final Duration LEAST = Duration.ofSeconds(1);
    private static final Duration MOST = Duration.ofDays(7);

    public ConsoleProperties {
        if (port != null && (port < 0 || port > HIGHEST_PORT)) {
            throw new IllegalArgumentException(
                    "sluice.console.port must be from 0 to " + HIGHEST_PORT + ", but is " + port);
        }
        check("idle-end", idleEnd);
        check("session-end", sessionEnd);
    }

    private static void check(String name, Duration duration) {
        if (duration.compareTo(LEAST) < 0 || duration.compareTo(MOST) > 0) {
            throw new IllegalArgumentException("sluice.console." + name + " must be from 1s to 7d, but is " + duration);
        }
    }
}
