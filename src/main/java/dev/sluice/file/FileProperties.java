package dev.sluice.file;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * What all file sinks of this process share.
 *
 * @param maxOpen how many data files are open at once at most; by default a quarter of what the process may open, at
 *     least 16 and at most 4,096
 */
@ConfigurationProperties(prefix = "sluice.files", ignoreUnknownFields = false)
record FileProperties(@Nullable Integer maxOpen) {

    FileProperties {
        if (maxOpen != null && maxOpen < 1) {
            throw new IllegalArgumentException("sluice.files.max-open must be 1 or more");
        }
    }

    int mostOpen() {
        return maxOpen == null ? Descriptors.share() : maxOpen;
    }
}
