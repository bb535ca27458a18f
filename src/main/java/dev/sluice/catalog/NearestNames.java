package dev.sluice.catalog;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** Finds what a misspelled name may have meant. */
public final class NearestNames {

    private static final int MOST = 3;

    private record Candidate(String name, int distance) {}

    private NearestNames() {}

    /** Returns the known names closest to {@code name}, closest first, at most three. */
    public static List<String> of(String name, Collection<String> known) {
        String wanted = name.toLowerCase(Locale.ROOT);
        // Of 100,000 partitions each is measured once, not at each comparison.
        return known.stream()
                .map(candidate -> new Candidate(candidate, distance(wanted, candidate.toLowerCase(Locale.ROOT))))
                .sorted(Comparator.comparingInt(Candidate::distance).thenComparing(Candidate::name))
                .limit(MOST)
                .map(Candidate::name)
                .toList();
    }

    /** Returns " (did you mean …?)", or nothing where no known name is close. */
    public static String hint(String name, Collection<String> known) {
        String wanted = name.toLowerCase(Locale.ROOT);
        List<String> nearest = of(name, known).stream()
                .filter(candidate -> distance(wanted, candidate.toLowerCase(Locale.ROOT)) <= name.length() / 2)
                .toList();
        return nearest.isEmpty() ? "" : " (did you mean " + String.join(" or ", nearest) + "?)";
    }

    /* Levenshtein; names longer than that are not misspellings of ours. */
    private static int distance(String a, String b) {
        if (Math.abs(a.length() - b.length()) > 64 || a.length() > 256) {
            return Integer.MAX_VALUE;
        }
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.length()];
    }
}
