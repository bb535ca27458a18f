package dev.sluice.call;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.springframework.web.util.UriUtils;

/** A path with a query in the making. */
public final class Url {

    private final StringBuilder text;
    private char separator;

    private Url(String path) {
        this.text = new StringBuilder(path);
        this.separator = path.indexOf('?') < 0 ? '?' : '&';
    }

    /** Starts with a path, each {@code {}} of which stands for a name. */
    public static Url of(String path, String... names) {
        String filled = path;
        for (String name : names) {
            int place = filled.indexOf("{}");
            filled = filled.substring(0, place) + Call.segment(name) + filled.substring(place + 2);
        }
        return new Url(filled);
    }

    /** Adds a parameter, unless there is no value, or an empty one. */
    public Url with(String name, @Nullable String value) {
        if (value != null && !value.isEmpty()) {
            text.append(separator).append(name).append('=').append(UriUtils.encode(value, StandardCharsets.UTF_8));
            separator = '&';
        }
        return this;
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
