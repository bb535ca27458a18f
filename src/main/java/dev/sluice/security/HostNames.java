package dev.sluice.security;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.regex.Pattern;

/** Host names and addresses, which may be written in more than one way. Never asks a name server. */
final class HostNames {

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]+");
    private static final Pattern BARE_IPV6 = Pattern.compile("[0-9A-Fa-f.]*:[0-9A-Fa-f.]*:[0-9A-Fa-f:.]*(%.+)?");
    private static final Pattern IPV6 = Pattern.compile("\\[[0-9A-Fa-f:.]+(%[^\\]]+)?\\]");

    private HostNames() {}

    /** Whether this can be the name or address in a Host header, without a port; IPv6 with or without brackets. */
    static boolean possible(String name) {
        return NAME.matcher(name).matches()
                || IPV6.matcher(name).matches()
                || BARE_IPV6.matcher(name).matches();
    }

    /** Returns the one spelling of a name: lower case, no final dot; of an IPv6 address without its zone. */
    static String normal(String name) {
        if (BARE_IPV6.matcher(name).matches()) {
            return address("[" + name + "]");
        }
        if (name.startsWith("[")) {
            return address(name);
        }
        String lower = name.toLowerCase(Locale.ROOT);
        return lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
    }

    /** Returns a Host header without its port. */
    static String withoutPort(String host) {
        int colon = host.lastIndexOf(':');
        return colon > host.lastIndexOf(']') ? host.substring(0, colon) : host;
    }

    /** Returns an address in brackets without its zone, which means something on the client's machine only. */
    static String withoutZone(String host) {
        int zone = host.startsWith("[") ? host.indexOf('%') : -1;
        int end = host.indexOf(']');
        return zone > 0 && end > zone ? host.substring(0, zone) + host.substring(end) : host;
    }

    private static String address(String inBrackets) {
        String literal = withoutZone(inBrackets);
        try {
            // With brackets it is taken for an address, never for a name to be looked up.
            return IPV6.matcher(literal).matches()
                    ? InetAddress.getByName(literal).getHostAddress()
                    : literal;
        } catch (UnknownHostException e) {
            return literal;
        }
    }
}
