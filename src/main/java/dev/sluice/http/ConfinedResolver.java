package dev.sluice.http;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.hc.client5.http.DnsResolver;

/**
 * Gives a host's addresses without those that must not be called. The client connects to what it is given here, and asks
 * for each connection: so a name that leads elsewhere later gains nothing.
 */
record ConfinedResolver(DnsResolver names, AllowedTargets allowed) implements DnsResolver {

    /* What other programs take for an address, and some releases of the JDK: hexadecimal, octal, in fewer parts. */
    private static final String PART = "(0[xX][0-9A-Fa-f]*|[0-9]+)";
    private static final Pattern ADDRESS = Pattern.compile(PART + "(\\." + PART + "){0,3}\\.?");

    private static final String OTHERWISE =
            "Whoever runs the service can list the host, its address or its network in sluice.http.allow, or define the"
                    + " sink in the configuration";

    @Override
    public InetAddress[] resolve(String host) throws UnknownHostException {
        List<InetAddress> found = Arrays.asList(names.resolve(host));
        InetAddress[] passed = found.stream()
                .filter(address -> allowed.allows(host, address) || PublicAddresses.contains(address))
                .toArray(InetAddress[]::new);
        if (passed.length == 0 && !found.isEmpty()) {
            throw new RefusedAddressException(refusal(host, found));
        }
        return passed;
    }

    private static String refusal(String host, List<InetAddress> found) {
        String addresses =
                found.stream().map(InetAddress::getHostAddress).distinct().collect(Collectors.joining(", "));
        return (addresses.equals(host) ? host + " is" : "'" + host + "' leads to " + addresses + ", which is")
                + " no public address, and a sink that is defined over HTTP may call no other. " + OTHERWISE;
    }

    /** Returns why a host must not be called, empty if it may be, or is not known. Blocks. */
    Optional<String> refusal(String host) {
        try {
            resolve(host);
            return Optional.empty();
        } catch (RefusedAddressException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        } catch (UnknownHostException e) {
            return ADDRESS.matcher(host).matches()
                    ? Optional.of(
                            "'" + host + "' is no public address in the usual spelling, which is four decimal numbers. "
                                    + OTHERWISE)
                    : Optional.empty();
        }
    }

    @Override
    public String resolveCanonicalHostname(String host) throws UnknownHostException {
        return names.resolveCanonicalHostname(host);
    }
}
