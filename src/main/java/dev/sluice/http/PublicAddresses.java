package dev.sluice.http;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** Tells addresses that anybody on the internet can reach from all others (RFC 6890 and what came after it). */
final class PublicAddresses {

    private static final List<Network> NOT_PUBLIC_IPV4 = networks(
            "0.0.0.0/8",
            "10.0.0.0/8",
            "100.64.0.0/10",
            "127.0.0.0/8",
            "169.254.0.0/16",
            "172.16.0.0/12",
            "192.0.0.0/24",
            "192.0.2.0/24",
            "192.88.99.0/24",
            "192.168.0.0/16",
            "198.18.0.0/15",
            "198.51.100.0/24",
            "203.0.113.0/24",
            "224.0.0.0/3");

    /* All that is given out; what leads to an IPv4 address by a tunnel of somebody else's is taken out again. */
    private static final Network GLOBAL_IPV6 = Network.of("2000::/3");

    private static final List<Network> NOT_PUBLIC_IPV6 =
            networks("2001::/23", "2001:db8::/32", "2002::/16", "3ffe::/16", "3fff::/20");

    /* The last four bytes are an IPv4 address, to which the network translates it. */
    private static final Network TRANSLATED = Network.of("64:ff9b::/96");
    private static final int IPV4_AT = 12;

    private PublicAddresses() {}

    private static List<Network> networks(String... texts) {
        return Stream.of(texts).map(Network::of).toList();
    }

    /** Whether an address is public, and none of this machine. */
    static boolean contains(InetAddress address) {
        return (address instanceof Inet6Address
                        ? isPublicIpv6(address.getAddress())
                        : isPublicIpv4(address.getAddress()))
                && !isHere(address);
    }

    private static boolean isPublicIpv4(byte[] address) {
        return NOT_PUBLIC_IPV4.stream().noneMatch(network -> network.contains(address));
    }

    private static boolean isPublicIpv6(byte[] address) {
        if (TRANSLATED.contains(address)) {
            return isPublicIpv4(Arrays.copyOfRange(address, IPV4_AT, address.length));
        }
        return GLOBAL_IPV6.contains(address)
                && NOT_PUBLIC_IPV6.stream().noneMatch(network -> network.contains(address));
    }

    private static boolean isHere(InetAddress address) {
        try {
            return NetworkInterface.getByInetAddress(address) != null;
        } catch (SocketException e) {
            return true; // better none than one too many
        }
    }
}
