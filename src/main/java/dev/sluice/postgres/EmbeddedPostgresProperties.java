package dev.sluice.postgres;

import java.nio.file.Path;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where and how the embedded PostgreSQL runs.
 *
 * @param port 0 for any free one
 * @param restarts how often one that is gone is started again within {@code restartWindow}
 */
@ConfigurationProperties(prefix = "sluice.postgres", ignoreUnknownFields = false)
record EmbeddedPostgresProperties(
        @DefaultValue("AUTO") Embedded embedded,
        @DefaultValue("./data/postgres") String directory,
        @DefaultValue("0") int port,
        @DefaultValue("60s") Duration startTimeout,
        @DefaultValue("5") int restarts,
        @DefaultValue("10m") Duration restartWindow) {

    EmbeddedPostgresProperties {
        if (port < 0 || port > 65535) {
            throw new IllegalArgumentException("sluice.postgres.port must be 0 (any free port) to 65535, not " + port);
        }
        if (startTimeout.compareTo(Duration.ofSeconds(1)) < 0) {
            throw new IllegalArgumentException(
                    "sluice.postgres.start-timeout must be one second or more, not " + startTimeout);
        }
        if (restarts < 0 || restarts > 1000) {
            throw new IllegalArgumentException("sluice.postgres.restarts must be 0 to 1000, not " + restarts);
        }
        if (restartWindow.compareTo(Duration.ofSeconds(1)) < 0) {
            throw new IllegalArgumentException(
                    "sluice.postgres.restart-window must be one second or more, not " + restartWindow);
        }
    }

    /* Bound as text: a Path would be taken for a resource's, and ../ for nothing. */
    Path path() {
        return Path.of(directory);
    }

    /** Whether an embedded server may stand in for a missing {@code spring.datasource.url}. */
    enum Embedded {
        AUTO,
        NEVER
    }
}
