package dev.sluice.http;

import java.net.URI;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hc.core5.net.URIAuthority;

/**
 * The URL of one partition, in the parts of a request.
 *
 * @param query what may hold a secret; empty if there is none
 */
record Place(String scheme, URIAuthority authority, String path, String query) {

    /* What java.net.URI takes for a host, and the names that resolvers know besides: my_host, node.1. */
    private static final Pattern AUTHORITY =
            Pattern.compile("(\\[[0-9A-Fa-f:.%]+\\]|[A-Za-z0-9_][A-Za-z0-9_.-]*)(?::([0-9]{0,5}))?");

    /** Returns the parts of a URL; throws {@link IllegalArgumentException} if it names no host, or no port that exists. */
    static Place of(URI uri) {
        Matcher authority = AUTHORITY.matcher(uri.getRawAuthority() == null ? "" : uri.getRawAuthority());
        if (!authority.matches()) {
            throw new IllegalArgumentException("no host");
        }
        String digits = authority.group(2);
        int port = digits == null || digits.isEmpty() ? -1 : Integer.parseInt(digits);
        if (port == 0 || port > 0xffff) {
            throw new IllegalArgumentException("no port");
        }
        String host = authority.group(1);
        return new Place(
                uri.getScheme().toLowerCase(Locale.ROOT),
                new URIAuthority(host.startsWith("[") ? host.substring(1, host.length() - 1) : host, port),
                uri.getRawPath().isEmpty() ? "/" : uri.getRawPath(),
                uri.getRawQuery() == null ? "" : uri.getRawQuery());
    }

    String pathAndQuery() {
        return query.isEmpty() ? path : path + "?" + query;
    }

    /** Returns what may be shown: all but the query, where some APIs want their keys. */
    @Override
    public String toString() {
        return scheme + "://" + authority + path;
    }
}
