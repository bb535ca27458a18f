package dev.sluice.supply;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;

/** Vulnerabilities that do not stop the build, each for a reason and until a day. */
final class Tolerated {

    private static final Path FILE = Path.of("src/supply/tolerated.txt");

    private record Line(String id, String coordinates, LocalDate until) {}

    private final List<Line> lines;

    private Tolerated(List<Line> lines) {
        this.lines = lines;
    }

    static Tolerated read() throws IOException {
        return of(Files.readAllLines(FILE));
    }

    /** Of lines {@code <id> <group>:<name> <until, as in 2027-01-31> <reason>}; {@code #} begins a comment. */
    static Tolerated of(List<String> text) {
        List<Line> lines = new ArrayList<>();
        for (String line : Lines.of(text)) {
            String[] words = line.split("\\s+", 4);
            if (words.length < 4) {
                throw new IllegalArgumentException(
                        "expected an id, <group>:<name>, the last day and a reason, with blanks between them: " + line);
            }
            lines.add(new Line(words[0], words[1], day(words[2], line)));
        }
        return new Tolerated(lines);
    }

    private static LocalDate day(String text, String line) {
        try {
            return LocalDate.parse(text);
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException("expected a day as in 2027-01-31: " + line, e);
        }
    }

    boolean holds(Finding finding, LocalDate today) {
        return lines.stream()
                .filter(line ->
                        line.id().equals(finding.id()) || finding.aliases().contains(line.id()))
                .filter(line -> finding.purl()
                        .startsWith("pkg:maven/" + line.coordinates().replace(':', '/') + "@"))
                .anyMatch(line -> !today.isAfter(line.until()));
    }
}
