package dev.sluice.call;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.web.util.UriUtils;

/**
 * A call of the API: what a page reads, or what a button sends.
 *
 * @param path with its query, encoded as in a request line
 * @param body JSON, null for none
 * @param headers besides those that every call has
 */
public record Call(String method, String path, @Nullable String body, Map<String, String> headers) {

    private static final String NEXT = " \\\n  ";

    public Call {
        headers = Map.copyOf(headers);
    }

    /** Returns a call that reads. */
    public static Call get(String path) {
        return new Call("GET", path, null, Map.of());
    }

    /** Returns a call that acts. */
    public static Call of(String method, String path, @Nullable String body) {
        return new Call(method, path, body, Map.of());
    }

    /** Returns the same call with one more header. */
    public Call with(String name, String value) {
        Map<String, String> more = new TreeMap<>(headers);
        more.put(name, value);
        return new Call(method, path, body, more);
    }

    /** Returns a name as a segment of a path. */
    public static String segment(String name) {
        return UriUtils.encode(name, StandardCharsets.UTF_8);
    }

    /**
     * Returns the command that does the same.
     *
     * @param base scheme, host and port
     * @param wantsKey whether the service wants to know who asks; the key itself is never in it
     */
    public String curl(String base, boolean wantsKey) {
        StringBuilder command = new StringBuilder("curl -sS ");
        if (!method.equals("GET")) {
            command.append("-X ").append(method).append(' ');
        }
        command.append(quoted(base + path));
        if (wantsKey) {
            command.append(NEXT).append("-H \"Authorization: Bearer $SLUICE_KEY\"");
        }
        new TreeMap<>(headers)
                .forEach((name, value) -> command.append(NEXT).append("-H ").append(quoted(name + ": " + value)));
        if (body != null) {
            command.append(NEXT)
                    .append("-H 'Content-Type: application/json'")
                    .append(NEXT)
                    // Unlike --data-binary, it takes a body that begins with @ for no name of a file.
                    .append("--data-raw ")
                    .append(quoted(body));
        }
        return command.toString();
    }

    /* For a POSIX shell, in which nothing means anything between single quotes. */
    private static String quoted(String text) {
        return "'" + text.replace("'", "'\\''") + "'";
    }
}
