package dev.sluice.http;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * What all HTTP sinks of this process share.
 *
 * @param allow what sinks may call that are defined over HTTP, beside public addresses: host names (with {@code *.} for
 *     all below a domain), addresses, networks, or {@code *} for anything; by default nothing more where keys are
 *     wanted, and anything where none is
 */
@ConfigurationProperties(prefix = "sluice.http", ignoreUnknownFields = false)
record HttpProperties(@Nullable List<String> allow) {

    HttpProperties {
        if (allow != null) {
            allow = List.copyOf(allow);
            AllowedTargets.of(allow);
        }
    }

    AllowedTargets allowed() {
        return AllowedTargets.of(allow == null ? List.of() : allow);
    }
}
