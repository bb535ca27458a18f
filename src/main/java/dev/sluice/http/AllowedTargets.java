package dev.sluice.http;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * What may be called that is not public.
 *
 * @param names of hosts, in lower case; of all below a domain, with a dot before it
 * @param networks of addresses, single ones among them
 */
record AllowedTargets(boolean any, List<String> names, List<Network> networks) {

    private static final String ANY = "*";
    private static final Pattern NAME = Pattern.compile("(\\*\\.)?[A-Za-z0-9_]([A-Za-z0-9_.-]*[A-Za-z0-9_-])?\\.?");

    /** Reads the setting. */
    static AllowedTargets of(List<String> listed) {
        List<String> names = new ArrayList<>();
        List<Network> networks = new ArrayList<>();
        for (String entry : listed) {
            if (Network.isMeant(entry)) {
                networks.add(network(entry));
            } else if (NAME.matcher(entry).matches()) {
                names.add(normal(entry.startsWith("*.") ? entry.substring(1) : entry));
            } else if (!entry.equals(ANY)) {
                throw refused(entry);
            }
        }
        return new AllowedTargets(listed.contains(ANY), List.copyOf(names), List.copyOf(networks));
    }

    private static Network network(String entry) {
        try {
            return Network.of(entry);
        } catch (IllegalArgumentException e) {
            throw refused(entry);
        }
    }

    private static IllegalArgumentException refused(String entry) {
        return new IllegalArgumentException(
                "sluice.http.allow must list host names without port (targets.example.com, *.example.com), addresses"
                        + " (10.1.2.3, fd00::1), networks (10.0.0.0/8), or be * for any; found '" + entry + "'");
    }

    /** Whether a host is listed by its name, or an address of it by itself. */
    boolean allows(String host, InetAddress address) {
        String name = normal(host);
        return any
                || names.stream()
                        .anyMatch(listed -> listed.startsWith(".") ? name.endsWith(listed) : name.equals(listed))
                || networks.stream().anyMatch(network -> network.contains(address));
    }

    private static String normal(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
    }
}
