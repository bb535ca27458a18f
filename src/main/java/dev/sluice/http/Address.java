package dev.sluice.http;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The setting {@code url}: where to send to; <code>{partition}</code> stands for the partition's name. */
final class Address {

    private static final String PARTITION = "{partition}";
    private static final Pattern NUMERIC = Pattern.compile(".*:.*|(.*\\.)?[0-9][^.]*\\.?");
    private static final String EXPECTED = "; expected is something like https://api.example.com/records";

    private final String template;
    private final URI example;

    /** Reads the setting. What is wrong with it is told without repeating it, for it may contain a secret. */
    Address(@Nullable String url) {
        if (url == null || url.isBlank()) {
            throw new IllegalArgumentException("url: is missing" + EXPECTED);
        }
        this.template = url;
        this.example = parse("a");
        String scheme = String.valueOf(example.getScheme()).toLowerCase(Locale.ROOT);
        if (!scheme.equals("http") && !scheme.equals("https")) {
            throw new IllegalArgumentException("url: begins with neither http:// nor https://" + EXPECTED);
        }
        if (String.valueOf(example.getRawAuthority()).contains("@")) {
            throw new IllegalArgumentException("url: must not contain a user name or a password;"
                    + " send them as an Authorization header, by headers or header-files");
        }
        if (!Objects.equals(example.getRawAuthority(), parse("b").getRawAuthority())) {
            throw new IllegalArgumentException("url: " + PARTITION + " may stand in the path and the query only");
        }
        requireHost(example);
        if (example.getRawFragment() != null) {
            throw new IllegalArgumentException("url: must not contain a '#'");
        }
    }

    private static void requireHost(URI uri) {
        try {
            Place.of(uri);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("url: does not name a host, or a port from 1 to 65535" + EXPECTED, e);
        }
    }

    private URI parse(String partition) {
        try {
            return new URI(new URI(template.replace(PARTITION, partition)).toASCIIString());
        } catch (URISyntaxException e) {
            // Not as the cause: its message repeats the URL.
            throw new IllegalArgumentException("url: is not a URL (" + e.getReason() + ")" + EXPECTED);
        }
    }

    /** Returns the name or address of the host, without brackets. */
    String host() {
        return Place.of(example).authority().getHostName();
    }

    /** Whether resolvers take the host for an address, which they may in many spellings: 127.1, 0x7f000001, ::1. */
    boolean hasNumericHost() {
        return NUMERIC.matcher(host()).matches();
    }

    boolean namesPartition() {
        return template.contains(PARTITION);
    }

    boolean hasQuery() {
        return example.getRawQuery() != null;
    }

    /** Returns the URL of a partition. */
    Place of(String partition) {
        return Place.of(
                parse(URLEncoder.encode(partition, StandardCharsets.UTF_8).replace("+", "%20")));
    }

    /** Returns what may be shown of the setting. */
    @Override
    public String toString() {
        int query = template.indexOf('?');
        return query < 0 ? template : template.substring(0, query);
    }
}
