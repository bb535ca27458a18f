package dev.sluice.access;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What may be done with some sinks.
 *
 * @param sinks the id of one, the beginning of several ids with a {@code *} behind it, or {@code *} for all
 * @param verbs not empty
 */
public record Grant(String sinks, Set<Verb> verbs) {

    static final String ALL_SINKS = "*";

    private static final Pattern PATTERN = Pattern.compile("[A-Za-z0-9_-]*\\*?");

    /** All of it. */
    public static final Grant EVERYTHING = new Grant(ALL_SINKS, EnumSet.allOf(Verb.class));

    /** Whether this can be said of sinks. */
    public static boolean canBeSaid(String sinks) {
        return !sinks.isEmpty() && PATTERN.matcher(sinks).matches();
    }

    boolean covers(String sink) {
        int prefix = sinks.length() - 1;
        return sinks.charAt(prefix) == '*' ? sink.regionMatches(0, sinks, 0, prefix) : sink.equals(sinks);
    }

    boolean coversAll() {
        return sinks.equals(ALL_SINKS);
    }

    boolean allowsAny(List<Verb> wanted) {
        return wanted.stream().anyMatch(verbs::contains);
    }
}
