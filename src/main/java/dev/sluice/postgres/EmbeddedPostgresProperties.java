package dev.sluice.postgres;

import java.nio.file.Path;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/** Where and how the embedded PostgreSQL runs; port 0 means any free one. */
@ConfigurationProperties(prefix = "sluice.postgres", ignoreUnknownFields = false)
record EmbeddedPostgresProperties(
        @DefaultValue("AUTO") Embedded embedded,
        @DefaultValue("./data/postgres") String directory,
        @DefaultValue("0") int port,
        @DefaultValue("60s") Duration startTimeout) {

    EmbeddedPostgresProperties {
        if (port < 0 || port > 65535) {
            throw new IllegalArgumentException("sluice.postgres.port must be 0 (any free port) to 65535, not " + port);
        }
        if (startTimeout.compareTo(Duration.ofSeconds(1)) < 0) {
            throw new IllegalArgumentException(
                    "sluice.postgres.start-timeout must be one second or more, not " + startTimeout);
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
