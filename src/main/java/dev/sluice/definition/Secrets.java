package dev.sluice.definition;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;

/** The secret values of one definition, so that no message repeats them. */
public final class Secrets {

    /** What is shown in place of a secret. */
    public static final String MASK = "***";

    /* Shorter ones would mask half of every message, and protect nothing. */
    private static final int SHORTEST = 3;

    /* Many an API wants its key there. */
    private static final Pattern QUERY = Pattern.compile("(?i)(https?://[^?]*\\?).+");

    private final List<String> values = new ArrayList<>();

    /** Returns a value as it may be shown: of a URL, its query is not. */
    static Object withoutQuery(Object value) {
        return value instanceof String text ? QUERY.matcher(text).replaceFirst("$1" + MASK) : value;
    }

    /** Whether it is a URL as it is shown, and so not as it was given. */
    static boolean isWithoutQuery(String value) {
        return value.endsWith("?" + MASK) && QUERY.matcher(value).matches();
    }

    void add(String value) {
        if (value.length() >= SHORTEST) {
            values.add(value);
            values.sort(Comparator.comparingInt(String::length).reversed());
        }
    }

    /** Returns the text with every secret replaced. */
    public String removedFrom(String text) {
        String safe = text;
        for (String value : values) {
            safe = safe.replace(value, MASK);
        }
        return safe;
    }
}
