package dev.sluice.key;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * By what senders say who they are.
 *
 * @param administratorFile a file with a key that may do everything; made at the first start if it is not there. From
 *     then on every request needs a key
 */
@ConfigurationProperties(prefix = "sluice.keys", ignoreUnknownFields = false)
record KeyProperties(@Nullable Path administratorFile) {}
