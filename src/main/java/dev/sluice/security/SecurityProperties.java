package dev.sluice.security;

import java.util.Set;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Who may reach the service.
 *
 * @param allowedHosts names and addresses, without port, that requests may be addressed to; {@code *} for any
 * @param openToTheNetwork whether the service may be reached over a network by people who have no key
 */
@ConfigurationProperties(prefix = "sluice.security", ignoreUnknownFields = false)
record SecurityProperties(
        @DefaultValue({"localhost", "127.0.0.1", "[::1]"}) Set<String> allowedHosts,
        @DefaultValue("false") boolean openToTheNetwork) {

    static final String ANY = "*";

    SecurityProperties {
        if (allowedHosts.isEmpty()) {
            throw new IllegalArgumentException(
                    "sluice.security.allowed-hosts must list host names without port, like localhost, or be *");
        }
        for (String host : allowedHosts) {
            if (!host.equals(ANY) && !HostNames.possible(host)) {
                throw new IllegalArgumentException(
                        "sluice.security.allowed-hosts must list host names as they stand in a"
                                + " Host header, without scheme, port and wildcards, like localhost or my_service, or be * for"
                                + " any; found '" + host + "'");
            }
        }
    }
}
