package dev.sluice.supply;

import java.util.List;

/**
 * A known vulnerability of a library in the version that is in use.
 *
 * @param purl the library with its version
 * @param id as the database of vulnerabilities names it, {@code GHSA-…}
 * @param aliases its other names, {@code CVE-…}
 * @param severity in a word; {@code UNKNOWN} where nobody has said it
 * @param fixed versions in which it is fixed, of whatever branch
 * @param summary one line
 */
record Finding(String purl, String id, List<String> aliases, String severity, List<String> fixed, String summary) {

    private static final String NONE = "-";

    /** As a line of the record. */
    String line() {
        return String.join("\t", purl, id, joined(aliases), severity, joined(fixed), summary.replaceAll("\\s+", " "));
    }

    static Finding of(String line) {
        String[] parts = line.split("\t", 6);
        if (parts.length < 6) {
            throw new IllegalArgumentException("expected six columns with tabs between them: " + line);
        }
        return new Finding(parts[0], parts[1], list(parts[2]), parts[3], list(parts[4]), parts[5]);
    }

    private static String joined(List<String> parts) {
        return parts.isEmpty() ? NONE : String.join(",", parts);
    }

    private static List<String> list(String joined) {
        return joined.equals(NONE) ? List.of() : List.of(joined.split(",", -1));
    }

    String sentence() {
        return purl + " has " + id + (aliases.isEmpty() ? "" : " (" + joined(aliases) + ")") + ", " + severity + ": "
                + summary + "; fixed in " + (fixed.isEmpty() ? "no version" : joined(fixed));
    }
}
