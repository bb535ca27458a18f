package dev.sluice.http;

import dev.sluice.sink.Disposition;
import dev.sluice.sink.SinkException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The headers of a definition: values that are given, and values that are read from files for each request. */
final class RequestHeaders {

    private static final Set<String> OWN = Set.of(
            "connection",
            "content-encoding",
            "content-length",
            "content-type",
            "expect",
            "host",
            "idempotency-key",
            "keep-alive",
            "proxy-connection",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade",
            "user-agent");
    private static final Pattern NAME = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");
    private static final Pattern VALUE = Pattern.compile("[\\x21-\\x7e]([\\x20-\\x7e\\t]*[\\x21-\\x7e])?");
    private static final String EXPECTED = "one line of printable ASCII, without blanks around it";
    private static final int MOST_BYTES = 16 * 1024;

    private final Map<String, String> values;
    private final Map<String, String> files;

    RequestHeaders(Map<String, String> values, Map<String, String> files) {
        this.values = Collections.unmodifiableMap(new TreeMap<>(values));
        this.files = files;
    }

    /** Throws {@link IllegalArgumentException} for headers that cannot be sent; never tells a value. */
    static void check(Map<String, String> values, Map<String, String> files) {
        Map<String, String> seen = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        values.forEach((name, value) -> {
            checkName("headers", name, seen);
            if (!VALUE.matcher(value).matches()) {
                throw new IllegalArgumentException("headers: the value of " + name + " is not " + EXPECTED);
            }
        });
        files.forEach((name, file) -> {
            checkName("header-files", name, seen);
            if (file.isBlank() || file.indexOf('\0') >= 0) {
                throw new IllegalArgumentException("header-files: " + name + " does not name a file");
            }
        });
    }

    private static void checkName(String key, String name, Map<String, String> seen) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(key + ": '" + name + "' is not a header's name, like Authorization");
        }
        if (OWN.contains(name.toLowerCase(Locale.ROOT))) {
            throw new IllegalArgumentException(key + ": " + name + " is set by Sluice itself; remove it");
        }
        String other = seen.putIfAbsent(name, key);
        if (other != null) {
            throw new IllegalArgumentException(key + ": " + name + " is already given in " + other
                    + "; the upper and lower case of a header's name make no difference");
        }
    }

    /** Whether {@link #read} reads files. */
    boolean inFiles() {
        return !files.isEmpty();
    }

    /** Reads the files and returns all headers. */
    Map<String, String> read() {
        if (files.isEmpty()) {
            return values;
        }
        Map<String, String> all = new TreeMap<>(values);
        files.forEach((name, file) -> all.put(name, read(name, file)));
        return all;
    }

    private static String read(String name, String file) {
        String value;
        try (InputStream in = Files.newInputStream(Path.of(file))) {
            value = new String(in.readNBytes(MOST_BYTES), StandardCharsets.UTF_8);
        } catch (IOException | SecurityException e) {
            throw unusable(name, file, "cannot be read (" + e.getClass().getSimpleName() + ")", e);
        }
        value = value.replaceFirst("[\\r\\n]+\\z", "");
        if (!VALUE.matcher(value).matches()) {
            throw unusable(name, file, "does not contain " + EXPECTED, null);
        }
        return value;
    }

    private static SinkException unusable(String name, String file, String what, @Nullable Exception cause) {
        return new SinkException(
                Disposition.UNAVAILABLE, "the file " + file + " for the header " + name + " " + what, cause);
    }
}
