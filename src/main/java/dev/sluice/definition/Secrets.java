package dev.sluice.definition;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The secret values of one definition, so that no message repeats them. */
public final class Secrets {

    /** What is shown in place of a secret. */
    public static final String MASK = "***";

    /* Shorter ones would mask half of every message, and protect nothing. */
    private static final int SHORTEST = 3;

    private final List<String> values = new ArrayList<>();

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
