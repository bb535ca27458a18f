package dev.sluice.supply;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * What was found when the database of vulnerabilities was asked last, and what it was asked about.
 *
 * @param when in UTC; {@code never} if it was not asked yet
 * @param purls libraries with their versions; of others nothing is known
 */
record Looked(String when, Set<String> purls, List<Finding> findings) {

    static final Path FILE = Path.of("src/supply/known-vulnerabilities.tsv");

    private static final String HEAD = """
            # Known vulnerabilities of what sluice.jar is built of. Written by src/supply/vulnerabilities --write.
            # asked: when. clean, and what is found, is of exactly these versions: of any other one nothing is known.
            """;

    static Looked read() throws IOException {
        return of(Files.readAllLines(FILE));
    }

    static Looked of(List<String> lines) {
        String when = "never";
        Set<String> purls = new TreeSet<>();
        List<Finding> findings = new ArrayList<>();
        for (String line : Lines.of(lines)) {
            String[] words = line.split("\t", 2);
            String rest = words.length < 2 ? "" : words[1];
            switch (words[0]) {
                case "asked" -> when = rest;
                case "clean" -> purls.add(rest);
                case "found" -> {
                    Finding finding = Finding.of(rest);
                    purls.add(finding.purl());
                    findings.add(finding);
                }
                default -> throw new IllegalArgumentException("expected asked, clean or found: " + line);
            }
        }
        return new Looked(when, purls, findings);
    }

    void write() throws IOException {
        Files.writeString(FILE, text());
    }

    String text() {
        StringBuilder text =
                new StringBuilder(HEAD).append("asked\t").append(when).append('\n');
        findings.stream()
                .map(Finding::line)
                .sorted()
                .forEach(line -> text.append("found\t").append(line).append('\n'));
        purls.stream()
                .filter(purl ->
                        findings.stream().noneMatch(finding -> finding.purl().equals(purl)))
                .sorted()
                .forEach(purl -> text.append("clean\t").append(purl).append('\n'));
        return text.toString();
    }
}
