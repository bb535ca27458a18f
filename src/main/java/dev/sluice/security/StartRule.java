package dev.sluice.security;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/** Nothing that can be reached over a network is open without somebody having asked for that by name. */
@Component
class StartRule {

    private static final Logger log = LoggerFactory.getLogger(StartRule.class);

    private final String address;
    private final boolean openToTheNetwork;

    StartRule(@Value("${server.address:0.0.0.0}") String address, SecurityProperties properties) {
        this.address = address;
        this.openToTheNetwork = properties.openToTheNetwork();
    }

    /** Throws if anybody on a network could do everything, and nobody has asked for that. */
    void check(boolean authenticationRequired) {
        if (authenticationRequired) {
            return;
        }
        if (isLoopback(address)) {
            log.info(
                    "Whoever reaches {} may do everything: no key is wanted (sluice.keys.administrator-file)", address);
        } else if (openToTheNetwork) {
            log.warn(
                    "Whoever reaches {} over the network may do everything: sluice.security.open-to-the-network is true",
                    address);
        } else {
            throw new OpenToTheNetworkException(address);
        }
    }

    private static boolean isLoopback(String address) {
        try {
            return InetAddress.getByName(address).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false; // Tomcat will say so
        }
    }
}
