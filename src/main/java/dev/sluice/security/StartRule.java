package dev.sluice.security;

import java.net.InetAddress;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.actuate.autoconfigure.web.server.ManagementPortType;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;

/** Nothing that can be reached over a network is open without somebody having asked for that by name. */
@Component
class StartRule {

    private static final Logger log = LoggerFactory.getLogger(StartRule.class);

    private final @Nullable InetAddress address;
    private final @Nullable InetAddress managementAddress;
    private final boolean managedElsewhere;
    private final boolean openToTheNetwork;

    StartRule(ServerProperties server, Environment environment, SecurityProperties properties) {
        this.address = server.getAddress();
        // Its properties are a bean only where the port is another one.
        this.managementAddress = Binder.get(environment)
                .bind("management.server.address", InetAddress.class)
                .orElse(null);
        this.managedElsewhere = ManagementPortType.get(environment) == ManagementPortType.DIFFERENT;
        this.openToTheNetwork = properties.openToTheNetwork();
    }

    /** Throws if anybody on a network could do everything, and nobody has asked for that. */
    void check(boolean authenticationRequired) {
        if (authenticationRequired) {
            return;
        }
        check("server.address", address);
        if (managedElsewhere) {
            check("management.server.address", managementAddress);
        }
    }

    private void check(String setting, @Nullable InetAddress listens) {
        String where = listens == null ? "all addresses" : listens.getHostAddress();
        if (listens != null && listens.isLoopbackAddress()) {
            log.info("Whoever reaches {} may do everything: no key is wanted (sluice.keys.administrator-file)", where);
        } else if (openToTheNetwork) {
            log.warn(
                    "Whoever reaches {} over the network may do everything: sluice.security.open-to-the-network is true",
                    where);
        } else {
            throw new OpenToTheNetworkException(setting, where);
        }
    }
}
