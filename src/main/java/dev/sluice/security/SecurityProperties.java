package dev.sluice.security;

import java.util.Set;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Who may reach the service.
 *
 * @param allowedHosts names and addresses, without port, that requests may be addressed to; {@code *} for any
 */
@ConfigurationProperties(prefix = "sluice.security", ignoreUnknownFields = false)
record SecurityProperties(
        @DefaultValue({"localhost", "127.0.0.1", "[::1]"}) Set<String> allowedHosts) {

    SecurityProperties {
        if (allowedHosts.isEmpty() || allowedHosts.stream().anyMatch(String::isBlank)) {
            throw new IllegalArgumentException(
                    "sluice.security.allowed-hosts must list host names without port, like localhost, or be *");
        }
    }

    boolean allows(String host) {
        return allowedHosts.contains("*") || allowedHosts.stream().anyMatch(host::equalsIgnoreCase);
    }
}
