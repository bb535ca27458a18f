package dev.sluice.security;

import dev.sluice.fuzz.Refusal;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Names of hosts: one spelling each, which no port and no zone changes. */
public final class HostFuzz {

    private HostFuzz() {}

    public static void fuzzerTestOneInput(byte[] data) {
        String host = new String(data, StandardCharsets.ISO_8859_1);
        String plain = HostNames.withoutPort(host);
        HostNames.withoutZone(host);
        String normal = HostNames.normal(plain);
        // What has the form of an address, and is none, stays as it is.
        if (HostNames.possible(plain) && !normal.startsWith("[")) {
            Refusal.require(HostNames.normal(plain.toUpperCase(Locale.ROOT)).equals(normal), "another one: " + normal);
            if (!plain.contains(":") || plain.startsWith("[")) {
                Refusal.require(HostNames.withoutPort(plain + ":8080").equals(plain), "with a port: " + plain);
            }
        }
    }
}
