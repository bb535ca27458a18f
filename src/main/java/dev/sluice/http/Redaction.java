package dev.sluice.http;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Makes what comes from a target fit to be shown: some of them repeat in their answer what they were sent.
 *
 * @param headerValues those that were sent
 * @param query the query that was sent
 */
record Redaction(Collection<String> headerValues, String query) {

    /* "1" or "yes" are no secrets, and would tear every text to pieces. */
    private static final int SHORTEST = 4;
    private static final int MOST_SHOWN = 200;
    private static final Pattern INVISIBLE = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]+");

    /* The longest first, for one may be a part of another. */
    private List<String> secrets() {
        List<String> secrets = new ArrayList<>();
        for (String value : headerValues) {
            secrets.add(value);
            // "Bearer x": x is enough to do harm
            secrets.addAll(List.of(value.split("\\s+")));
        }
        secrets.add(query);
        secrets.addAll(List.of(query.split("[&=]")));
        return secrets.stream()
                .filter(secret -> secret.length() >= SHORTEST)
                .sorted(Comparator.comparingInt(String::length).reversed())
                .toList();
    }

    /** Returns the beginning of a text, without secrets and without characters that a terminal might obey. */
    String show(String text) {
        String shown = text;
        for (String secret : secrets()) {
            shown = shown.replace(secret, "***");
        }
        shown = INVISIBLE.matcher(shown).replaceAll(" ").strip();
        return shown.codePointCount(0, shown.length()) <= MOST_SHOWN
                ? shown
                : shown.substring(0, shown.offsetByCodePoints(0, MOST_SHOWN)) + "…";
    }

    @Override
    public String toString() {
        return "Redaction[" + headerValues.size() + " headers]";
    }
}
