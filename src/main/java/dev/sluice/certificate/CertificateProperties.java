package dev.sluice.certificate;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * Whose certificates are taken.
 *
 * @param file what leads from subjects and alternative names to grants
 */
@ConfigurationProperties(prefix = "sluice.certificates", ignoreUnknownFields = false)
record CertificateProperties(@Nullable Path file) {}
